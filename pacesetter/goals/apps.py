"""The goals room, and what the database itself refuses: a goal is never changed, only followed by another version."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# Rows that are written once. Everything that happens to a goal is a further row.
APPEND_ONLY = (
    "goals_goalversion",
    "goals_goalpart",
    "goals_goalevent",
    "goals_goaloutcome",
    "goals_commitment",
    "goals_adjustmentvoice",
    "goals_adjustmentevent",
    "goals_goalsuggestion",
    "goals_suggestionanswer",
)
# A goal's identity: which number, whose, when, of what.
IDENTITY = (
    "metric", "basis", "owner_kind", "team_id", "period_kind", "label", "start", "end", "per", "customer_region",
    "industry", "product_id", "customer_kind",
)  # fmt: skip
# What was applied for. Who asked may be merged with another record of the same person; nothing else moves.
ASKED = (
    "goal_id", "version_id", "event_id", "reason", "floor", "target", "stretch", "challenge", "valid_from", "evidence",
    "asked_at", "due_on", "check_on",
)  # fmt: skip
# Whose goal it is follows only a merge of two records of one person, and its undoing.
_MERGED = (
    "EXISTS (SELECT 1 FROM people_person AS p WHERE (p.id = OLD.person_id AND p.merged_into_id = NEW.person_id)"
    " OR (p.id = NEW.person_id AND p.merged_into_id = OLD.person_id))"
)
# The newest published version is locked and no outcome is frozen yet: only a decided application adds a version.
_LOCKED = (
    "EXISTS (SELECT 1 FROM goals_goalevent AS e JOIN goals_goalversion AS v ON v.id = e.version_id"
    " WHERE v.goal_id = NEW.goal_id AND e.kind = 'locked') AND NEW.adjustment_id IS NULL"
)
_ENDED = "EXISTS (SELECT 1 FROM goals_goaloutcome AS o WHERE o.goal_id = NEW.goal_id)"


def _sqlite(cursor: Any) -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'goals are never overwritten'); END"
            )
    changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in IDENTITY)
    moved = f"OLD.person_id IS NOT NEW.person_id AND NOT {_MERGED}"
    reworded = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in ASKED)
    for name, verb, table, when, says in (
        ("identity", "UPDATE", "goals_goal", f"{changed} OR ({moved})", "goals are never overwritten"),
        ("delete", "DELETE", "goals_goal", "1", "goals are never overwritten"),
        ("reworded", "UPDATE", "goals_adjustment", reworded, "goals are never overwritten"),
        ("delete", "DELETE", "goals_adjustment", "1", "goals are never overwritten"),
        ("locked", "INSERT", "goals_goalversion", _LOCKED, "the goal is locked"),
        ("ended", "INSERT", "goals_goalversion", _ENDED, "the goal has ended"),
    ):
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_{name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )


def _postgresql(cursor: Any) -> None:
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in IDENTITY)
    moved = f"OLD.person_id IS DISTINCT FROM NEW.person_id AND NOT {_MERGED}"
    reworded = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in ASKED)
    for function, body in (
        ("goals_append_only", "RAISE EXCEPTION 'goals are never overwritten';"),
        (
            "goals_identity",
            f"IF {changed} OR ({moved}) THEN RAISE EXCEPTION 'goals are never overwritten'; END IF; RETURN NEW;",
        ),
        (
            "goals_asked",
            f"IF {reworded} THEN RAISE EXCEPTION 'goals are never overwritten'; END IF; RETURN NEW;",
        ),
        (
            "goals_no_version",
            f"IF {_LOCKED} THEN RAISE EXCEPTION 'the goal is locked'; END IF;"
            f" IF {_ENDED} THEN RAISE EXCEPTION 'the goal has ended'; END IF; RETURN NEW;",
        ),
    ):
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        )
    for table in APPEND_ONLY:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION goals_append_only()"
        )
    for name, verb, table, function in (
        ("identity", "UPDATE", "goals_goal", "goals_identity"),
        ("undeletable", "DELETE", "goals_goal", "goals_append_only"),
        ("reworded", "UPDATE", "goals_adjustment", "goals_asked"),
        ("undeletable", "DELETE", "goals_adjustment", "goals_append_only"),
        ("locked", "INSERT", "goals_goalversion", "goals_no_version"),
    ):
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def install_triggers(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """Refuse in the database what no road may do. After every migrate: a SQLite table rebuild drops triggers."""
    from django.db import connections

    connection = connections[using]
    if "goals_suggestionanswer" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor)


class GoalsConfig(AppConfig):
    """Goals from the company's number to today's action."""

    name = "pacesetter.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="goals.triggers")
