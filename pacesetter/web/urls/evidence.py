"""Addresses of what stands beside a record: observations, needs reports, files, recordings."""

from django.urls import path

from pacesetter.web.views.day import files, observation, recordings, report

urlpatterns = [
    path("observations/", observation.observations, name="observations"),
    path("activities/<int:pk>/observation/", observation.observation, name="observation"),
    path("activities/<int:pk>/report/", report.report_edit, name="report_edit"),
    path("reports/", report.reports, name="reports"),
    path("reports/new/", report.report_new, name="report_new"),
    path("reports/<int:pk>/", report.report, name="report"),
    path("activities/<int:pk>/files/", files.add, name="activity_files"),
    path("files/<uuid:key>/", files.give, name="file"),
    path("files/<uuid:key>/play/", files.play, name="file_play"),
    path("files/<uuid:key>/remove/", files.remove, name="file_remove"),
    path("activities/<int:pk>/recordings/", recordings.recordings, name="recordings"),
    path("activities/<int:pk>/recordings/begin/", recordings.begin, name="recording_begin"),
    path("recordings/<uuid:key>/part/", recordings.part, name="recording_part"),
    path("recordings/<uuid:key>/whole/", recordings.whole, name="recording_whole"),
    path("consents/<int:pk>/withdraw/", recordings.consent_withdraw, name="consent_withdraw"),
]
