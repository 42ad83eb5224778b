"""Where each door hangs. A door is listed only when it has pages, so rooms can be built one after the other."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
if find_spec("pacesetter.api.urls"):
    urlpatterns.append(path("api/", include("pacesetter.api.urls")))
if find_spec("pacesetter.web.urls"):
    urlpatterns.append(path("", include("pacesetter.web.urls")))
    handler403 = "pacesetter.web.views.errors.forbidden"
    handler404 = "pacesetter.web.views.errors.not_found"
    handler500 = "pacesetter.web.views.errors.broken"
