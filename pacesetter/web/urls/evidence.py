"""Addresses of what stands beside a record: observations, needs reports."""

from django.urls import path

from pacesetter.web.views.day import observation, report

urlpatterns = [
    path("observations/", observation.observations, name="observations"),
    path("activities/<int:pk>/observation/", observation.observation, name="observation"),
    path("activities/<int:pk>/report/", report.report_edit, name="report_edit"),
    path("reports/", report.reports, name="reports"),
    path("reports/new/", report.report_new, name="report_new"),
    path("reports/<int:pk>/", report.report, name="report"),
]
