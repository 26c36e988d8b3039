"""
Example contexts for every template of `diaban.web`, in one invented province, Tỉnh Sông Lam.

Each module has `PAGES`: name of the picture -> (template, context). "Now" is Wednesday
18/11/2026, 10:42. All places, people and numbers are invented.
"""

from importlib import import_module
from typing import Any

MODULES = ("sign_in", "work", "returns", "criteria", "overview", "plans")


def pages() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return all example pages by the name of their picture."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for module in MODULES:
        found |= import_module(f"{__name__}.{module}").PAGES
    return found
