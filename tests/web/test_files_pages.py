"""Files and recordings as pages: downloads only, no type but their own, and an upload that goes on where it broke."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity import acts
from pacesetter.activity.models import Activity, Attachment, Consent
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.lib.test_filetypes import wav
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
JSON = {"accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SOUND = wav(60) + bytes(range(256)) * 12
BYTES = "application/octet-stream"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def key() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def visit(world: World) -> Activity:
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.log_activity(person=world.veteran, kind="visit", customer=customer, by=world.veteran, at=AT)


def upload(client: Client, visit: Activity, content: bytes = PNG, name: str = "门头.png", **more: Any) -> Any:
    sent = {"key": key(), "kind": "photo", "file": SimpleUploadedFile(name, content), **more}
    return client.post(f"/activities/{visit.pk}/files/", sent, headers=JSON)


def test_a_file_is_given_out_as_a_download_of_its_own_type(world: World, visit: Activity):
    client = client_of(world.veteran)
    made = upload(client, visit, name="evil.html")
    assert made.status_code == 200
    answer = client.get(f"/files/{made.json()['file']}/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'attachment; filename="evil.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert f"/files/{made.json()['file']}/" in client.get(f"/activities/{visit.pk}/").content.decode()


def test_what_the_sheet_sends_again_is_there_once(world: World, visit: Activity):
    client, same = client_of(world.veteran), key()
    assert {upload(client, visit, key=same).json()["file"] for _again in range(3)} == {
        str(Attachment.objects.get().uuid)
    }


def test_a_page_in_disguise_is_refused(world: World, visit: Activity):
    answer = upload(client_of(world.veteran), visit, b"<html><script>", "photo.png")
    assert (answer.status_code, answer.json()["code"]) == (422, "type")
    assert not Attachment.objects.exists()


def test_it_is_removed_after_being_asked_once(world: World, visit: Activity):
    client = client_of(world.veteran)
    path = f"/files/{upload(client, visit).json()['file']}/"
    assert client.get(f"{path}remove/").status_code == 200
    assert client_of(world.leader).post(f"{path}remove/", {"key": key()}).status_code == 404
    assert client.post(f"{path}remove/", {"key": key()}).status_code == 302
    assert client.get(path).status_code == 404


@pytest.fixture
def consent(world: World, visit: Activity) -> Consent:
    sent = {"who": "王总", "how": "spoken", "given_on": "2026-03-16", "key": key()}
    assert client_of(world.veteran).post(f"/activities/{visit.pk}/recordings/", sent).status_code == 302
    return Consent.objects.get()


def announce(client: Client, visit: Activity, consent: Consent, sound: bytes = SOUND) -> Any:
    sent = {"name": "a.wav", "size": len(sound), "sha256": hashlib.sha256(sound).hexdigest(), "consent": consent.pk}
    return client.post(f"/activities/{visit.pk}/recordings/begin/", sent)


def part(client: Client, stands: dict[str, Any], offset: int, data: bytes) -> Any:
    return client.post(f"{stands['part']}?offset={offset}", data, content_type=BYTES)


def test_an_upload_broken_in_the_middle_goes_on_and_becomes_whole(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    stands = announce(client, visit, consent).json()
    assert part(client, stands, 0, SOUND[:1000]).json()["offset"] == 1000
    assert client.post(stands["whole"]).status_code == 409
    again = announce(client_of(world.veteran), visit, consent).json()
    assert (again["id"], again["offset"]) == (stands["id"], 1000)
    wrong = part(client, stands, 0, SOUND[:1000])
    assert (wrong.status_code, wrong.json()) == (409, {"offset": 1000})
    assert part(client, stands, 1000, SOUND[1000:]).json()["offset"] == len(SOUND)
    assert client.post(stands["whole"]).json()["state"] == "whole"
    assert b"".join(client.get(f"/files/{stands['id']}/").streaming_content) == SOUND


def test_each_opening_of_a_recording_stands_in_the_journal(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    stands = announce(client, visit, consent).json()
    part(client, stands, 0, SOUND)
    client.post(stands["whole"])
    assert client_of(world.leader).get(f"/files/{stands['id']}/").status_code == 200
    for other in (world.director, world.grower, world.analyst):
        assert client_of(other).get(f"/files/{stands['id']}/").status_code == 404
    line = Entry.objects.get(act="open_recording")
    assert (line.by_name, line.about_id) == ("王敏", world.veteran.pk)


def test_bytes_that_differ_are_told_and_begin_again(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    stands = announce(client, visit, consent).json()
    part(client, stands, 0, SOUND[:-1] + b"?")
    answer = client.post(stands["whole"])
    assert (answer.status_code, answer.json()["code"]) == (422, "differs")
    assert client.get(stands["part"]).json()["offset"] == 0


def test_without_consent_nothing_begins_and_withdrawing_it_removes(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    consent.pk += 1
    assert announce(client, visit, consent).json()["code"] == "consent"
    consent.pk -= 1
    stands = announce(client, visit, consent).json()
    part(client, stands, 0, SOUND)
    client.post(stands["whole"])
    path = f"/consents/{consent.pk}/withdraw/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "客户要求", "key": key()}).status_code == 302
    assert client.get(f"/files/{stands['id']}/").status_code == 404
    assert announce(client, visit, consent).json()["code"] == "withdrawn"


def test_a_manager_sees_the_recordings_page_without_forms(world: World, visit: Activity, consent: Consent):
    path = f"/activities/{visit.pk}/recordings/"
    page = client_of(world.leader).get(path).content.decode()
    assert "data-recording" not in page
    assert "data-recording" in client_of(world.veteran).get(path).content.decode()
    sent = {"who": "x", "how": "spoken", "given_on": "2026-03-16", "key": key()}
    assert client_of(world.leader).post(path, sent).status_code == 404


def test_the_pages_cost_at_most_25_queries(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    for n in range(6):
        upload(client, visit, PNG + bytes([n]))
    cost = {}
    for path in (f"/activities/{visit.pk}/", f"/activities/{visit.pk}/recordings/"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        cost[path] = len(seen)
    assert {path: n for path, n in cost.items() if n > 25} == {}


# --- the player -------------------------------------------------------------------------------------------------------
def heard(client: Client, visit: Activity, consent: Consent) -> str:
    stands = announce(client, visit, consent).json()
    part(client, stands, 0, SOUND)
    client.post(stands["whole"])
    return f"/files/{stands['id']}/play/"


@pytest.mark.parametrize(
    ("header", "status", "span"),
    [
        ("", 200, (0, len(SOUND))),
        ("bytes=0-", 206, (0, len(SOUND))),
        ("bytes=10-19", 206, (10, 20)),
        ("bytes=-5", 206, (len(SOUND) - 5, len(SOUND))),
        (f"bytes=100-{10**9}", 206, (100, len(SOUND))),
        (f"bytes={len(SOUND)}-", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,4-5", 416, None),
        ("pages=1-2", 416, None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    world: World, visit: Activity, consent: Consent, header: str, status: int, span: tuple[int, int] | None
):
    client = client_of(world.veteran)
    path = heard(client, visit, consent)
    answer = client.get(path, headers={"range": header} if header else {})
    assert answer.status_code == status
    if span is None:
        assert answer["Content-Range"] == f"bytes */{len(SOUND)}"
        return
    assert b"".join(answer.streaming_content) == SOUND[slice(*span)]
    assert answer["Content-Length"] == str(span[1] - span[0])
    assert answer["Accept-Ranges"] == "bytes"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("audio/wav", "inline")
    if status == 206:
        assert answer["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/{len(SOUND)}"


def test_one_listening_is_one_line_and_nobody_else_hears(world: World, visit: Activity, consent: Consent):
    path = heard(client_of(world.veteran), visit, consent)
    leader = client_of(world.leader)
    for first in (4000, 0, 100):
        assert leader.get(path, headers={"range": f"bytes={first}-"}).status_code in (206, 416)
    assert [line.by_name for line in Entry.objects.filter(act="open_recording")] == [world.leader.name]
    for other in (world.director, world.grower, world.analyst):
        assert client_of(other).get(path, headers={"range": "bytes=0-"}).status_code == 404
    acts.note_listening(Attachment.objects.get(), by=world.leader, at=AT + timedelta(hours=2))
    assert Entry.objects.filter(act="open_recording").count() == 2


def test_only_sounds_are_played_and_the_pages_have_a_player(world: World, visit: Activity, consent: Consent):
    client = client_of(world.veteran)
    picture = upload(client, visit).json()["file"]
    voice = upload(client, visit, SOUND, "语音.wav", kind="voice").json()["file"]
    path = heard(client, visit, consent)
    assert client.get(f"/files/{picture}/play/").status_code == 404
    assert client.get(f"/files/{voice}/play/").status_code == 200
    assert not Entry.objects.filter(act="open_recording").exists(), "a voice note of one's own is no recording"
    page = client.get(f"/activities/{visit.pk}/").content.decode()
    assert page.count("<audio") == 2
    assert f'src="{path}"' in page
    listed = client.get(f"/activities/{visit.pk}/recordings/")
    assert f'src="{path}"' in listed.content.decode()
    assert "media-src 'self'" in listed["Content-Security-Policy"]


def test_the_report_lists_its_files_for_its_reader_and_takes_one_from_its_author(world: World):
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    row = acts.log_activity(person=world.veteran, kind="needs_report", customer=customer, by=world.veteran, at=AT)
    answers = {"situation": "一", "needs": "二", "proposal": "三"}
    report = acts.write_report(row, answers=answers, reader=world.grower, by=world.veteran, at=AT)
    author, reader = client_of(world.veteran), client_of(world.grower)
    sent = {"key": key(), "kind": "photo", "beside": "report", "file": SimpleUploadedFile("现场.png", PNG)}
    answer = author.post(f"/activities/{row.pk}/files/", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{report.pk}/")
    made = Attachment.objects.get()
    page = reader.get(f"/reports/{report.pk}/").content.decode()
    assert "现场.png" in page
    assert f"/files/{made.uuid}/" in page
    assert "加附件" not in page
    assert reader.get(f"/files/{made.uuid}/").status_code == 200
    assert "加附件" in author.get(f"/reports/{report.pk}/").content.decode()
    assert client_of(world.newcomer).get(f"/files/{made.uuid}/").status_code == 404
