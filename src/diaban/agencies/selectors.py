"""Reading bodies."""

from datetime import date

from diaban.agencies.models import Agency

# Longer chains of successors than any body has had; a circle ends there too.
_STEPS = 9


def living(agency: Agency, day: date) -> Agency:
    """Return the body itself, or who took its work over when it has ended by `day`."""
    for _step in range(_STEPS):
        if agency.valid_to is None or agency.valid_to > day or agency.successor is None:
            return agency
        agency = agency.successor
    return agency
