"""Many hands on one goal, inside the installation: each thread is a client with a connection of its own."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, OperationalError, connection

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import (
    Adjustment,
    AdjustmentEvent,
    AdjustmentVoice,
    Goal,
    GoalVersion,
    MarketEvent,
)
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from tests.world import AT, TODAY, put_in_force

Q2 = periods.parse("2026Q2")
DIRECTOR, LEADER, VETERAN, ANALYST = "E001", "E002", "E006", "E012"
CLIENTS = 20


def person(number: str) -> Person:
    return Person.objects.get(employee_no=number)


def newly(*roles: str) -> Person:
    made = people.add_person(name="多面手", by=None, at=AT)
    for role in roles:
        people.grant_role(person=made, role=role, by=None, at=AT)
    return made


def at_once(*hands: Callable[[], Any]) -> dict[str, int]:
    """All hands at the same moment; how many were done, were refused with which code, or stopped by the database."""
    gate, found = threading.Barrier(len(hands)), ["lost"] * len(hands)

    def go(place: int) -> None:
        gate.wait(60)
        for _attempt in range(30):
            try:
                hands[place]()
                found[place] = "done"
            except Refusal as refusal:
                found[place] = refusal.code
            except OperationalError:
                continue  # the turn did not come in time; whoever is told so tries again
            except DatabaseError:
                found[place] = "database"
            finally:
                connection.close()
            return

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(hands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return dict(Counter(found))


def goal_of(owner: Person, *, lock: bool = True) -> Goal:
    """A fresh goal in force, apart from all others by its scope."""
    apart = uuid.uuid4().hex[:12]
    acts.draft_goals([Draft("won_amount", "person", Q2, 100_00, person=owner.pk, customer_region=apart)],
                     origin="hand", by=None, at=AT)  # fmt: skip
    goal = Goal.objects.get(customer_region=apart)
    put_in_force([goal.pk])
    if lock:
        acts.lock_goals([goal.pk], by=None, at=AT)
    return goal


def asked(owner: Person, *, assessed: bool = True) -> Adjustment:
    """An application of the owner's, perhaps with the analyst's voice."""
    event = MarketEvent.objects.first() or acts.add_event(
        kind="policy", title="新规", on=TODAY, by=person(DIRECTOR), at=AT
    )
    made = acts.request_adjustment(goal=goal_of(owner).pk, event=event.pk, reason="新规", target=90_00,
                                   valid_from=Q2.start, by=owner, at=AT)  # fmt: skip
    if assessed:
        speak(made, "analyst", person(ANALYST))()
    return made


def speak(row: Adjustment, seat: str, by: Person) -> Callable[[], Any]:
    return lambda: acts.give_voice(adjustment=row.pk, seat=seat, yes=True, sentence="看过数据", by=by, at=AT)


def stands(row: Adjustment) -> dict[str, Any]:
    """What became of an application."""
    return {
        "ends": sorted(AdjustmentEvent.objects.filter(adjustment=row, ends=True).values_list("kind", flat=True)),
        "versions": GoalVersion.objects.filter(goal_id=row.goal_id).count(),
        "seats": sorted(AdjustmentVoice.objects.filter(adjustment=row).values_list("seat", flat=True)),
        "target": reads.book([row.goal])[row.goal_id].in_force.row.target,
    }


def editors() -> dict[str, Any]:
    """Two managers, ten tabs each, who all saw version 1."""
    goal = goal_of(person(VETERAN), lock=False)

    def edit(by: Person, target: int) -> Callable[[], Any]:
        draft = Draft("won_amount", "person", Q2, target, person=goal.person_id, customer_region=goal.customer_region,
                      seen=1)  # fmt: skip
        return lambda: acts.draft_goals([draft], origin="hand", by=by, at=AT)

    both = [person(LEADER), person(DIRECTOR)]
    told = at_once(*[edit(both[place % 2], 90_00 + place) for place in range(CLIENTS)])
    return {"told": told, "versions": GoalVersion.objects.filter(goal=goal).count()}


def double_approval() -> dict[str, Any]:
    """Two directors, ten tabs each."""
    row, both = asked(person(VETERAN)), [person(DIRECTOR), newly("director")]
    told = at_once(*[speak(row, "director", both[place % 2]) for place in range(CLIENTS)])
    return {"told": told, **stands(row)}


def approve_and_withdraw() -> dict[str, Any]:
    """The director says yes while the applicant takes it back."""
    owner, director = person(VETERAN), person(DIRECTOR)
    row = asked(owner)

    def withdraw() -> Any:
        return acts.withdraw_adjustment(adjustment=row.pk, by=owner, at=AT)

    hands = [withdraw if place % 2 else speak(row, "director", director) for place in range(CLIENTS)]
    return {"told": at_once(*hands), **stands(row)}


def own_through_a_second_role() -> dict[str, Any]:
    """A rep who is also director, on the own application, from twenty tabs."""
    owner = newly("rep", "director")
    row = asked(owner)
    told = at_once(*[speak(row, "director", owner) for _client in range(CLIENTS)])
    return {"told": told, **stands(row)}


def two_seats() -> dict[str, Any]:
    """Somebody who is analyst and director, on another's application: both seats at once."""
    both, row = newly("analyst", "director"), asked(person(VETERAN), assessed=False)
    told = at_once(*[speak(row, ("analyst", "director")[place % 2], both) for place in range(CLIENTS)])
    # whoever was refused a moment ago tries again now that the analyst's seat has spoken
    again = at_once(speak(row, "director", both))
    return {"told": told, "again": again, **stands(row)}


