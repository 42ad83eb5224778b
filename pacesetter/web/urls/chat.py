"""Addresses of the door to chat systems; each answers 404 until one is connected."""

from django.urls import URLPattern, path

from ..views import chat_entry

urlpatterns: list[URLPattern] = [
    path("chat/<slug:name>/enter/", chat_entry.enter, name="chat_enter"),
    path("chat/<slug:name>/back/", chat_entry.back, name="chat_back"),
]
