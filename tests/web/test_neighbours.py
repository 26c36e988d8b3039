"""Whoever asks for what is another area's is told that there is nothing."""

import pytest
from django.urls import reverse

from diaban.indicators.models import Return
from tests.indicators.test_services import typed_for
from tests.plans.neighbours import OWN, THEIRS
from tests.web.province import filled

pytestmark = pytest.mark.django_db

LANS = [
    ("get", "web:overview", ["98001"]),
    ("get", "web:overview-of", ["98001", "2026"]),
    ("get", "web:overview-of", ["98", "2026"]),
    ("get", "web:returns", ["98001"]),
    ("get", "web:return", ["98001", "2026-11"]),
    ("post", "web:return", ["98001", "2026-11"]),
    ("post", "web:autosave", ["98001", "2026-11"]),
    ("post", "web:review", ["98001", "2026-11"]),
    ("get", "web:revisions", ["98001", "2026-11"]),
    ("get", "web:proof", ["98001", "2026-11"]),
    ("get", "web:proof", ["98", "2026-11"]),
    ("get", "web:approve-all", ["98", "2026-11"]),
    ("get", "web:explanations", ["98001", "2026-11"]),
    ("post", "web:approve-all", ["98", "2026-11"]),
    ("get", "web:return-workbook", ["98001", "2026-11"]),
    ("post", "web:import-return", ["98001", "2026-11"]),
    ("get", "web:return-errors", ["98001", "2026-11", "0" * 32]),
    ("get", "web:hamlet-reports", ["98001.001"]),
    ("get", "web:hamlet", ["98001.001", "2026-11"]),
    ("post", "web:hamlet", ["98001.001", "2026-11"]),
    ("post", "web:autosave-hamlet", ["98001.001", "2026-11"]),
    ("post", "web:give-back-hamlet", ["98001.001", "2026-11"]),
    ("get", "web:consolidation", ["98", "2026-11"]),
    ("post", "web:consolidation", ["98", "2026-11"]),
    ("get", "web:completeness", ["98001", "2026-11"]),
    ("get", "web:completeness", ["98", "2026-11"]),
    ("get", "web:bulk-import", ["98001", "2026-11"]),
    ("get", "web:bulk-import", ["98", "2026-11"]),
    ("post", "web:bulk-import", ["98001", "2026-11"]),
    ("get", "web:import-job", ["98001", "2026-11", 1]),
    ("post", "web:act-on-import", ["98001", "2026-11", 1]),
    ("get", "web:import-copies", ["98001", "2026-11", 1]),
    ("get", "web:remind-returns", ["98", "2026-11"]),
    ("post", "web:remind-returns", ["98001", "2026-11"]),
    ("get", "web:reminders", ["98001", "2026-11"]),
    ("get", "web:export-completeness", ["98001", "2026-11"]),
    ("get", "web:quality", ["98001"]),
    ("get", "web:quality-of", ["98001", "2026-11"]),
    ("get", "web:quality-of", ["98", "2026-11"]),
    ("get", "web:questions", ["98001", "2026-11"]),
    ("post", "web:answer", ["98001", "2026-11"]),
    ("get", "web:reconciliations", ["98001"]),
    ("get", "web:reconciliation", ["98001", "2026-11"]),
    ("post", "web:reconciliation", ["98001", "2026-11"]),
    ("post", "web:sign-reconciliation", ["98001", "2026-11"]),
    ("get", "web:views", ["98001", "2026-11"]),
    ("get", "web:views-table", ["98001", "2026-11", "csv"]),
    ("get", "web:map", ["98001"]),
    ("get", "web:map", ["98"]),
    ("get", "web:map-of", ["98", "2026-11"]),
    ("get", "web:criteria", ["98001"]),
    ("get", "web:matrix", ["98001", "lao-cai-2023", "2026-11"]),
    ("get", "web:matrix", ["98", "lao-cai-2023", "2026-11"]),
    ("get", "web:minutes", ["lao-cai-2023", "98001", "2026-11"]),
    ("get", "web:hamlets", ["98001"]),
    ("get", "web:add-hamlet", ["98001"]),
    ("post", "web:add-hamlet", ["98001"]),
    ("get", "web:merge-hamlets", ["98001"]),
    ("post", "web:merge-hamlets", ["98001"]),
    ("get", "web:import-hamlets", ["98001"]),
    ("post", "web:import-hamlets", ["98001"]),
    ("get", "web:hamlet-template", ["98001"]),
    ("get", "web:hamlet-errors", ["98001", "0" * 32]),
    ("get", "web:commune-hamlet", ["98001", "98001.001"]),
    ("post", "web:commune-hamlet", ["98001", "98001.001"]),
    ("get", "web:changes", []),
    ("get", "web:new-change", []),
    ("get", "web:upload-change", []),
    ("get", "web:compose-change", ["merge"]),
    ("post", "web:compose-change", ["merge"]),
    ("get", "web:change", [1]),
    ("get", "web:change-effect", [1, "areas.ended"]),
    ("post", "web:publish-change", [1]),
    ("post", "web:undo-change", [1]),
    ("post", "web:redate-change", [1]),
    ("post", "web:drop-change", [1]),
    ("post", "web:drop-change-line", [1]),
]


@pytest.mark.parametrize(("method", "page", "arguments"), LANS)
def test_thu_is_told_that_there_is_nothing(village, signed_in, method, page, arguments):
    filled(village)
    before = Return.objects.get(area=village.lower)
    client = signed_in(village.thu)
    typed = {**typed_for(village, hotspots_open="7"), "revision": "1", "act": "submit",
             "client_key": "thu", "reason": "vì sao"}  # fmt: skip

    response = getattr(client, method)(reverse(page, args=arguments), typed)

    assert response.status_code == 404
    assert "Hạ 1" not in response.content.decode()
    after = Return.objects.get(area=village.lower)
    assert (after.revision, after.state, after.document) == (
        before.revision,
        before.state,
        before.document,
    )


def test_the_panel_of_a_cell_next_door_is_not_served_from_ones_own_page(village, signed_in):
    filled(village)
    url = reverse("web:matrix", args=["98002", "lao-cai-2023", "2026-11"])

    response = signed_in(village.thu).get(
        f"{url}?commune=98001&criterion=5a", headers={"HX-Request": "true"}
    )

    assert response.status_code == 404


def test_every_address_of_the_site_is_tried_by_thu_or_is_nobodys(village):
    from diaban.web.urls import urlpatterns

    tried = {page.removeprefix("web:") for _, page, _ in LANS}
    tried |= {page for _, page, _ in THEIRS}
    own = OWN | {
        "front", "sign-in", "sign-out", "language", "work", "find", "plans", "add-plan", "plan",
        "areas", "area", "look-up",
        # Groups have no area in their address; test_area_groups tries them as a neighbour.
        "area-groups", "add-area-group", "area-group", "edit-area-group", "area-tree",
        "rename-area-group", "end-area-group", "remove-group-members", "undo-group-act",
        "add-area-tree", "withdraw-area-tree",
        # test_campaigns tries these as somebody of another area and of another level.
        "campaigns", "open-campaign", "close-campaign",
    }  # fmt: skip

    assert {pattern.name for pattern in urlpatterns} == tried | own


def test_thu_does_not_find_what_is_lans(village, signed_in):
    client = signed_in(village.thu)

    page = client.get(reverse("web:find"), {"q": "Hạ"}).content.decode()
    own = client.get(reverse("web:find"), {"q": "thuong"}).content.decode()

    assert "Xã Hạ" not in page
    assert "Xã Thượng" in own
