"""One spoken line, 「拜访 海川机械 王总 有意向 下周二报价」, as the parts of a log. Plain values in, plain values out.

Every word is either understood, and said so in `words`, or stands in `note` as it was written. What may mean two things
is not decided here: two customers are candidates, a day that is not clear stays in the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from . import spoken_dates as dates
from . import spoken_words as vocabulary

LONGEST: Final = 300
MOST_CANDIDATES: Final = 6
_SEPARATORS = " \t\r\n,，。;；、:：!！?？·|/-—()（）"
_PIECE = re.compile(rf"[^{re.escape(_SEPARATORS)}]+")
_CJK = re.compile(r"[一-鿿]")
_JOIN = r"\s*(?:或者?|还是|和|与|及|、|/|(?<![a-z])(?:or|and)(?![a-z]))\s*"
_JOINER, _JOINER_BEFORE = re.compile(_JOIN), re.compile(_JOIN + "$")


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, or a contact with the customer it belongs to."""

    id: int
    name: str
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What was taken for which part, as it was written; `filler` says nothing and belongs to no part."""

    part: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The card. `candidates`: customers it may be when it is not clear; `contacts`: likewise."""

    kind: str = ""
    customer: Named | None = None
    candidates: tuple[Named, ...] = ()
    contact: Named | None = None
    contacts: tuple[Named, ...] = ()
    contact_name: str = ""
    result: str = ""
    next_step: str = ""
    next_on: date | None = None
    next_time: time | None = None
    minutes: int | None = None
    amount_minor: int | None = None
    on: date | None = None
    time: time | None = None
    note: str = ""
    words: tuple[Word, ...] = ()
    rest: tuple[Word, ...] = ()

    def said(self, part: str) -> str:
        """The words a part came from."""
        return " ".join(word.text for word in self.words if word.part == part)


