"""A refusal: what an act answers when it may not or cannot happen. The reader sees the message, never a traceback."""

from __future__ import annotations


class Refusal(Exception):
    """An act that was not carried out. Nothing was written.

    `message` says what is so and what to do instead (may be a lazy translation); `field` names the form field at
    fault; `code` is a stable word for programs and tests.
    """

    def __init__(self, message: object, *, code: str = "refused", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class OutOfReach(Refusal):
    """The object does not exist for this reader: doors answer 404 and tell nothing."""

    def __init__(self) -> None:
        super().__init__("out of reach", code="out_of_reach")


class Conflict(Refusal):
    """Somebody else changed the object in between; doors show both values.

    `both`: (field, what stands now, what was sent) per field that differs; `who` changed it last; `now` is the
    version that stands.
    """

    def __init__(
        self, message: object, *, both: tuple[tuple[str, object, object], ...] = (), who: str = "",
        now: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message, code="conflict", field="version")
        self.both = both
        self.who = who
        self.now = now
