"""An installation kept and brought back, elsewhere and on the other database, holds what it held."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

import pytest

from .conftest import KINDS, state_of

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("of", KINDS)
@pytest.mark.parametrize("into", KINDS)
def test_a_restored_home_holds_what_was_kept(kept, homes, of: str, into: str):
    was, other = kept(of), homes(into, "other", holds="")
    other.manage("restore", str(was.archive))
    assert state_of(other) == was.state
    assert was.state["broken"] == []
    assert (other.folder / "media" / "visits" / "照片.txt").read_text(encoding="utf-8") == "一张照片"
    assert (other.folder / "secret_key").read_text() == (was.home.folder / "secret_key").read_text()
    # life goes on: a new row gets a new id, and the journal's chain goes on from its head
    other.python(
        "from datetime import UTC, datetime\nfrom pacesetter.people import acts\n"
        "acts.add_person(name='新人', by=None, at=datetime.now(UTC))\n"
        "from pacesetter.journal.acts import broken_lines\nassert broken_lines() == []"
    )


@pytest.mark.parametrize("of", KINDS)
def test_every_model_is_in_the_archive(kept, of: str):
    """A table that backup forgot would be missing from the manifest: this fails the build."""
    was = kept(of)
    with tarfile.open(was.archive) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.loads(member.read())
    assert set(was.state["state"]) == set(manifest["tables"])
    assert {name: rows for name, (rows, _digest) in was.state["state"].items()} == manifest["tables"]


@pytest.mark.parametrize("of", KINDS)
def test_a_home_with_records_is_refused_and_kept_as_it_is(kept, of: str):
    was = kept(of)
    answer = was.home.manage("restore", str(was.archive), check=False)
    assert answer.returncode == 2
    assert "--force" in answer.stderr
    assert not list(was.home.folder.glob("before-restore-*"))
    was.home.manage("restore", str(was.archive), "--force")
    assert state_of(was.home) == was.state
    aside = next(was.home.folder.glob("before-restore-*"))
    assert (aside / "media" / "visits" / "照片.txt").exists()


def test_a_damaged_archive_is_refused_before_anything_is_touched(kept, homes, tmp_path: Path):
    """One byte of the unpacked stream changed; half an archive; a stranger's archive."""
    target = kept("sqlite").archive
    plain = bytearray(gzip.decompress(target.read_bytes()))
    plain[plain.find(b"SQLite format 3") + 9000] ^= 0xFF
    flipped = tmp_path / "flipped.tar.gz"
    flipped.write_bytes(gzip.compress(bytes(plain), 1))
    half = tmp_path / "half.tar.gz"
    half.write_bytes(target.read_bytes()[: target.stat().st_size // 2])
    strange = tmp_path / "strange.tar.gz"
    with tarfile.open(strange, "w:gz") as tar:
        tar.add(flipped, arcname="../outside.txt")
    other = homes("sqlite", "other", holds="")
    for wrong in (flipped, half, strange):
        answer = other.manage("restore", str(wrong), check=False)
        assert answer.returncode == 2, answer.stderr
    assert not (other.folder.parent / "outside.txt").exists()


# without the pause it takes a processor from all others, and adds no more than more of the same
WRITE = """
import time
from datetime import UTC, datetime
from pacesetter.people import acts
for n in range(100000):
    acts.add_person(name=f"人{n}", by=None, at=datetime.now(UTC))
    time.sleep(0.005)
"""
WHOLE = """
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
print(broken_lines(), Entry.objects.filter(act="add_person").count() - Person.objects.count(), Person.objects.count())
"""


def test_an_archive_made_while_others_write_is_one_moment(kept, homes, tmp_path: Path):
    """A writer adds people all the time; each archive's journal chain is whole and fits its people."""
    was, busy = kept("sqlite"), homes("sqlite", "busy", holds="")
    busy.manage("restore", str(was.archive))
    writer = busy.start("-c", "import django; django.setup()\n" + WRITE)
    people = []
    for round_ in range(2):
        target = tmp_path / f"busy{round_}.tar.gz"
        busy.manage("backup", "--to", str(target))
        other = homes("sqlite", f"other{round_}", holds="")
        other.manage("restore", str(target))
        broken, missing, count = other.python(WHOLE).split()
        assert (broken, missing) == ("[]", "0")
        people.append(int(count))
    assert writer.poll() is None
    busy.kill(writer)
    assert people[0] < people[1]
