"""Addresses of the day: the list, the log sheet, plans."""

from django.urls import path

from pacesetter.web.views import installed
from pacesetter.web.views.day import log, near, say, today

urlpatterns = [
    path("today/", today.today, name="my_day"),
    path("today/hints/<slug:key>/", today.hint, name="hint"),
    path("log/", log.log, name="log"),
    path("log/find/", log.find_customers, name="log_find"),
    path("log/known/", log.known, name="log_known"),
    path("log/near/", near.near, name="log_near"),
    path("log/say/", say.say, name="log_say"),
    path("log/token/", log.token, name="log_token"),
    path("log/<int:pk>/undo/", log.undo, name="log_undo"),
    path("plans/new/", today.plan_new, name="plan_new"),
    path("plans/<int:pk>/move/", today.plan_move, name="plan_move"),
    path("plans/<int:pk>/drop/", today.plan_drop, name="plan_drop"),
    path("plans/<int:pk>/undo/", today.plan_undo, name="plan_undo"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", installed.worker, name="service_worker"),
    path("offline/", installed.offline, name="offline"),
]
