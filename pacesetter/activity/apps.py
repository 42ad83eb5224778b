"""The activity room."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_kinds(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """The built-in kinds stand in every database, also in one that a test emptied."""
    from django.db import connections

    if using == "default" and "activity_activitykind" in connections[using].introspection.table_names():
        from .acts.words import ensure_kinds

        ensure_kinds()


class ActivityConfig(AppConfig):
    """What people did: visits, calls, proposals."""

    name = "pacesetter.activity"
    label = "activity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_kinds, sender=self, dispatch_uid="activity.kinds")
