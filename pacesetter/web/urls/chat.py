"""Addresses of the door to chat systems; each answers 404 until one is connected."""

from django.urls import URLPattern, path

from ..views import chat, chat_entry

urlpatterns: list[URLPattern] = [
    path("chat/<slug:name>/enter/", chat_entry.enter, name="chat_enter"),
    path("chat/<slug:name>/back/", chat_entry.back, name="chat_back"),
    path("manage/chat/", chat.chat, name="chat"),
    path("manage/chat/master/", chat.master, name="chat_master"),
    path("manage/chat/<slug:name>/try/", chat.attempt, name="chat_try"),
    path("manage/chat/runs/<int:pk>/", chat.run, name="chat_run"),
    path("manage/chat/runs/<int:pk>/apply/", chat.apply, name="chat_apply"),
]
