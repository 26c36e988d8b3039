"""
Forms, the returns that areas send, and what is derived from them.

The record is one row per (area, period, form): the return as it was signed, as JSON
(`Return.document`), with its revisions. `PackedReturn` and `KeptTotal` are derived from it in
the same transaction and can be rebuilt from it (`diaban check` compares).
"""

from diaban.indicators.models.forms import Campaign, FormVersion, Roster
from diaban.indicators.models.quality import (
    Answer,
    Reconciliation,
    ReconciliationStep,
    ReturnQuality,
)
from diaban.indicators.models.returns import Consolidation, HamletReport, Return, Revision
from diaban.indicators.models.totals import KeptTotal, PackedReturn
from diaban.indicators.models.work import ImportFile, ImportJob, ReturnReminder

__all__ = [
    "Answer",
    "Campaign",
    "Consolidation",
    "FormVersion",
    "HamletReport",
    "ImportFile",
    "ImportJob",
    "KeptTotal",
    "PackedReturn",
    "Reconciliation",
    "ReconciliationStep",
    "Return",
    "ReturnQuality",
    "ReturnReminder",
    "Revision",
    "Roster",
]
