"""What a file is by its own bytes, never by its name, and how long a recording runs where its header says so."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final

HEAD: Final = 64
# one of these names inside tells which office file a zip is
OFFICE: Final = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1"})
MP4: Final = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash"})
MOST_BOXES: Final = 64


@dataclass(frozen=True, slots=True)
class FileType:
    """`group`: image, document or audio; the content type to give it out as, and the ending that belongs to it."""

    group: str
    content_type: str
    ending: str


def sniff(file: BinaryIO) -> FileType | None:
    """The type of a file that can be sought; None where it is none of those known."""
    file.seek(0)
    head = file.read(HEAD)
    found = _plain(head)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _office(file)
    file.seek(0)
    return found


def _plain(head: bytes) -> FileType | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType("image", "image/png", "png")
    if head.startswith(b"\xff\xd8\xff"):
        return FileType("image", "image/jpeg", "jpg")
    if head.startswith(b"%PDF-"):
        return FileType("document", "application/pdf", "pdf")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileType("image", "image/webp", "webp")
    return _audio(head)


def _audio(head: bytes) -> FileType | None:
    if head[4:8] == b"ftyp":
        if head[8:12] in HEIC:
            return FileType("image", "image/heic", "heic")
        return FileType("audio", "audio/mp4", "m4a") if head[8:12] in MP4 else None
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return FileType("audio", "audio/wav", "wav")
    if head.startswith(b"OggS"):
        return FileType("audio", "audio/ogg", "ogg")
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head:
        return FileType("audio", "audio/webm", "webm")
    mp3 = head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] in (0xFB, 0xF3, 0xF2))
    return FileType("audio", "audio/mpeg", "mp3") if mp3 else None


def _office(file: BinaryIO) -> FileType | None:
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    # macros run on somebody's machine: no
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((FileType("document", *told) for name, told in OFFICE.items() if name in names), None)


def seconds(file: BinaryIO) -> int | None:
    """How long a WAV or MP4 recording runs, from its header; None where that is not cheaply known."""
    file.seek(0)
    head = file.read(12)
    try:
        if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
            return _wav(file)
        if head[4:8] == b"ftyp":
            return _mp4(file)
    except (struct.error, OSError, OverflowError, IndexError):
        return None
    finally:
        file.seek(0)
    return None


def _wav(file: BinaryIO) -> int | None:
    rate = 0
    file.seek(12)
    for _ in range(MOST_BOXES):
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            fmt = file.read(size + size % 2)
            rate = struct.unpack_from("<I", fmt, 8)[0]
        elif name == b"data":
            return size // rate if rate else None
        else:
            file.seek(size + size % 2, 1)
    return None


def _mp4(file: BinaryIO) -> int | None:
    """The movie header lies at the front or after all sound: boxes are jumped over, not read."""
    place = 0
    for _ in range(MOST_BOXES):
        file.seek(place)
        size, name = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = struct.unpack(">Q", file.read(8))[0]
        if name == b"moov":
            return _mvhd(file.read(min(size, 4096)))
        if size < 8:
            return None
        place += size
    return None


def _mvhd(moov: bytes) -> int | None:
    at = moov.find(b"mvhd")
    if at < 0:
        return None
    if moov[at + 4] == 1:
        scale, length = struct.unpack_from(">IQ", moov, at + 24)
    else:
        scale, length = struct.unpack_from(">II", moov, at + 16)
    return int(length // scale) if scale else None