def forget_constraints() -> None:
    """The control: what the database itself would refuse, it lets through."""
    if connection.vendor == "sqlite":
        drop_triggers()
    for model in (AdjustmentVoice, AdjustmentEvent):
        # SQLite makes the table anew from what the model says
        constraints, model._meta.constraints = list(model._meta.constraints), []
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.remove_constraint(model, constraint)


TABLES = ("goalversion", "goalpart", "goalevent", "goaloutcome", "commitment", "adjustmentvoice", "adjustmentevent",
          "adjustment", "goal")  # fmt: skip
EDITS = {"goalversion": "target = 1", "goalpart": "target = 1", "goalevent": "reason = 'x'",
         "goaloutcome": "verdict = 'achieved'", "commitment": "value = 1", "adjustmentvoice": "sentence = 'x'",
         "adjustmentevent": "reason = 'x'", "adjustment": "target = 1", "goal": "metric = 'deals_won'"}  # fmt: skip


def one_of_each() -> None:
    """A row in every table."""
    parts = [acts.Part(period, share) for period, share in zip(periods.between(Q2.start, Q2.end, "month"),
                                                                (1, 2, 3), strict=True)]  # fmt: skip
    january = periods.parse("2026-01")
    owner = person(VETERAN)
    acts.draft_goals([Draft("deals_won", "person", Q2, 6, person=owner.pk, parts=parts),
                      Draft("deals_won", "person", january, 6, person=owner.pk)], origin="hand", by=None, at=AT,
                     history=True)  # fmt: skip
    goals = {goal.label: goal for goal in Goal.objects.filter(metric="deals_won")}
    put_in_force([goal.pk for goal in goals.values()])
    acts.end_goals({goals["2026-01"].pk: (7, None, 7)}, at=AT)
    acts.commit_value(goal=goals["2026Q2"].pk, value=5, comment="两家推迟", by=owner, at=AT)
    asked(owner)


def tried(sql: str, params: tuple[Any, ...] = ()) -> str:
    """What the database answers to a statement, taken back afterwards."""
    from django.db import transaction

    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                count = cursor.rowcount
            transaction.set_rollback(True)
        return f"{count} rows"
    except DatabaseError as error:
        return str(error)


def by_orm() -> list[str]:
    """The same through the models: update, delete, raw delete, bulk."""
    from django.db import transaction

    said = []
    version = GoalVersion.objects.latest("pk")
    version.target = 1
    for way in (
        lambda: GoalVersion.objects.update(target=1),
        lambda: GoalVersion.objects.bulk_update([version], ["target"]),
        lambda: version.save(),
        lambda: Adjustment.objects.all()._raw_delete("default"),
        lambda: Goal.objects.all()._raw_delete("default"),
    ):
        try:
            with transaction.atomic():
                way()
                transaction.set_rollback(True)
            said.append("done")
        except DatabaseError as error:
            said.append(str(error))
    return said


def version_on_a_locked_goal() -> str:
    """One more version of a locked goal, past every act."""
    goal = goal_of(person(VETERAN))
    names = "floor, target, weight, buffer, valid_from, origin, hand_set, basis_figures, elastic, pace_basis, note, " \
            "by_name, at, goal_id, present"  # fmt: skip
    return tried(f"INSERT INTO goals_goalversion ({names}, number) SELECT {names}, 9 FROM goals_goalversion "
                 f"WHERE goal_id = %s", (goal.pk,))  # fmt: skip


def draft_and_lock() -> tuple[Goal, int, int]:
    """A locked goal, its version, and the id of a draft from before the lock."""
    goal = goal_of(person(VETERAN), lock=False)
    acts.draft_goals([Draft("won_amount", "person", Q2, 1_00, person=goal.person_id,
                            customer_region=goal.customer_region)], origin="hand", by=None, at=AT)  # fmt: skip
    acts.lock_goals([goal.pk], by=None, at=AT)
    first, second = goal.versions.order_by("number").values_list("pk", flat=True)
    return goal, first, second


