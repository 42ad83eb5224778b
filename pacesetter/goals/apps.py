"""The goals room, and what the database itself refuses: a goal is never changed, only followed by another version."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from pacesetter.journal.apps import put_trigger

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
    "metric", "basis", "layer", "owner_kind", "team_id", "period_kind", "label", "start", "end", "per",
    "customer_region", "industry", "product_id", "customer_kind", "made_at",
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
# --- what may be added to a goal, by whatever road --------------------------------------------------------------------
_LOCKED = (
    "EXISTS (SELECT 1 FROM goals_goalevent AS e JOIN goals_goalversion AS v ON v.id = e.version_id"
    " WHERE v.goal_id = {goal} AND e.kind = 'locked')"
)
_ENDED = "EXISTS (SELECT 1 FROM goals_goaloutcome AS o WHERE o.goal_id = {goal})"
_MINE = "(SELECT w.goal_id FROM goals_goalversion AS w WHERE w.id = NEW.version_id)"
# The application a version comes from was approved, and this is what was applied for.
_APPROVED = (
    "EXISTS (SELECT 1 FROM goals_adjustment AS a JOIN goals_adjustmentevent AS e ON e.adjustment_id = a.id"
    " WHERE a.id = NEW.adjustment_id AND e.kind = 'approved' AND a.goal_id = NEW.goal_id"
    " AND a.valid_from = NEW.valid_from AND a.target = NEW.target"
    + "".join(f" AND COALESCE(a.{x}, -1) = COALESCE(NEW.{x}, -1)" for x in ("floor", "stretch", "challenge"))
    + ")"
)
_PUBLISHED = "EXISTS (SELECT 1 FROM goals_goalevent AS e WHERE e.version_id = NEW.version_id AND e.kind = 'published')"
_OVER = "EXISTS (SELECT 1 FROM goals_goalevent AS e WHERE e.version_id = NEW.version_id AND e.kind IN ({kinds}))"
_GONE, _PAST = "'withdrawn'", "'superseded'"
_ADJUSTED = "EXISTS (SELECT 1 FROM goals_goalversion AS v WHERE {which} AND v.adjustment_id IS NOT NULL)"
_NEWER = (
    "v.goal_id = (SELECT w.goal_id FROM goals_goalversion AS w WHERE w.id = NEW.version_id) AND v.id > NEW.version_id"
)
# What may still happen to a locked goal: its owner signs it, it ends, a draft goes, an approved version follows.
_LAWFUL = (
    "NEW.kind IN ('accepted', 'achieved', 'missed', 'expired')"
    f" OR (NEW.kind = 'withdrawn' AND NOT {_PUBLISHED})"
    f" OR (NEW.kind = 'superseded' AND {_ADJUSTED.format(which=_NEWER)})"
    f" OR (NEW.kind IN ('drafted', 'published', 'locked') AND {_ADJUSTED.format(which='v.id = NEW.version_id')})"
)
_DIRECTOR = (
    "EXISTS (SELECT 1 FROM goals_adjustmentvoice AS w WHERE w.adjustment_id = NEW.adjustment_id"
    " AND w.seat = 'director' AND w.yes)"
)
# The day after `at`, so that every time zone of a company has its own day by then.
_NEXT_DAY = {"sqlite": "date(NEW.at, '+1 day')", "postgresql": "NEW.at + interval '1 day'"}
_NEVER = "goals are never overwritten"


class Guard(NamedTuple):
    """What one trigger refuses: `verb` on `table` where `when` holds."""

    name: str
    verb: str
    table: str
    when: str
    says: str


def guards(vendor: str) -> Iterator[Guard]:
    """Everything the database refuses, beside UPDATE and DELETE of what is written once."""
    distinct = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}[vendor]
    day = _NEXT_DAY[vendor]

    def differs(names: tuple[str, ...]) -> str:
        return " OR ".join(f'OLD."{name}" {distinct} NEW."{name}"' for name in names)

    moved = f"OLD.person_id {distinct} NEW.person_id AND NOT {_MERGED}"
    yield Guard("identity", "UPDATE", "goals_goal", f"{differs(IDENTITY)} OR ({moved})", _NEVER)
    yield Guard("delete", "DELETE", "goals_goal", "1 = 1", _NEVER)
    yield Guard("reworded", "UPDATE", "goals_adjustment", differs(ASKED), _NEVER)
    yield Guard("delete", "DELETE", "goals_adjustment", "1 = 1", _NEVER)

    locked, ended = _LOCKED.format(goal="NEW.goal_id"), _ENDED.format(goal="NEW.goal_id")
    yield Guard(
        "locked", "INSERT", "goals_goalversion", f"NEW.adjustment_id IS NULL AND {locked}", "the goal is locked"
    )
    yield Guard("ended", "INSERT", "goals_goalversion", ended, "the goal has ended")
    yield Guard("unapproved", "INSERT", "goals_goalversion", f"NEW.adjustment_id IS NOT NULL AND NOT {_APPROVED}",
                "the application was not approved")  # fmt: skip
    yield Guard("undecided", "INSERT", "goals_adjustmentevent", f"NEW.kind = 'approved' AND NOT {_DIRECTOR}",
                "the director has not said yes")  # fmt: skip
    # the months of a version are written with it, before anything happens to it
    yield Guard("late", "INSERT", "goals_goalpart",
                "EXISTS (SELECT 1 FROM goals_goalevent AS e WHERE e.version_id = NEW.version_id)", _NEVER)  # fmt: skip

    mine = f"SELECT 1 FROM goals_goal AS g WHERE g.id = {_MINE}"
    yield Guard("ended", "INSERT", "goals_goalevent", _ENDED.format(goal=_MINE), "the goal has ended")
    yield Guard("locked", "INSERT", "goals_goalevent", f"{_LOCKED.format(goal=_MINE)} AND NOT ({_LAWFUL})",
                "the goal is locked")  # fmt: skip
    yield Guard("unpublished", "INSERT", "goals_goalevent",
                "NEW.kind IN ('accepted', 'locked', 'superseded', 'achieved', 'missed', 'expired')"
                f" AND NOT {_PUBLISHED}", "the version is not in force")  # fmt: skip
    yield Guard("over", "INSERT", "goals_goalevent",
                f"{_OVER.format(kinds=_GONE)} OR (NEW.kind <> 'withdrawn' AND {_OVER.format(kinds=_PAST)})",
                "the version is no more")  # fmt: skip
    yield Guard("early", "INSERT", "goals_goalevent",
                f"NEW.kind IN ('achieved', 'missed', 'expired') AND NOT EXISTS ({mine} AND {day} >= g.\"end\")",
                "the goal's time is not over")  # fmt: skip
    yield Guard("early", "INSERT", "goals_goaloutcome",
                f"NOT EXISTS ({mine} AND g.id = NEW.goal_id AND {day} >= g.\"end\") OR NOT"
                f" {_OVER.format(kinds='NEW.verdict')}", "the goal's time is not over")  # fmt: skip


# SQLite's INSERT OR REPLACE takes a row away without asking the triggers of DELETE: what a new row may not displace.
TAKEN = {
    **dict.fromkeys((*APPEND_ONLY, "goals_goal", "goals_adjustment"), ""),
    "goals_goalversion": "t.goal_id = NEW.goal_id AND t.number = NEW.number",
    "goals_goalpart": "t.version_id = NEW.version_id AND t.start = NEW.start",
    "goals_goalevent": (
        "t.version_id = NEW.version_id AND t.kind = NEW.kind AND t.kind NOT IN ('submitted', 'returned')"
    ),
    "goals_goaloutcome": "t.goal_id = NEW.goal_id",
    "goals_suggestionanswer": "t.suggestion_id = NEW.suggestion_id",
}


def _sqlite(cursor: Any) -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            put_trigger(cursor, f"{table}_{verb.lower()}", verb, table, _NEVER)
    for table, key in TAKEN.items():
        found = [f"EXISTS (SELECT 1 FROM {table} AS t WHERE {one})" for one in ("t.id = NEW.id", key) if one]
        put_trigger(cursor, f"{table}_taken", "INSERT", table, _NEVER, " OR ".join(found))
    for guard in guards("sqlite"):
        put_trigger(cursor, f"{guard.table}_{guard.name}", guard.verb, guard.table, guard.says, guard.when)


def _postgresql(cursor: Any) -> None:
    def put(name: str, verbs: str, table: str, function: str, each: str = "ROW") -> None:
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verbs} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        )

    def define(function: str, body: str) -> None:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        )

    define("goals_append_only", f"RAISE EXCEPTION '{_NEVER}';")
    for table in APPEND_ONLY:
        put("append_only", " OR ".join(("UPDATE", "DELETE")), table, "goals_append_only")
    for table in (*APPEND_ONLY, "goals_goal", "goals_adjustment"):
        put("not_emptied", "TRUNCATE", table, "goals_append_only", "STATEMENT")
    for guard in guards("postgresql"):
        says = guard.says.replace("'", "''")
        function, row = f"{guard.table}_{guard.name}_guard", "OLD" if guard.verb == "DELETE" else "NEW"
        define(function, f"IF {guard.when} THEN RAISE EXCEPTION '{says}'; END IF; RETURN {row};")
        put(guard.name, guard.verb, guard.table, function)


def install_triggers(sender: object, using: str = "default", **_kwargs: Any) -> None:
    """Refuse in the database what no road may do. After every migrate: a SQLite table rebuild drops triggers."""
    from django.db import connections

    connection = connections[using]
    if "goals_suggestionanswer" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor)


def lift_triggers(sender: object, using: str = "default", plan: Any = (), **_kwargs: Any) -> None:
    """Before a migration on SQLite: it makes tables anew, which triggers of other tables that name them would stop.

    They stand again after it, and after the next start where it was cut off.
    """
    from django.db import connections

    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'goals!_%' ESCAPE '!'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


class GoalsConfig(AppConfig):
    """Goals from the company's number to today's action."""

    name = "pacesetter.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(lift_triggers, sender=self, dispatch_uid="goals.triggers")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="goals.triggers")
