"""Every page's address: one line for each room's views (`path("customers/", include("…"))` or plain paths)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
