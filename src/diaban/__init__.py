"""Địa Bàn: from the signed plan to the recognition decision."""

__version__ = "0.1.0"
