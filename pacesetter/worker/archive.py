"""The archive of an installation: one .tar.gz with a manifest of counts and digests in front of everything else.

    manifest.json        format, version, when, which database, migrations, rows per table, digest per member
    database.sqlite3     the whole database, where it is SQLite
    rows/<table>.jsonl   else: one table a file, one row a line, a row as SQLite would store it
    home/…               every other file of the home: uploads, import folders, the secret key

A row "as SQLite would store it" is a list of null, whole numbers and text (days and instants as ISO text in UTC,
booleans 0 and 1, JSON as text), which every database of ours takes back without knowing the models.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST, DATABASE, ROWS, FILES = "manifest.json", "database.sqlite3", "rows/", "home/"
# Made anew by running, or no part of what is kept.
NOT_KEPT = {"logs", "static", "backups", "worker.json", "worker.lock", "demo-logins.txt"}
BLOCK = 1 << 20


class Damaged(Exception):
    """The archive is not what its manifest says, or no archive of ours."""


@dataclass
class Manifest:
    """What an archive holds. `tables` maps a table to its rows, `members` a member to its SHA-256."""

    made_at: str
    version: str
    vendor: str
    migrations: list[str]
    tables: dict[str, int]
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()


def files_of(home: Path, database_name: str) -> Iterator[Path]:
    """Every file of the home that belongs into an archive; what nobody thought of is in rather than out."""
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        top = inside.parts[0]
        if top in NOT_KEPT or top.startswith((database_name, "before-restore")) or top.endswith(".part"):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def pack(target: Path, manifest: Manifest, members: list[tuple[str, Path]]) -> None:
    """Write the archive beside `target` and move it there when it is whole and on the disk."""
    part = target.with_name(target.name + ".part")
    kept: list[tuple[str, Path]] = []
    for name, path in members:
        try:
            manifest.members[name] = digest(path)
        except FileNotFoundError:  # an import's folder may go while we look
            continue
        kept.append((name, path))
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
            words = manifest.text().encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(words), 0o600
            tar.addfile(head, io.BytesIO(words))
            for name, path in kept:
                tar.add(path, arcname=name, recursive=False)
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(target)


def safe(name: str) -> bool:
    """A member's name stays inside the folder it is unpacked to."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder and compare every member with the manifest; raises Damaged."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise Damaged("no manifest in front: this is no archive of Pacesetter")
            manifest = _manifest(tar.extractfile(first))
            seen = set()
            for member in tar:
                if member.name == MANIFEST:
                    continue
                if not member.isreg() or not safe(member.name) or member.name not in manifest.members:
                    raise Damaged(f"unexpected member {member.name!r}")
                _take(tar, member, folder / member.name, manifest.members[member.name])
                seen.add(member.name)
    except (tarfile.TarError, EOFError, OSError, ValueError) as fault:
        raise Damaged(f"cannot read {source.name}: {fault}") from fault
    missing = set(manifest.members) - seen
    if missing:
        raise Damaged(f"missing: {', '.join(sorted(missing)[:5])}")
    return manifest


def _manifest(file: IO[bytes] | None) -> Manifest:
    said: dict[str, Any] = json.loads(file.read()) if file else {}
    if said.get("format") != FORMAT:
        raise Damaged(f"format {said.get('format')!r} is not known to this version")
    try:
        return Manifest(**said)
    except TypeError as fault:
        raise Damaged(f"the manifest does not fit: {fault}") from fault


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, to: Path, expected: str) -> None:
    file = tar.extractfile(member)
    if file is None:
        raise Damaged(f"cannot read {member.name}")
    to.parent.mkdir(parents=True, exist_ok=True)
    total = hashlib.sha256()
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while block := file.read(BLOCK):
            total.update(block)
            out.write(block)
    if total.hexdigest() != expected:
        raise Damaged(f"{member.name} differs from what was written")
