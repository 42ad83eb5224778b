"""Sessions in the database, as Django keeps them, read by a text of SQL that is written once."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from pacesetter.config import clock
from pacesetter.people import reads


class SessionStore(DatabaseStore):
    """Every request of somebody signed in begins with this row."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = reads.row(Session, "session_key", self.session_key) if self.session_key else None
        # by the real clock: the day that was set for a demo neither ends a session nor keeps one
        if found is not None and found.expire_date.timestamp() * 1000 > clock.real_ms():
            return found
        self._session_key = None
        return None
