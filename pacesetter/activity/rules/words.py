"""What plain words of a next step mean."""

from __future__ import annotations

# words of a next step → what will be logged
_KINDS = (("proposal", ("方案", "报价", "标书", "proposal", "quote")), ("call", ("电话", "回电", "call")),
          ("online", ("线上", "会议", "online")), ("needs_report", ("需求分析", "needs")))  # fmt: skip


def kind_of(step: str) -> str:
    """The kind a next step will be logged as, by its words; a visit unless they say otherwise."""
    low = step.lower()
    return next((kind for kind, words in _KINDS if any(word in low for word in words)), "visit")
