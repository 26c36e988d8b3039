"""
A second opinion on assessment, written from the legal text and not from the engine.

Unknown statements are tried both ways: what comes out the same in every case is decided, the
rest is not. Ratios are compared with Fraction divisions. Slow, short, and sharing no code.
"""

from fractions import Fraction
from itertools import product


def in_every_case(statements, decide):
    """Return True or False where `decide` says so whatever the unknown (None) are; else None."""
    unknown = [index for index, statement in enumerate(statements) if statement is None]
    answers = set()
    for guesses in product((True, False), repeat=len(unknown)):
        case = list(statements)
        for index, guess in zip(unknown, guesses, strict=True):
            case[index] = guess
        answers.add(decide(case))
    return answers.pop() if len(answers) == 1 else None


def both(*statements):
    return in_every_case(statements, all)


def either(*statements):
    return in_every_case(statements, any)


def at_least(count, statements):
    return in_every_case(statements, lambda case: sum(case) >= count)


def known(*values):
    return all(value is not None for value in values)


def share(part, whole):
    """Return a share of residents; None where it is missing or impossible."""
    if not known(part, whole) or whole == 0 or part > whole:
        return None
    return Fraction(part) / Fraction(whole)


def holds(value, test):
    return None if value is None else test(value)


def percent(text):
    return Fraction(text) / 100


def commune_class(figures, reading):
    """Return the class of Quyết định 28/2025, Điều 4 and 6, under one reading."""
    get = figures.get
    a = share(get("on_file"), get("population_resident"))
    c = share(get("offenders_arrested"), get("population_resident"))
    b = get("use_points_open")
    plants, area = get("plants_destroyed"), get("plant_area_destroyed_m2")
    route = get("on_key_route")

    if known(*(get(k) for k in ("addicts_present", "addicts_in_substitution"))) and known(
        get("addicts_in_home_rehab")
    ):
        rest = (
            get("addicts_present") - get("addicts_in_substitution") - get("addicts_in_home_rehab")
        )
        none_addicted = None if rest < 0 else rest == 0
    else:
        none_addicted = None
    drug_free = both(
        both(none_addicted, holds(get("users_present"), lambda n: n == 0)),
        both(
            holds(get("residents_breaking_drug_law"), lambda n: n == 0),
            holds(get("wanted_hiding"), lambda n: n == 0),
        ),
        holds(b, lambda n: n == 0),
    )

    def plants_in(low_plants, low_area, high_plants=None, high_area=None):
        return either(
            holds(plants, lambda n: n >= low_plants and (high_plants is None or n < high_plants)),
            holds(area, lambda n: n >= low_area and (high_area is None or n < high_area)),
        )

    reaches_2 = [
        holds(a, lambda s: s >= percent("0.1")),
        holds(b, lambda n: n >= 1),
        holds(c, lambda s: s >= percent("0.05")),
        plants_in(500, 125),
    ]
    reaches_3 = [
        holds(a, lambda s: s > 0),
        holds(b, lambda n: n >= 1),
        holds(c, lambda s: s > 0),
        either(holds(plants, lambda n: n > 0), holds(area, lambda n: n > 0)),
    ]
    type_1 = at_least(
        3,
        [
            holds(a, lambda s: s >= percent("0.5")),
            holds(b, lambda n: n >= 2),
            holds(c, lambda s: s >= percent("0.1")),
            plants_in(3000, 750),
            both(at_least(2, reaches_2), route),
        ],
    )
    second_by_combination = both(at_least(2, reaches_3), route)
    if reading == "literal":
        type_2 = at_least(
            3,
            [
                holds(a, lambda s: percent("0.1") <= s < percent("0.5")),
                holds(b, lambda n: n == 1),
                holds(c, lambda s: percent("0.05") <= s < percent("0.1")),
                plants_in(500, 125, 3000, 750),
                second_by_combination,
            ],
        )
        type_3 = either(
            holds(a, lambda s: s < percent("0.1")),
            holds(c, lambda s: s < percent("0.05")),
            either(holds(plants, lambda n: n < 500), holds(area, lambda n: n < 125)),
        )
    else:
        type_2 = at_least(3, [*reaches_2, second_by_combination])
        type_3 = either(reaches_3[0], reaches_3[2], reaches_3[3])

    for name, found in (
        ("drug_free", drug_free),
        ("type_1", type_1),
        ("type_2", type_2),
        ("type_3", type_3),
    ):
        if found is None:
            return "undetermined"
        if found:
            return name
    return "none"


def key_province(figures):
    """Return whether a province is a key province (Điều 5): True, False or None."""
    get = figures.get
    keys = (
        None
        if not known(get("communes_key_1"), get("communes_key_2"))
        else get("communes_key_1") + get("communes_key_2")
    )
    return at_least(
        4,
        [
            holds(share(get("on_file"), get("population_resident")), lambda s: s >= percent("0.2")),
            holds(get("use_points_open"), lambda n: n >= 5),
            holds(
                share(get("offenders_arrested"), get("population_resident")),
                lambda s: s >= percent("0.05"),
            ),
            holds(share(keys, get("communes")), lambda s: s >= percent("3")),
            either(
                holds(get("plants_destroyed"), lambda n: n >= 8000),
                holds(get("plant_area_destroyed_m2"), lambda n: n >= 2000),
            ),
            get("on_interprovincial_key_route"),
        ],
    )
