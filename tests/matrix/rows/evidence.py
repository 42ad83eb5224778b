"""What stands beside a record: observations, needs reports, files, recordings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from pacesetter.activity.models import Activity, Attachment, Consent, NeedsReport
from pacesetter.people.models import Person
from tests.matrix.policy import EVERY, OWN, Row, everybody
from tests.matrix.rows.pipeline import BEFORE, FROZEN, RECORDS, SELLERS, customer_of, seat
from tests.world import AT, World

# the person themself, the heads above their team on that day, the director; an analyst counts but reads no words
NEAR = FROZEN
# a reader who is named (路人 here) reads what is addressed to them, whoever wrote it
MINE = dict.fromkeys(("rep", "manager", "director"), OWN)


def visit(world: World, who: Person) -> Mapping[str, Any]:
    row = Activity.objects.create(kind="visit", on=BEFORE, customer=customer_of(who), entered_at=AT, **seat(who))
    return {"pk": row.pk}


def analysed(who: Person) -> Activity:
    return Activity.objects.create(kind="needs_report", on=BEFORE, customer=customer_of(who), entered_at=AT,
                                   **seat(who))  # fmt: skip


def to_write(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": analysed(who).pk}


def report(world: World, who: Person) -> Mapping[str, Any]:
    row = NeedsReport.objects.create(activity=analysed(who), reader=world.stranger, sent_at=AT)
    return {"pk": row.pk}


def recorded(world: World, who: Person, kind: str) -> Attachment:
    """A file of somebody's visit, on the disk too."""
    row = Activity.objects.create(kind="visit", on=BEFORE, customer=customer_of(who), entered_at=AT, **seat(who))
    agreed = Consent.objects.create(
        customer=row.customer, who="王总", how="spoken", given_on=BEFORE, noted_by=who, at=AT
    )
    made = Attachment.objects.create(activity=row, uuid=uuid.uuid4(), kind=kind, name="a.png", size=3, received=3,
                                     by=who, state="whole", content_type="image/png", at=AT,
                                     consent=agreed if kind == "recording" else None)  # fmt: skip
    made.path.parent.mkdir(parents=True, exist_ok=True)
    made.path.write_bytes(b"abc")
    return made


def file(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": recorded(world, who, "photo").uuid}


def recording(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": recorded(world, who, "recording").uuid}


def consent(world: World, who: Person) -> Mapping[str, Any]:
    agreed = Consent.objects.create(customer=customer_of(who), who="王总", how="spoken", given_on=BEFORE, noted_by=who,
                                    at=AT)  # fmt: skip
    return {"pk": agreed.pk}


# a recording is opened by its author and the managers of its day; by the director only as somebody's manager
HEARD = {**FROZEN, "director": OWN}
ROWS = {
    "observations": Row(everybody()),
    "observation": Row({**NEAR, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin", "stranger"), OWN)},
                       visit),
    "report_edit": Row(MINE, to_write),
    "reports": Row(everybody()),
    "report_new": Row(SELLERS),
    "report": Row({**NEAR, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin"), OWN),
                   "stranger": EVERY}, report),
    "activity_files": Row(MINE, visit),
    "file": Row({**NEAR, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin", "stranger"), OWN)}, file),
    "file_play": Row({**HEARD, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin"), OWN),
                      "stranger": OWN}, recording),
    "file_remove": Row(MINE, file),
    "recordings": Row({**HEARD, "analyst": OWN}, visit),
    "recording_begin": Row(MINE, visit),
    "recording_part": Row(MINE, recording),
    "recording_whole": Row(MINE, recording),
    "consent_withdraw": Row(RECORDS, consent),
}  # fmt: skip
