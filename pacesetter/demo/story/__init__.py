"""The demo company as plain data: who is there, what they sold, did and collected. Same seed and day, same story."""

from .teller import tell

__all__ = ["tell"]
