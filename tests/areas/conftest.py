"""What tests of areas may use."""

from tests.national import national_units

__all__ = ["national_units"]
