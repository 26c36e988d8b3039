"""The English side of refusals: one sentence for each code."""

import tomllib
from functools import cache
from importlib.resources import files

from diaban.core.errors import DomainError


@cache
def english_refusals() -> dict[str, str]:
    """Return the English sentences, code -> sentence."""
    text = (files("diaban.core") / "data" / "refusals.en.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def english_sentence(refusal: DomainError) -> str:
    """Return what a refusal says in English; a code without a sentence says the general one."""
    sentences = english_refusals()
    return sentences.get(refusal.code, sentences["refused"])
