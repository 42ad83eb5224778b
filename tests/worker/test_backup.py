"""An installation kept and brought back, elsewhere and on the other database, holds what it held."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.homes import Home

from .conftest import KINDS

BUILD = "from tests.world import build; build()"
STATE = """
import hashlib, json
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from pacesetter.journal.acts import broken_lines
state = {}
for model in apps.get_models(include_auto_created=True):
    rows = [json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True) for row in model.objects.order_by("pk").values()] \\
        if hasattr(model, "objects") else []
    state[model._meta.db_table] = [len(rows), hashlib.sha256("\\n".join(rows).encode()).hexdigest()]
print(json.dumps({"state": state, "broken": broken_lines()}))
"""


def state_of(home: Home) -> dict:
    return json.loads(home.python(STATE))


@pytest.fixture
def kept(homes, tmp_path: Path, request) -> tuple[Home, Path]:
    """The cast's company with a file, and its archive."""
    home = homes(request.param)
    home.python(BUILD)
    (home.folder / "media" / "visits").mkdir(parents=True)
    (home.folder / "media" / "visits" / "照片.txt").write_text("一张照片")
    target = tmp_path / "kept.tar.gz"
    home.manage("backup", "--to", str(target))
    return home, target


@pytest.mark.parametrize("kept", KINDS, indirect=True)
@pytest.mark.parametrize("into", KINDS)
def test_a_restored_home_holds_what_was_kept(kept, homes, into: str):
    home, target = kept
    other = homes(into, "other", migrate=False)
    other.manage("restore", str(target))
    assert state_of(other) == state_of(home)
    assert state_of(other)["broken"] == []
    assert (other.folder / "media" / "visits" / "照片.txt").read_text() == "一张照片"
    assert (other.folder / "secret_key").read_text() == (home.folder / "secret_key").read_text()
    # life goes on: a new row gets a new id, and the journal's chain goes on from its head
    other.python(
        "from datetime import UTC, datetime\nfrom pacesetter.people import acts\n"
        "acts.add_person(name='新人', by=None, at=datetime.now(UTC))\n"
        "from pacesetter.journal.acts import broken_lines\nassert broken_lines() == []"
    )


@pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
def test_every_model_is_in_the_archive(kept):
    """A table that backup forgot would be missing from the manifest: this fails the build."""
    home, target = kept
    with tarfile.open(target) as tar:
        manifest = json.loads(tar.extractfile("manifest.json").read())
    tables = json.loads(
        home.python(
            "import json\nfrom django.apps import apps\n"
            "models = apps.get_models(include_auto_created=True)\n"
            "print(json.dumps([model._meta.db_table for model in models if model._meta.managed]))"
        )
    )
    assert set(tables) == set(manifest["tables"])


@pytest.mark.parametrize("kept", KINDS, indirect=True)
def test_a_home_with_records_is_refused_and_kept_as_it_is(kept):
    home, target = kept
    before = state_of(home)
    answer = home.manage("restore", str(target), check=False)
    assert answer.returncode == 2
    assert "--force" in answer.stderr
    assert state_of(home) == before
    home.manage("restore", str(target), "--force")
    assert state_of(home)["broken"] == []
    aside = next(home.folder.glob("before-restore-*"))
    assert (aside / "media" / "visits" / "照片.txt").exists()


@pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
def test_a_damaged_archive_is_refused_before_anything_is_touched(kept, homes, tmp_path: Path):
    """One byte of the unpacked stream changed; a stranger's archive; half an archive."""
    _home, target = kept
    plain = bytearray(gzip.decompress(target.read_bytes()))
    at = plain.find(b"SQLite format 3") + 9000
    plain[at] ^= 0xFF
    flipped = tmp_path / "flipped.tar.gz"
    flipped.write_bytes(gzip.compress(bytes(plain), 1))
    half = tmp_path / "half.tar.gz"
    half.write_bytes(target.read_bytes()[: target.stat().st_size // 2])
    strange = tmp_path / "strange.tar.gz"
    with tarfile.open(strange, "w:gz") as tar:
        tar.add(flipped, arcname="../outside.txt")
    other = homes("sqlite", "other", migrate=False)
    for wrong in (flipped, half, strange):
        answer = other.manage("restore", str(wrong), check=False)
        assert answer.returncode == 2, answer.stderr
    assert not (other.folder.parent / "outside.txt").exists()
    other.manage("restore", str(target))


@pytest.mark.parametrize("kept", ["sqlite"], indirect=True)
def test_an_archive_made_while_others_write_is_one_moment(kept, homes, tmp_path: Path):
    """A writer adds people all the time; each archive's journal chain is whole and fits its people."""
    home, _target = kept
    writer = home.start(
        "-c",
        "import django; django.setup()\nfrom datetime import UTC, datetime\nfrom pacesetter.people import acts\n"
        "for n in range(100000): acts.add_person(name=f'人{n}', by=None, at=datetime.now(UTC))",
    )
    for round_ in range(3):
        target = tmp_path / f"busy{round_}.tar.gz"
        home.manage("backup", "--to", str(target))
        other = homes("sqlite", f"busy{round_}", migrate=False)
        other.manage("restore", str(target))
        assert (
            other.python(
                "from pacesetter.journal.acts import broken_lines\nfrom pacesetter.journal.models import Entry\n"
                "from pacesetter.people.models import Person\nassert broken_lines() == []\n"
                "print(Entry.objects.filter(act='add_person').count() - Person.objects.count())"
            ).strip()
            == "0"
        )
        shutil.rmtree(other.folder)
    assert writer.poll() is None
    home.kill(writer)
