"""The journal room."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

APPEND_ONLY = ("journal_entry", "journal_rowchange")
SAYS = "the journal is append-only"
POSTGRESQL = (("append_only", ("UPDATE", "DELETE"), "ROW"), ("not_emptied", ("TRUNCATE",), "STATEMENT"))


def put_trigger(cursor: Any, name: str, verb: str, table: str, says: str, when: str = "1") -> None:
    """Let SQLite refuse `verb` on `table` where `when` holds; a trigger of that name that says something else goes."""
    says = says.replace("'", "''")
    wanted = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{says}'); END"
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
    found = cursor.fetchone()
    if found is None or found[0] != wanted:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(wanted)


def install_triggers(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """Refuse to change a line in the database itself. After every migrate: a SQLite table rebuild drops triggers."""
    from django.db import connections

    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            if table not in tables:
                continue
            if connection.vendor == "sqlite":
                for verb in ("UPDATE", "DELETE"):
                    put_trigger(cursor, f"{table}_{verb.lower()}", verb, table, SAYS)
                # INSERT OR REPLACE takes a row away without asking the trigger of DELETE
                taken = f"EXISTS (SELECT 1 FROM {table} AS t WHERE t.id = NEW.id)"
                put_trigger(cursor, f"{table}_taken", "INSERT", table, SAYS, taken)
            elif connection.vendor == "postgresql":
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
                )
                for name, verbs, each in POSTGRESQL:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
                    cursor.execute(
                        f"CREATE TRIGGER {table}_{name} BEFORE {' OR '.join(verbs)} ON {table} "
                        f"FOR EACH {each} EXECUTE FUNCTION journal_append_only()"
                    )


class JournalConfig(AppConfig):
    """Append-only "who did what"."""

    name = "pacesetter.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="journal.triggers")
