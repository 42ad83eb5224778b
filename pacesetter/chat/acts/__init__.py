"""Verbs of the chat door: runs of the organisation sync. What they write into rooms goes through the rooms' acts."""

from .applying import holds
from .runs import apply, ask, choose_master, claim, keep, look, revive, tidy

__all__ = ["apply", "ask", "choose_master", "claim", "holds", "keep", "look", "revive", "tidy"]
