"""A reading as the JSON of the public contract."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from diaban.plans.reader.values import Reading

# Added to the contract; printed only where there is something to say.
_OPTIONAL = {"support", "recurrence", "product", "scope", "period_in_title"}
_ALWAYS = {("Deadline", "scope"), ("Report", "recurrence"), ("RecurringActivity", "scope")}


def to_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain lists, dicts, strings and numbers."""
    return {"source": reading.source, "plans": [_plain(plan) for plan in reading.plans]}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        return {
            f.name: _plain(getattr(value, f.name))
            for f in fields(value)
            if f.name not in _OPTIONAL or (kind, f.name) in _ALWAYS or getattr(value, f.name)
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
