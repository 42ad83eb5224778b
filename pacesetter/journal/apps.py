"""The journal room."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

APPEND_ONLY = ("journal_entry", "journal_rowchange")


def install_triggers(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """Refuse UPDATE and DELETE in the database itself. After every migrate: a SQLite table rebuild drops triggers."""
    from django.db import connections

    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            if table not in tables:
                continue
            if connection.vendor == "sqlite":
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
                    )
            elif connection.vendor == "postgresql":
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
                )
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
                cursor.execute(
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION journal_append_only()"
                )


class JournalConfig(AppConfig):
    """Append-only "who did what"."""

    name = "pacesetter.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="journal.triggers")
