"""Figures for tests: random ones near the thresholds, and ones that meet a whole set."""

from decimal import Decimal

from hypothesis import strategies as st

from diaban.core.numbers import Absence, Kind
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import builtin_ids, builtin_set

CATALOGUE = builtin_catalogue()
SETS = [builtin_set(name) for name in builtin_ids()]
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 13))

# Around every count threshold of the sets, and small enough that ratios meet their bounds.
_NEAR = [0, 1, 2, 3, 5, 10, 99, 100, 499, 500, 2999, 3000, 7999, 8000, 10_000]
counts = st.one_of(st.sampled_from(_NEAR), st.integers(0, 20), st.integers(0, 10_000))
residents = st.one_of(st.sampled_from([0, 1000, 2000, 10_000]), st.integers(0, 20_000))
areas_m2 = st.one_of(
    st.sampled_from([Decimal(n) for n in ("0", "124.99", "125", "749.99", "750", "2000")]),
    st.decimals(0, 3000, places=2),
)
absences = st.sampled_from(list(Absence))


def values_of(code):
    """Return a strategy for one indicator's value, sometimes absent."""
    kind = CATALOGUE[code].kind
    if kind is Kind.BOOLEAN:
        given = st.booleans()
    elif kind is Kind.DECIMAL:
        given = areas_m2
    else:
        given = residents if code == "population_resident" else counts
    return st.one_of(given, given, given, given, absences)


def figures_for(codes):
    """Return a strategy for the values of some indicators, some of them not there at all."""
    every = {code: values_of(code) for code in codes}
    return st.fixed_dictionaries({}, optional=every)


def all_figures(criteria):
    """Return a strategy for everything that a set may look at."""
    now = figures_for(criteria.codes)
    return st.builds(
        lambda this, before, months: Figures(
            "2026", this, "2025", before, tuple(zip(MONTHS, months, strict=True))
        ),
        now,
        now if criteria.looks_back else st.just({}),
        st.lists(now, min_size=12, max_size=12) if criteria.looks_at_months else st.just([{}] * 12),
    )
