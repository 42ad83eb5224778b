"""Which encoding a text file is in, told from all of its bytes; rows that do not fit it are named, never guessed.

UTF-8 (with or without BOM), UTF-16 and UTF-32 by BOM, UTF-16 without BOM by its zero bytes, else GB18030 (which holds
GBK and GB2312) if the text it gives is plausible Chinese: other encodings also decode as GBK, into rare characters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from .table import Opener

_CHUNK = 1 << 20
CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec` for Python, `label` for people; `broken` = some bytes do not fit; `controls`, `quotes` = such
    characters occur.
    """

    codec: str
    label: str
    broken: bool = False
    controls: bool = False
    apostrophes: bool = False


_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-bom"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)


def detect(opener: Opener) -> Encoding:
    """Read the file once and tell its encoding."""
    with opener() as file:
        head = file.read(_CHUNK)
    for bom, codec, label in _BOMS:
        if head.startswith(bom):
            if codec == "utf-8-sig":
                controls, apostrophes = _marks(opener)
                return Encoding(codec, label, _errors(opener, codec, count=False) > 0, controls, apostrophes)
            return Encoding(codec, label, _errors(opener, codec, count=False) > 0, True, True)
    wide = _utf16(head)
    if wide:
        return Encoding(wide, wide, _errors(opener, wide, count=False) > 0, True, True)
    controls, apostrophes = _marks(opener)
    if not _errors(opener, "utf-8", count=False):
        return Encoding("utf-8", "utf-8", False, controls, apostrophes)
    common, rare = _pairs(opener)
    plausible = common > 0 and rare * 4 <= common + rare
    if plausible and not _errors(opener, "gb18030", count=False):
        return Encoding("gb18030", "gb18030", False, controls, apostrophes)
    wrong = _errors(opener, "utf-8")
    chinese = plausible and _errors(opener, "gb18030") * 4 < wrong
    codec = "gb18030" if chinese else "utf-8"
    return Encoding(codec, codec, True, controls, apostrophes)


def looks_wide(head: bytes) -> bool:
    """Whether a text of two or four bytes a character begins like this: its zero bytes are no control characters."""
    return head.startswith(
        tuple(bom for bom, _codec, label in _BOMS if label.startswith("utf-16") or label == "utf-32")
    ) or bool(_utf16(head))


def _utf16(head: bytes) -> str:
    """UTF-16 without BOM: line ends, digits and separators leave zero bytes on one side only."""
    sample = head[: 1 << 16]
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if odd * 20 >= pairs and even * 50 <= odd:
        return "utf-16-le"
    if even * 20 >= pairs and odd * 50 <= even:
        return "utf-16-be"
    return ""


def _errors(opener: Opener, codec: str, count: bool = True) -> int:
    """How many places do not fit the encoding; stops at the first unless all are counted."""
    decoder = codecs.getincrementaldecoder(codec)("replace" if count else "strict")
    found = 0
    with opener() as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if count:
                    found += text.count("\ufffd")
            text = decoder.decode(b"", True)
            return found + (text.count("\ufffd") if count else 0)
        except UnicodeError:
            return 1


def _marks(opener: Opener) -> tuple[bool, bool]:
    """Whether control characters and apostrophes occur at all: most files have neither, and need no search row by
    row.
    """
    controls = apostrophes = False
    with opener() as file:
        while chunk := file.read(_CHUNK):
            controls = controls or len(chunk.translate(None, CONTROLS)) != len(chunk)
            apostrophes = apostrophes or b"'" in chunk
    return controls, apostrophes


def _pairs(opener: Opener) -> tuple[int, int]:
    """How many two-byte characters are in the part that everyday Chinese uses, and how many are outside."""
    common = rare = 0
    with opener() as file:
        while chunk := file.read(_CHUNK):
            for pair in _PAIR.findall(chunk):
                if pair[1] >= 0xA1 and (0xB0 <= pair[0] <= 0xF7 or 0xA1 <= pair[0] <= 0xA9):
                    common += 1
                else:
                    rare += 1
            if common + rare > 200_000:
                break
    return common, rare