def slips() -> dict[str, str]:
    """Rows slipped under a locked goal past every act: what the database answers to each."""
    goal, version, draft = draft_and_lock()
    applied = asked(person(VETERAN))
    event = "INSERT INTO goals_goalevent (version_id, kind, at, by_name, reason) VALUES (%s, %s, %s, '', '')"
    names = "floor, stretch, challenge, valid_from, weight, buffer, origin, hand_set, basis_figures, elastic, " \
            "pace_basis, note, by_name, at, goal_id, present"  # fmt: skip
    from_it = f"INSERT INTO goals_goalversion ({names}, number, target, adjustment_id) SELECT {names}, 9, %s, %s " \
              "FROM goals_goalversion WHERE id = %s"  # fmt: skip
    said = {kind: tried(event, (version, kind, AT)) for kind in ("withdrawn", "superseded", "achieved", "missed")}
    for kind in ("published", "locked", "submitted"):
        said[f"draft {kind}"] = tried(event, (draft, kind, AT))
    said["a month"] = tried("INSERT INTO goals_goalpart (version_id, label, start, \"end\", target, hand_set) "
                            "VALUES (%s, '2026-04', '2026-04-01', '2026-05-01', 3, %s)", (version, False))  # fmt: skip
    said["an outcome"] = tried("INSERT INTO goals_goaloutcome (goal_id, version_id, verdict, top, cases, at) "
                               "VALUES (%s, %s, 'achieved', 99, 1, %s)", (goal.pk, version, AT))  # fmt: skip
    said["a version not approved"] = tried(from_it, (90_00, applied.pk, applied.version_id))
    yes = "INSERT INTO goals_adjustmentevent (adjustment_id, kind, ends, at, by_name, reason, figures) " \
          "VALUES (%s, 'approved', %s, %s, '', '', '{}')"  # fmt: skip
    said["a yes of nobody"] = tried(yes, (applied.pk, True, AT))
    speak(applied, "director", person(DIRECTOR))()
    newest = GoalVersion.objects.filter(goal=applied.goal_id).latest("number").pk
    said["another number than approved"] = tried(from_it, (1, applied.pk, newest))
    return said


def lawful() -> list[Any]:
    """What may still happen to a locked goal: its signature, an older draft goes, an approved version, its end."""
    owner = person(VETERAN)
    goal, version, _draft = draft_and_lock()
    acts.accept_goal(goal=goal.pk, version=version, by=owner, at=AT)
    acts.withdraw_goals([goal.pk], by=None, at=AT)
    row = acts.request_adjustment(goal=goal.pk, event=MarketEvent.objects.first().pk, reason="新规", target=90_00,
                                  valid_from=Q2.start, by=owner, at=AT)  # fmt: skip
    speak(row, "analyst", person(ANALYST))()
    speak(row, "director", person(DIRECTOR))()
    acts.end_goals({goal.pk: (90_00, None, 3)}, at=AT.replace(month=7))
    view = reads.book([goal])[goal.pk]
    return [
        view.in_force.row.target,
        view.status,
        view.outcome.verdict,
        [e.kind for v in view.versions for e in v.events],
    ]


# one column of each table, told anew
ANEW = {**{f"goals_{name}": edit for name, edit in EDITS.items()}, "journal_entry": "reason = 'x'",
        "journal_rowchange": "entity = 'x'"}  # fmt: skip


def rewritten(table: str, path: str = "") -> str:
    """A row put again under its own id with another value: REPLACE on SQLite, an upsert on PostgreSQL.

    `path`: ask through a connection of nobody's making, without what the settings say to it.
    """
    column, value = ANEW[table].split(" = ")
    with connection.cursor() as cursor:
        names = [found.name for found in connection.introspection.get_table_description(cursor, table)]
    to, taken = (", ".join(f'"{name}"' for name in names),
                 ", ".join(value if name == column else f'"{name}"' for name in names))  # fmt: skip
    first = f"{taken} FROM {table} WHERE id = (SELECT MAX(id) FROM {table})"
    if connection.vendor == "postgresql":
        return tried(f"INSERT INTO {table} ({to}) SELECT {first} ON CONFLICT (id) DO UPDATE SET {column} = {value}")
    sql = f"INSERT OR REPLACE INTO {table} ({to}) SELECT {first}"
    if not path:
        return tried(sql)
    stranger = sqlite3.connect(path)
    try:
        return f"{stranger.execute(sql).rowcount} rows"
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        stranger.rollback()
        stranger.close()


def drop_triggers() -> None:
    """The control: the goals room as it would be without them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND (tbl_name LIKE 'goals_%%' "
                           "OR tbl_name LIKE 'journal_%%')")  # fmt: skip
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            return
        cursor.execute("SELECT DISTINCT event_object_table, trigger_name FROM information_schema.triggers "
                       "WHERE event_object_table LIKE 'goals_%%' OR event_object_table LIKE 'journal_%%'")  # fmt: skip
        for table, name in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
