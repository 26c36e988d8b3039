"""Pages of a list whose length is known already, so that it is not counted again."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet


class KnownPages(Paginator):  # type: ignore[type-arg]
    """A paginator that is told how many there are."""

    def __init__(self, found: QuerySet[Any], size: int, total: int) -> None:
        super().__init__(found, size)
        self._total = total

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self._total
