"""Verbs of the people room. Each is one transaction with one journal line; `by` is who acts (None = the system)."""

from .access import (
    accept_invitation,
    end_session,
    end_sessions,
    invite,
    make_token,
    note_session,
    open_invitation,
    reset_link,
    revoke_token,
    set_password,
)
from .company import (
    add_calendar,
    build_calendar,
    change_company,
    close_period,
    create_company,
    ensure_calendar,
    set_calendar_day,
    set_master,
)
from .merge import merge_people, undo_merge
from .persons import add_person, change_person, link_external
from .roles import grant_role, note_view_as, revoke_role
from .seats import LEADER, Correction, correct_membership, join_team, leave, override_stage, transfer
from .teams import add_region, add_team, change_team, close_team, move_team, rebuild_closure

__all__ = [
    "LEADER",
    "Correction",
    "accept_invitation",
    "add_calendar",
    "add_person",
    "add_region",
    "add_team",
    "build_calendar",
    "change_company",
    "change_person",
    "change_team",
    "close_period",
    "close_team",
    "correct_membership",
    "create_company",
    "end_session",
    "end_sessions",
    "ensure_calendar",
    "grant_role",
    "invite",
    "join_team",
    "leave",
    "link_external",
    "make_token",
    "merge_people",
    "move_team",
    "note_session",
    "note_view_as",
    "open_invitation",
    "override_stage",
    "rebuild_closure",
    "reset_link",
    "revoke_role",
    "revoke_token",
    "set_calendar_day",
    "set_master",
    "set_password",
    "transfer",
    "undo_merge",
]
