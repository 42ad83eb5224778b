"""Signing in: allauth's pages that this product uses. What it does not use (sign-up, mail) answers 404."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView


@login_not_required
def closed(request: HttpRequest, *_parts: str) -> HttpResponse:
    """People come in by invitation; there is nothing to sign up for and no mail to confirm."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    re_path(
        r"^(?:signup|inactive|email|confirm-email|password/set|password/reset|login/code)(?:/.*)?$",
        closed,
        name="account_closed",
    ),
    path("password/change/", RedirectView.as_view(pattern_name="me_password"), name="password_change_moved"),
    path("", include("allauth.urls")),
]
