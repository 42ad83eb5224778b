"""What a file is by its bytes."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pacesetter.lib.filetypes import seconds, sniff


def office(inside: str, *more: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name in ("[Content_Types].xml", inside, *more):
            out.writestr(name, "<x/>")
    return held.getvalue()


def wav(length: int, rate: int = 16_000) -> bytes:
    """A WAV header that announces `length` seconds."""
    fmt = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", length * rate * 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp4(length: int, scale: int = 1000) -> bytes:
    """Sound first, the movie header behind it, as a phone writes it."""
    ftyp = struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0)
    mdat = struct.pack(">I4s", 108, b"mdat") + bytes(100)
    mvhd = struct.pack(">I4sIIIII", 28, b"mvhd", 0, 0, 0, scale, length * scale)
    return ftyp + mdat + struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd


@pytest.mark.parametrize(
    ("content", "group", "ending"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image", "png"),
        (b"\xff\xd8\xff\xe0....", "image", "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image", "webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image", "heic"),
        (b"%PDF-1.7\n", "document", "pdf"),
        (office("word/document.xml"), "document", "docx"),
        (office("xl/workbook.xml"), "document", "xlsx"),
        (office("ppt/presentation.xml"), "document", "pptx"),
        (b"\x1aE\xdf\xa3\x01\x00\x00\x00B\x82\x84webm", "audio", "webm"),
        (mp4(1), "audio", "m4a"),
        (b"ID3\x03\x00", "audio", "mp3"),
        (b"\xff\xfb\x90\x00", "audio", "mp3"),
        (wav(1), "audio", "wav"),
        (b"OggS\x00\x02", "audio", "ogg"),
    ],
)
def test_known_types_are_told_by_their_bytes(content: bytes, group: str, ending: str):
    found = sniff(io.BytesIO(content))
    assert found is not None
    assert (found.group, found.ending) == (group, ending)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00", b"<html><script>", b"<svg xmlns=", b"#!/bin/sh\n", b"PK\x03\x04broken", office("a.txt"),
        office("word/document.xml", "word/vbaProject.bin"), b"\x1aE\xdf\xa3matroska", b"\x00\x00\x00\x18ftypqt  ",
        b"GIF89a",
    ],
)  # fmt: skip
def test_everything_else_is_nothing(content: bytes):
    assert sniff(io.BytesIO(content)) is None


def test_a_recording_says_how_long_it_runs_where_its_header_does():
    assert seconds(io.BytesIO(wav(7300))) == 7300
    assert seconds(io.BytesIO(mp4(7300))) == 7300
    assert seconds(io.BytesIO(b"OggS\x00\x02")) is None


@pytest.mark.parametrize("content", [b"RIFF\x00\x00\x00\x00WAVE", wav(9)[:30], mp4(9)[:20], mp4(9)[:140], b""])
def test_a_torn_header_says_nothing(content: bytes):
    assert seconds(io.BytesIO(content)) is None
