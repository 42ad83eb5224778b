"""The people room, and what its database refuses by itself."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# Two absences of one person that stand never share a day.
_OVER = (
    "NEW.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM people_absence AS a WHERE a.person_id = NEW.person_id"
    ' AND a.withdrawn_at IS NULL AND a.id IS NOT NEW.id AND a.start < NEW."end" AND a."end" > NEW.start)'
)


def _sqlite(cursor: Any) -> None:
    for verb in ("INSERT", "UPDATE"):
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS people_absence_apart_{verb.lower()} BEFORE {verb} ON people_absence "
            f"WHEN {_OVER} BEGIN SELECT RAISE(ABORT, 'absences overlap'); END"
        )


def _postgresql(cursor: Any) -> None:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = 'people_absence_apart'")
    if cursor.fetchone() is None:
        cursor.execute(
            "ALTER TABLE people_absence ADD CONSTRAINT people_absence_apart EXCLUDE USING gist"
            " (int8range(person_id, person_id, '[]') WITH &&, daterange(start, \"end\") WITH &&)"
            " WHERE (withdrawn_at IS NULL)"
        )


def install_guards(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """After every migrate: a SQLite table rebuild drops triggers."""
    from django.db import connections

    connection = connections[using]
    if "people_absence" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor)


class PeopleConfig(AppConfig):
    """Who is there, in which team, with which rights."""

    name = "pacesetter.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_guards, sender=self, dispatch_uid="people.guards")
