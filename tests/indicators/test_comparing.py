"""The same figures on the map of then and on that of today."""

from datetime import date

import pytest

from diaban.accounts.selectors import local_administrator
from diaban.areas.models import Area
from diaban.areas.reorganising import undo_change
from diaban.areas.rules.operations import Kind
from diaban.core.periods import parse_label
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.comparing import figures_on_map
from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import AcrossAreas, builtin_catalogue
from diaban.indicators.rules.returns import State
from diaban.indicators.rules.views import Figure, View
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import SPLIT, publish
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

LATER = date(2027, 2, 1)
MONTH = parse_label("2026-10")


@pytest.fixture
def code(village):
    """Send October of both communes with one count: 100 in Hạ, 7 in Thượng."""
    form = FormVersion.objects.first()
    catalogue = builtin_catalogue()
    found = next(
        one for one in form.commune_codes
        if catalogue[one].across_areas is AcrossAreas.SUM and catalogue[one].scale == 1
    )  # fmt: skip
    store_many(
        form.code,
        [
            Ready(
                area=area,
                period=MONTH.label,
                state=State.SUBMITTED,
                document={
                    "values": {found: value},
                    "hamlets": {hamlet.code: {} for hamlet in village.hamlets[area.code]},
                },
                saved_at=NOW,
                saved_by="Thử",
                submitted_at=NOW,
            )
            for area, value in ((village.lower, 100), (village.upper, 7))
        ],
        NOW,
    )
    return found


def shown(code, view):
    areas = Area.objects.at("commune")
    areas = areas.on(MONTH.end) if view is View.AS_REPORTED else areas.on(LATER)
    found = figures_on_map(areas, MONTH, view, today=LATER).figures
    names = dict(Area.objects.values_list("pk", "name"))
    return {names[area]: figures[code] for area, figures in found.items()}


def test_a_divided_commune_is_an_estimate_on_todays_map_and_exact_on_that_of_then(village, code):
    publish(local_administrator(TODAY), SPLIT)

    assert shown(code, View.AS_REPORTED) == {"Hạ": Figure(100), "Thượng": Figure(7)}
    assert shown(code, View.TODAY) == {
        "Đông": Figure(60, True), "Tây": Figure(40, True), "Thượng": Figure(7),
    }  # fmt: skip


def test_a_commune_that_takes_another_in_has_both_figures(village, code):
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", into=[part("98002")]))

    assert shown(code, View.TODAY) == {"Thượng": Figure(107)}


def test_undoing_brings_the_old_view_back(village, code):
    admin = local_administrator(TODAY)
    change = publish(admin, SPLIT)
    undo_change(actor=admin, change_id=change.pk, at=NOW)

    assert shown(code, View.TODAY) == {"Hạ": Figure(100), "Thượng": Figure(7)}
