"""Every name and code that a unit ever had is found, however it is written."""

import unicodedata
from collections import defaultdict

import pytest

from diaban.areas.models import Area, AreaName, Succession
from diaban.areas.rules.levels import SHORT_FORMS, Level
from diaban.areas.rules.names import Named, name_key, pick, read_query

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]

# Where the tone mark of a syllable that ends in oa, oe or uy stood before and stands now.
OLD_PLACES = [
    (old + end, new) for old, new, end in (
        ("òa", "oà", ""), ("óa", "oá", ""), ("ỏa", "oả", ""), ("õa", "oã", ""), ("ọa", "oạ", ""),
        ("òe", "oè", ""), ("óe", "oé", ""), ("ỏe", "oẻ", ""), ("õe", "oẽ", ""), ("ọe", "oẹ", ""),
        ("ùy", "uỳ", ""), ("úy", "uý", ""), ("ủy", "uỷ", ""), ("ũy", "uỹ", ""), ("ụy", "uỵ", ""),
    )
]  # fmt: skip


def other_place(text):
    """Return a name with the tone marks at the other place."""
    for here, there in OLD_PLACES:
        if here in text:
            return text.replace(here, there)
        if there in text:
            return text.replace(there, here)
    return text


def without_marks(text):
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(one for one in bare if not unicodedata.combining(one))


def shortened(type_word, name):
    """Return the ways in which people shorten the type word: TP. X, Tp X, H. X."""
    for short in SHORT_FORMS.get(type_word, ()):
        if short.isascii() and " " not in short:
            yield f"{short.upper()}. {name}"
            yield f"{short.capitalize()} {name}"
            yield f"{short.upper()}.{name}"


def written(type_word, name):
    """Return the ways to write a unit that must find it."""
    full = f"{type_word} {name}".strip()
    yield from (name, name.upper(), without_marks(name), other_place(name))
    yield from (full, without_marks(full).upper(), other_place(full))
    yield from shortened(type_word, name)


def test_every_name_is_found_with_and_without_marks_and_with_every_short_form():
    rows = list(
        AreaName.objects.exclude(level=Level.NATION).values_list(
            "pk", "name", "type", "key", "level"
        )
    )
    by_key = defaultdict(list)
    for pk, name, type_word, key, level in rows:
        by_key[key].append((pk, Named("", name, type_word, key, Level(level), True)))

    lost, asked = [], 0
    for pk, name, type_word, _key, _level in rows:
        for text in dict.fromkeys(written(type_word, name)):
            asked += 1
            query = read_query(text)
            found = [one for key in query.keys for one in by_key[key]]
            answers = {found[place][0] for _, place in pick(query, [named for _, named in found])}
            if pk not in answers:
                lost.append(text)

    assert lost == []
    assert (len(rows) > 14_000, asked > 100_000) == (True, True)


def test_every_key_in_the_table_is_that_of_its_name():
    wrong = [
        name for name, key in AreaName.objects.values_list("name", "key") if name_key(name) != key
    ]

    assert wrong == []


def test_every_code_that_ever_was_leads_to_units_of_today():
    """The crosswalk walked in memory; districts lead there by their communes."""
    went = defaultdict(list)
    for old, new in Succession.objects.values_list("old_id", "new_id"):
        went[old].append(new)
    living = set(Area.objects.filter(valid_to=None).values_list("pk", flat=True))
    communes = defaultdict(list)
    for area, parent in Area.objects.filter(
        level=Level.COMMUNE, placements__version__number=1
    ).values_list("pk", "placements__parent"):
        communes[parent].append(area)

    def today(area):
        if area in living:
            return {area}
        nexts = went[area] or communes[area]
        return {found for one in nexts for found in today(one)}

    silent = [area.code for area in Area.objects.all() if not today(area.pk)]

    assert silent == []
