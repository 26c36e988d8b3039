"""Why a document is not read: each refusal has a stable code and says what to do."""

from __future__ import annotations

from diaban.core.errors import DomainError


class Unreadable(DomainError):
    """A document that the reader refuses; the parent of all refusals here."""

    code = "plan.unreadable"


class NotAPlan(Unreadable):
    """A decision, a letter, a report, a news page: no plan."""

    code = "plan.not_a_plan"


class EmptyDocument(Unreadable):
    """Nothing is printed in the file."""

    code = "plan.empty"
