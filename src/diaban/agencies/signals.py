"""
News of bodies, for the modules above.

`work_passed_on` (`old: Agency`, `heirs: tuple[Agency, ...]`, `on: date`, `at: datetime`): the
work of a body passed on, in the same transaction. Receivers alter what hangs on it.
"""

from django.dispatch import Signal

work_passed_on = Signal()
