"""Where each door hangs."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    # The language can be chosen before signing in.
    path("language/", login_not_required(set_language), name="set_language"),
]
if find_spec("pacesetter.api.urls"):
    urlpatterns.append(path("api/", include("pacesetter.api.urls")))
urlpatterns.append(path("", include("pacesetter.web.urls")))

handler403 = "pacesetter.web.views.errors.forbidden"
handler404 = "pacesetter.web.views.errors.not_found"
handler500 = "pacesetter.web.views.errors.broken"
