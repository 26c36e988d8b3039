"""The socio-economic regions by which provinces are grouped on a page."""

from datetime import date
from functools import cache

from diaban.areas.builtin import read_toml


def regions_on(day: date) -> dict[str, str]:
    """Return the region of each province by code, in the order in which regions are named."""
    divisions = _divisions()
    begun = [since for since in divisions if since <= day] or [min(divisions)]
    return divisions[max(begun)]


@cache
def _divisions() -> dict[date, dict[str, str]]:
    return {
        division["valid_from"]: {
            code: region["name"] for region in division["region"] for code in region["provinces"]
        }
        for division in read_toml("regions.toml")["division"]
    }