class _Line:
    """The text with what has been taken from it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = "".join(map(_plain, text))
        self.taken: list[tuple[int, int, str]] = []

    def free(self, start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last, _part in self.taken)

    def take(self, start: int, end: int, part: str) -> str:
        self.taken.append((start, end, part))
        return self.text[start:end]

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Where nothing was taken."""
        at = 0
        for first, last, _part in sorted(self.taken):
            if first > at:
                yield at, first
            at = max(at, last)
        if at < len(self.text):
            yield at, len(self.text)

    def pieces(self) -> list[tuple[int, int]]:
        """What was not taken, cut at spaces and punctuation."""
        return [hit.span() for first, last in self.gaps() for hit in _PIECE.finditer(self.low, first, last)]

    def find(self, phrases: Iterable[str], start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Where phrases stand in what is free, the longest first; Latin ones only as whole words."""
        for phrase in sorted(set(phrases), key=len, reverse=True):
            for hit in _phrase(phrase).finditer(self.low, start, len(self.low) if end is None else end):
                if self.free(*hit.span()):
                    yield *hit.span(), phrase


def _plain(letter: str) -> str:
    """One character for one: full width to half, capitals to small ones."""
    code = ord(letter)
    half = (
        chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else " " if code == 0x3000 else "¥" if letter == "￥" else letter
    )
    small = half.lower()
    return small if len(small) == 1 else half


def _phrase(phrase: str) -> re.Pattern[str]:
    head = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", phrase) else ""
    tail = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", phrase) else ""
    return re.compile(head + re.escape(phrase) + tail)


def parse(
    text: str, today: date, customers: Sequence[Named] = (), contacts: Sequence[Named] = (),
    kinds: Sequence[tuple[str, tuple[str, ...]]] = (), digits: int = 2,
) -> Sentence:  # fmt: skip
    """Understand a line. `kinds`: (key, names) the company offers; `digits`: of the currency's minor unit."""
    line = _Line(text[:LONGEST])
    found: dict[str, Any] = {}
    names = _full_names(line, customers)
    _lengths(line, found, digits)
    dated = _days(line, found, today)
    _result(line, found)
    _next(line, found, dated, today)
    _kind(line, found, kinds)
    titled = _titled(line)
    if not names:
        names = _parts_of_names(line, customers)
    names = _joined(line, customers, names)
    if len(names) == 1:
        found["customer"] = names[0]
    found["candidates"] = tuple(names) if len(names) > 1 else ()
    _contact(line, found, titled, contacts)
    for start, end in line.pieces():
        if line.low[start:end] in vocabulary.FILLERS:
            line.take(start, end, "filler")
    rest = tuple(Word("note", line.text[a:b], a) for a, b in _notes(line))
    beyond = text[LONGEST:].strip()
    note = " ".join([word.text for word in rest] + ([beyond] if beyond else []))
    words = tuple(Word(part, line.text[a:b], a) for a, b, part in sorted(line.taken))
    return Sentence(**found, note=note, words=words, rest=rest)


def _notes(line: _Line) -> Iterator[tuple[int, int]]:
    for start, end in line.gaps():
        inside = [hit.span() for hit in _PIECE.finditer(line.low, start, end)]
        if inside:
            yield inside[0][0], inside[-1][1]


# --- customers ------------------------------------------------------------------------------------------------------
def _full_names(line: _Line, customers: Sequence[Named]) -> list[Named]:
    """Customers named in full, or without the end nobody says (有限公司); the longest name wins where two overlap."""
    spoken: dict[str, list[tuple[bool, Named]]] = {}
    for one in customers:
        low = "".join(map(_plain, one.name)).strip()
        core = vocabulary.ENDINGS.sub("", low).strip()
        if len(low) > 1:
            spoken.setdefault(low, []).append((True, one))
        if len(core) > 1 and core != low and core not in vocabulary.TRADES:
            spoken.setdefault(core, []).append((False, one))
    there = [phrase for phrase in spoken if phrase in line.low]
    found: dict[int, Named] = {}
    for start, end, phrase in line.find(there):
        if not line.free(start, end):
            continue
        line.take(start, end, "customer")
        exact = [one for whole, one in spoken[phrase] if whole]
        for one in exact or [one for _whole, one in spoken[phrase]]:
            found[one.id] = one
    return list(found.values())


def _parts_of_names(line: _Line, customers: Sequence[Named]) -> list[Named]:
    """Customers of whose name a part is said: the longest part that is more than the word of a trade."""
    low = [("".join(map(_plain, one.name)), one) for one in customers]
    pairs = {name[at : at + 2] for name, _one in low for at in range(len(name) - 1)}
    parts: list[tuple[int, int]] = []
    for start, end in line.pieces():
        if not _CJK.search(line.low[start:end]):
            if end - start > 2:
                parts.append((start, end))
            continue
        for a in range(start, end - 1):
            for b in range(a + 2, end + 1):
                if line.low[b - 2 : b] not in pairs:
                    break
                parts.append((a, b))
    for start, end in sorted(parts, key=lambda part: part[0] - part[1]):
        if hits := _named(low, line.low[start:end]):
            line.take(start, end, "customer")
            return hits
    return []


def _named(low: Sequence[tuple[str, Named]], said: str) -> list[Named]:
    whole = None if _CJK.search(said) else _phrase(said)
    found = [one for name, one in low if (whole.search(name) if whole else said in name)]
    word = said in vocabulary.TRADES or said in vocabulary.FILLERS
    return [] if word or len(found) > MOST_CANDIDATES else found


def _joined(line: _Line, customers: Sequence[Named], names: list[Named]) -> list[Named]:
    """The customers found and those said beside them with 或, 和 or 、: which one is meant is not decided here."""
    low = [("".join(map(_plain, one.name)), one) for one in customers]
    found = {one.id: one for one in names}
    for first, last, _part in [taken for taken in line.taken if taken[2] == "customer"]:
        spans: list[tuple[int, int]] = []
        if (after := _JOINER.match(line.low, last)) and (piece := _PIECE.match(line.low, after.end())):
            spans += [(after.end(), at) for at in range(piece.end(), after.end() + 1, -1)]
        if before := _JOINER_BEFORE.search(line.low, 0, first):
            pieces = [hit.start() for hit in _PIECE.finditer(line.low, 0, before.start())]
            spans += [(at, before.start()) for at in range((pieces or [first])[-1], before.start() - 1)]
        for start, stop in spans:
            if (hits := _named(low, line.low[start:stop])) and line.free(start, stop):
                line.take(start, stop, "customer")
                found |= {one.id: one for one in hits}
                break
    return list(found.values())


# --- numbers and days -------------------------------------------------------------------------------------------------
def _lengths(line: _Line, found: dict[str, Any], digits: int) -> None:
    for name, hits in (("minutes", dates.minutes(line.low)), ("amount_minor", dates.amounts(line.low, digits))):
        for hit in hits:
            if hit.value is not None and name not in found and line.free(hit.start, hit.end):
                found[name] = hit.value
                line.take(hit.start, hit.end, name.removesuffix("_minor"))


def _days(line: _Line, found: dict[str, Any], today: date) -> list[dates.Found]:
    """The day it was done is put down; days ahead are given back, for the next step."""
    hits = sorted(dates.days(line.low, today), key=lambda hit: (hit.start, hit.start - hit.end))
    earlier = [end for _start, end, _phrase in line.find(vocabulary.EARLIER)]
    ahead: list[dates.Found] = []
    at = 0
    for hit in hits:
        if hit.start < at or not line.free(hit.start, hit.end):
            continue
        at = hit.end
        if not isinstance(hit.value, date) or any(not line.low[end : hit.start].strip(_SEPARATORS) for end in earlier
                                                  if end <= hit.start):  # fmt: skip
            continue
        if hit.value > today:
            ahead.append(hit)
        elif "on" not in found:
            found["on"] = hit.value
            line.take(hit.start, hit.end, "on")
    return ahead


def _times(line: _Line, found: dict[str, Any], next_span: tuple[int, int] | None) -> None:
    for hit in dates.times(line.low):
        if not isinstance(hit.value, time) or not line.free(hit.start, hit.end):
            continue
        beside = next_span is not None and not (
            line.low[next_span[1] : hit.start] + line.low[hit.end : next_span[0]]
        ).strip(_SEPARATORS)
        name = "next_time" if beside else "time"
        if name not in found:
            found[name] = hit.value
            line.take(hit.start, hit.end, name)


# --- words ------------------------------------------------------------------------------------------------------------
def _result(line: _Line, found: dict[str, Any]) -> None:
    """The first result said, unless a word before it turns it round."""
    meant = {phrase: key for key, phrases in vocabulary.RESULTS.items() for phrase in phrases}
    hits = [hit for hit in line.find(meant) if not line.low[: hit[0]].endswith(vocabulary.NOT)]
    for start, end, phrase in sorted(hits, key=lambda hit: (hit[0], hit[0] - hit[1])):
        found["result"] = meant[phrase]
        line.take(start, end, "result")
        return


def _next(line: _Line, found: dict[str, Any], ahead: list[dates.Found], today: date) -> None:
    """The next step: said after 下一步, or beside the day that lies ahead."""
    marker = min((hit[:2] for hit in line.find(vocabulary.MARKERS)), default=None)
    if marker is not None:
        line.take(*marker, "next_step")
    for day in ahead:
        if not line.free(day.start, day.end):
            continue
        step = _step_beside(line, day)
        if day.bare and step is None and marker is None:
            continue
        found["next_on"] = day.value
        line.take(day.start, day.end, "next_on")
        _times(line, found, (day.start, day.end))
        if step is not None and line.free(*step):
            found["next_step"] = line.take(*step, "next_step").strip()
        break
    else:
        _times(line, found, None)
    if marker is not None and "next_step" not in found:
        after = [piece for piece in line.pieces() if piece[0] >= marker[1]]
        if after:
            found["next_step"] = line.take(*after[0], "next_step")


def _step_beside(line: _Line, day: dates.Found) -> tuple[int, int] | None:
    """The words of a step right after the day (a time or a name may stand between), or right before it."""
    stops = [*line.taken, *((hit.start, hit.end, "time") for hit in dates.times(line.low))]
    at = day.end
    while True:
        while at < len(line.low) and line.low[at] in _SEPARATORS:
            at += 1
        inside = [last for first, last, part in stops if first == at and part in ("time", "customer")]
        if not inside:
            break
        at = max(inside)
    piece = _PIECE.match(line.low, at)
    if piece is not None:
        end = min([piece.end(), *(first for first, _last, _part in stops if first >= at)])
        # a Latin step may be several words
        end = max([end, *(hit[1] for hit in line.find(vocabulary.STEPS, at) if hit[0] == at)])
        last = max((hit[1] for hit in line.find(vocabulary.STEPS, at, end)), default=None)
        if last is not None:
            return at, last
    before = line.low[: day.start].rstrip(_SEPARATORS)
    hits = [hit[:2] for hit in line.find(vocabulary.STEPS, 0, day.start) if hit[1] == len(before)]
    kinds_before = [hit for hit in line.find(phrase for words in vocabulary.KINDS.values() for phrase in words)
                    if hits and hit[0] < hits[0][0]]  # fmt: skip
    return hits[0] if hits and (kinds_before or not _is_kind(line.low[slice(*hits[0])])) else None


def _is_kind(word: str) -> bool:
    return any(word in words for words in vocabulary.KINDS.values())


def _kind(line: _Line, found: dict[str, Any], kinds: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """The first kind said, the longest of those that begin there; only kinds that are offered."""
    offered = {key: names for key, names in kinds if key not in vocabulary.NO_KINDS}
    meant: dict[str, str] = {}
    for key, phrases in vocabulary.KINDS.items():
        if not kinds or key in offered:
            meant |= dict.fromkeys(phrases, key)
    for key, names in offered.items():
        meant |= {"".join(map(_plain, name)): key for name in names if len(name) > 1}
    hits = sorted(line.find(meant), key=lambda hit: (hit[0], hit[0] - hit[1]))
    if hits:
        start, end, phrase = hits[0]
        found["kind"] = meant[phrase]
        line.take(start, end, "kind")


# --- contacts ---------------------------------------------------------------------------------------------------------
def _titled(line: _Line) -> tuple[str, str] | None:
    """(surname, as it was said) of somebody with a title, 王总 or Mr Wang."""
    for start, end in line.pieces():
        if vocabulary.FULL_TITLED.fullmatch(line.low, start, end):
            return line.low[start:end], line.take(start, end, "contact")
    for pattern in (vocabulary.TITLED, vocabulary.MISTER):
        for hit in pattern.finditer(line.low):
            if line.free(*hit.span()):
                return hit["name"], line.take(*hit.span(), "contact")
    return None


def _contact(line: _Line, found: dict[str, Any], titled: tuple[str, str] | None, contacts: Sequence[Named]) -> None:
    """Who was met, among the contacts of this customer only; a title alone is kept as it was said."""
    chosen = found.get("customer")
    theirs = [one for one in contacts if chosen is not None and one.of == chosen.id]
    if titled is not None:
        surname, said = titled
        hits = [one for one in theirs if "".join(map(_plain, one.name)).startswith(surname)
                or said == one.name or (surname.isascii() and surname in one.name.lower().split())]  # fmt: skip
        exact = [one for one in hits if one.name == said]
        hits = exact or hits
    else:
        said, hits = "", []
        low = {"".join(map(_plain, one.name)): one for one in theirs if len(one.name) > 1}
        for start, end, phrase in line.find(low):
            said, hits = line.take(start, end, "contact"), [low[phrase]]
            break
        else:
            for start, end in line.pieces():
                word = line.low[start:end]
                if word.isascii() and len(word) > 1 and word not in vocabulary.FILLERS:
                    hits = [one for one in theirs if word in one.name.lower().split()]
                    if hits:
                        said = line.take(start, end, "contact")
                        break
    found["contact_name"] = said
    if len(hits) == 1:
        found["contact"] = hits[0]
    elif len(hits) > 1:
        found["contacts"] = tuple(hits)
