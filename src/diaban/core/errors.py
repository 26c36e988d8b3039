"""Refusals: situations that the rules foresee and that a person can do something about."""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """
    A refusal with a stable code, one sentence for a person, and facts for a program.

    Subclasses name the situation and stand beside what raises them. `code` is part of the
    public interface: it appears in JSON answers and in the reference, and never changes.
    `sentence` is Vietnamese and says what is wrong, where, and what to do. `facts` are
    values that a program can act on (a line number, the codes that are known).
    """

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence


class BadSetting(DomainError):
    """A variable of the environment names something that cannot be used."""

    code: ClassVar[str] = "bad_setting"
