"""What a commune calls its hamlets, and which type words it is offered first."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from diaban.areas.models import Area
from diaban.areas.rules.levels import TYPE_WORDS, Level

TOWN: Final = (
    "tổ dân phố", "khu phố", "khu dân cư", "khóm", "tiểu khu", "khối phố", "khối", "khu", "tổ",
)  # fmt: skip
URBAN: Final = frozenset({"phường", "thị trấn"})


def noun_of(commune: Area) -> str:
    """Return the word for a commune's hamlets: a ward has no thôn."""
    if commune.type_word in URBAN:
        return _("tổ dân phố")
    return _("thôn, tổ dân phố") if commune.type_word == "đặc khu" else _("thôn")


def types_for(commune: Area, used: Iterable[str] = ()) -> list[str]:
    """Return all type words: those in use by how often, then those that fit the commune."""
    words = TYPE_WORDS[Level.HAMLET]
    fitting = [one for one in words if (one in TOWN) == (commune.type_word in URBAN)]
    counted = [one for one, _n in Counter(used).most_common() if one in words]
    return list(dict.fromkeys([*counted, *fitting, *words]))
