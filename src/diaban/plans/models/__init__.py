"""The tables of plans: documents, what was read and decided, the programme, the work."""

from diaban.plans.models.documents import Document, Plan
from diaban.plans.models.items import Change, PlanItem
from diaban.plans.models.programme import (
    BudgetHeading,
    CalendarEntry,
    Duty,
    DutyBody,
    Event,
    Handover,
    Phase,
    PhaseArea,
    Share,
    Target,
)
from diaban.plans.models.work import Digest, Evidence, Extension, Feed, Reminder, SavedView

__all__ = [
    "BudgetHeading",
    "CalendarEntry",
    "Change",
    "Digest",
    "Document",
    "Duty",
    "DutyBody",
    "Event",
    "Evidence",
    "Extension",
    "Feed",
    "Handover",
    "Phase",
    "PhaseArea",
    "Plan",
    "PlanItem",
    "Reminder",
    "SavedView",
    "Share",
    "Target",
]
