"""Nouns of the people room: the company, its calendar, its teams and persons, and what opens doors for them."""

from .absence import Absence
from .access import ApiToken, DeviceSession, ExternalId, Invitation, RoleGrant
from .company import CalendarDay, ClosedPeriod, Company, EntityMaster, WorkCalendar
from .org import OPEN_END, OPEN_START, Membership, Region, StageOverride, Team, TeamClosure, TeamPlace
from .person import Person
from .question import Question
from .seat import GrowthStage, Seat

__all__ = [
    "OPEN_END",
    "OPEN_START",
    "Absence",
    "ApiToken",
    "CalendarDay",
    "ClosedPeriod",
    "Company",
    "DeviceSession",
    "EntityMaster",
    "ExternalId",
    "GrowthStage",
    "Invitation",
    "Membership",
    "Person",
    "Question",
    "Region",
    "RoleGrant",
    "Seat",
    "StageOverride",
    "Team",
    "TeamClosure",
    "TeamPlace",
    "WorkCalendar",
]
