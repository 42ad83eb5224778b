"""Behaviour facts: visits, calls, proposals, needs reports — what people did, when, and whether it counts."""

from .activity import Activity, Channel, PlanItem, PlanState
from .evidence import Attachment, Consent, FileState, NeedsReport, Observation, ReportTemplate, Scorecard
from .words import ActivityKind, CompanyMetric, HintSetting, Norm, VisitRule, VisitState

__all__ = [
    "Activity",
    "ActivityKind",
    "Attachment",
    "Channel",
    "CompanyMetric",
    "Consent",
    "FileState",
    "HintSetting",
    "NeedsReport",
    "Norm",
    "Observation",
    "PlanItem",
    "PlanState",
    "ReportTemplate",
    "Scorecard",
    "VisitRule",
    "VisitState",
]
