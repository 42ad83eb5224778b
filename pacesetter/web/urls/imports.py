"""Addresses of the import pages."""

from django.urls import URLPattern, URLResolver, path

from ..views import imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/imports/", imports.batches, name="imports"),
    path("manage/imports/new/", imports.upload, name="import_new"),
    path("manage/imports/template/<slug:entity>.<slug:kind>", imports.template, name="import_template"),
    path("manage/imports/<uuid:mark>/", imports.batch, name="import_batch"),
    path("manage/imports/<uuid:mark>/map/", imports.mapping, name="import_map"),
    path("manage/imports/<uuid:mark>/check/", imports.check, name="import_check"),
    path("manage/imports/<uuid:mark>/progress/", imports.progress, name="import_progress"),
    path("manage/imports/<uuid:mark>/start/", imports.start, name="import_start"),
    path("manage/imports/<uuid:mark>/cancel/", imports.cancel, name="import_cancel"),
    path("manage/imports/<uuid:mark>/undo/", imports.undo, name="import_undo"),
    path("manage/imports/<uuid:mark>/errors.<slug:kind>", imports.errors, name="import_errors"),
]
