"""Every page's address: one file per area, one line here for each."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("pacesetter.web.urls.accounts")),
    path("", include("pacesetter.web.urls.day")),
    path("", include("pacesetter.web.urls.evidence")),
    path("", include("pacesetter.web.urls.people")),
    path("", include("pacesetter.web.urls.insights")),
    path("", include("pacesetter.web.urls.pipeline")),
    path("", include("pacesetter.web.urls.goals")),
    path("", include("pacesetter.web.urls.goals_adjusting")),
    path("", include("pacesetter.web.urls.imports")),
    path("", include("pacesetter.web.urls.chat")),
]
