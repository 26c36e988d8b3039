"""
G7, G15. The kept totals of a nation in the product's own database.

G7: what one save adds to the totals of commune, province and nation, in a transaction of its own,
against adding up the whole month anew from the packed rows; both through the product. G15: the
figures of a province, twelve months, sixty columns, against Django's `values_list` on a table of
one row a value, added up into the same figures.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.database import empty_database
from bench.measure import Line, compare
from bench.nation import COMMUNES, PROVINCES, Nation, nation
from diaban.core.periods import months_of, parse_label
from diaban.indicators.rules.catalogue import AcrossPeriods
from diaban.indicators.rules.rollup import Totals

if TYPE_CHECKING:
    from diaban.areas.models import Area, BoundaryVersion
    from diaban.indicators.models import FormVersion, Return

YEAR, MONTH = parse_label("2026"), "2026-11"
NOW = datetime(2027, 1, 5, tzinfo=UTC)
SAVES = 10


def run() -> list[Line]:
    """Return both comparisons."""
    of = nation()
    with empty_database():
        return [_update(of), _dashboard(of)]


def _update(of: Nation) -> Line:
    from django.db import transaction

    from diaban.indicators.models import KeptTotal
    from diaban.indicators.totals import (
        add_along_path,
        commune_totals,
        layout_of,
        packed_of,
        recompute,
        totals_of,
        write_totals,
    )

    _map, _provinces, communes = _areas(of)
    version = _form(of)
    _returns(of, version, communes, [MONTH])
    layout = layout_of(version)
    kept = []
    for area_id, totals in recompute(MONTH, version).items():
        row = KeptTotal(area_id=area_id, period=MONTH, version=version)
        write_totals(row, totals, NOW)
        kept.append(row)
    KeptTotal.objects.bulk_create(kept)
    stored = _stored(communes[COMMUNES // 2], version)
    difference = commune_totals(layout, packed_of(stored.packed))
    back = Totals(-difference.sums, -difference.reporting, -difference.units, -difference.returns)

    def ours() -> Any:
        for number in range(SAVES):
            with transaction.atomic():
                add_along_path(stored, layout, back if number % 2 else difference, NOW)
        return _national()

    def theirs() -> Any:
        for _ in range(SAVES):
            found = recompute(MONTH, version)
        return found[_nation_id()]

    def _national() -> Totals:
        return totals_of(KeptTotal.objects.get(area=_nation_id(), period=MONTH))

    return compare(
        "G7",
        f"cộng {SAVES} lần lưu vào tổng xã, tỉnh, cả nước",
        "cộng lại cả tháng từ đầu",
        1 / 50,
        ours,
        theirs,
        lambda our, their: our.same_as(their),
        rounds=5,
    )


def _dashboard(of: Nation) -> Line:
    from django.db import connection, models

    from diaban.areas.models import Area, BoundaryVersion
    from diaban.indicators.longer import totals_over
    from diaban.indicators.models import FormVersion, KeptTotal
    from diaban.indicators.totals import layout_of, recompute, write_totals

    class LongMonth(models.Model):
        area = models.ForeignKey(Area, on_delete=models.CASCADE)
        period = models.CharField(max_length=8)
        indicator = models.CharField(max_length=60)
        value = models.BigIntegerField(null=True)
        given = models.BooleanField()
        complete = models.BooleanField()

        class Meta:
            app_label = "indicators"
            indexes = [models.Index(fields=["area", "period"], name="long_by_area")]

        def __str__(self) -> str:
            return f"{self.area_id} {self.period} {self.indicator}"

    with connection.schema_editor() as editor:
        editor.create_model(LongMonth)
    version, tree = FormVersion.objects.get(), BoundaryVersion.objects.get()
    layout = layout_of(version)
    provinces = of.province_of.tolist()
    place = max(range(PROVINCES), key=lambda one: abs(provinces.count(one) - 98) * -1)
    province = Area.objects.get(code=f"P{place:02}")
    mine = [one for one, above in enumerate(provinces) if above == place]
    months = [month.label for month in months_of(YEAR)]
    areas = {f"C{one:04}": one for one in mine}
    communes = list(Area.objects.filter(code__in=areas).order_by("code"))
    _returns(of, version, communes, [one for one in months if one != MONTH])
    KeptTotal.objects.all().delete()
    codes = layout.codes
    for label in months:
        long, rows = [], []
        for area_id, totals in recompute(label, version).items():
            row = KeptTotal(area_id=area_id, period=label, version=version)
            write_totals(row, totals, NOW)
            rows.append(row)
            if any(area_id == one.pk for one in communes):
                long += [
                    LongMonth(
                        area_id=area_id,
                        period=label,
                        indicator=code,
                        value=int(totals.sums[at]),
                        given=bool(totals.units[at]),
                        complete=bool(totals.reporting[at]),
                    )
                    for at, code in enumerate(codes)
                ]
        KeptTotal.objects.bulk_create(rows)
        LongMonth.objects.bulk_create(long, batch_size=2000)

    def ours() -> Any:
        over = totals_over(province, tree, months_of(YEAR), version.code, layout.indicators)
        return dict(over.sums), dict(over.reporting)

    def theirs() -> Any:
        return _from_values(LongMonth.objects, communes, months, layout.indicators)

    return compare(
        "G15",
        f"số liệu một tỉnh {len(mine)} xã, 12 tháng, {len(codes)} chỉ số",
        "values_list trên bảng dài",
        1 / 5,
        ours,
        theirs,
        lambda our, their: our == their,
    )


def _from_values(
    rows: Any, communes: Sequence["Area"], months: Sequence[str], indicators: Any
) -> tuple[dict[str, Any], dict[str, int]]:
    """Add up one row a value as `totals_over` says."""
    months_complete: dict[tuple[int, str], int] = defaultdict(int)
    largest: dict[tuple[int, str], int] = defaultdict(int)
    by_month: dict[tuple[str, str], int] = defaultdict(int)
    given_in: set[tuple[str, str]] = set()
    last: dict[str, int] = defaultdict(int)
    found = rows.filter(area__in=[one.pk for one in communes], period__in=months).values_list(
        "area_id", "period", "indicator", "value", "given", "complete"
    )
    for area, period, code, value, given, complete in found:
        if given:
            by_month[code, period] += value
            given_in.add((code, period))
            if value > largest[area, code]:
                largest[area, code] = value
        if complete:
            months_complete[area, code] += 1
            if period == months[-1]:
                last[code] += 1
    sums: dict[str, Any] = {}
    reporting: dict[str, int] = {}
    for one in indicators:
        stock = one.across_periods is AcrossPeriods.LAST
        asked = months[-1:] if stock else months
        given = [label for label in asked if (one.code, label) in given_in]
        if one.across_periods is AcrossPeriods.MAX:
            whole = sum(largest[area.pk, one.code] for area in communes)
        else:
            whole = sum(by_month[one.code, label] for label in given)
        sums[one.code] = whole if given else None
        reporting[one.code] = (
            last[one.code]
            if stock
            else sum(months_complete[area.pk, one.code] == len(months) for area in communes)
        )
    return sums, reporting


def _nation_id() -> int:
    from diaban.areas.models import Area

    return int(Area.objects.values_list("pk", flat=True).get(code="VN"))


def _areas(of: Nation) -> tuple["BoundaryVersion", list["Area"], list["Area"]]:
    """Write nation, provinces and communes with their intervals."""
    from diaban.areas.models import Area, BoundaryVersion, Placement

    since = date(2025, 7, 1)

    def area(code: str, level: str) -> Area:
        return Area(code=code, level=level, name=code, type="", sort_key=code, valid_from=since)

    country = area("VN", "nation")
    provinces = [area(f"P{number:02}", "province") for number in range(PROVINCES)]
    communes = [area(f"C{number:04}", "commune") for number in range(COMMUNES)]
    Area.objects.bulk_create([country, *provinces, *communes])
    tree = BoundaryVersion.objects.create(number=1, valid_from=since, published_at=NOW)
    placed = [Placement(version=tree, area=country, left=0, right=10**6, depth=0)]
    left = 0
    for number, province in enumerate(provinces):
        below = [communes[int(one)] for one in np.flatnonzero(of.province_of == number)]
        start = left = left + 1
        for commune in below:
            left += 1
            placed.append(
                Placement(
                    version=tree, area=commune, parent=province, left=left, right=left, depth=2
                )
            )
        placed.append(
            Placement(version=tree, area=province, parent=country, left=start, right=left, depth=1)
        )
    Placement.objects.bulk_create(placed, batch_size=1000)
    return tree, provinces, communes


def _form(of: Nation) -> "FormVersion":
    from diaban.indicators.models import FormVersion

    return FormVersion.objects.create(
        code="thang",
        number=1,
        name="Biểu",
        period_kind="month",
        sections=[["", [one.code for one in of.layout.commune]]],
        hamlet_codes=[one.code for one in of.layout.hamlet],
        due_days=2,
        source="",
        valid_from=date(2025, 7, 1),
    )


def _returns(
    of: Nation, version: "FormVersion", communes: Sequence["Area"], labels: Sequence[str]
) -> None:
    """Write approved returns with their packed rows, the same figures every month."""
    from diaban.indicators.models import PackedReturn, Return, Roster

    rosters = Roster.objects.bulk_create(
        [
            Roster(commune=one, number=1, hamlet_codes=[], made_at=NOW)
            for one in communes
            if not one.rosters.exists()
        ],
        batch_size=1000,
    )
    roster = {one.commune_id: one for one in rosters}
    roster |= {one.commune_id: one for one in Roster.objects.filter(commune__in=communes)}
    dtype = of.layout.dtype
    for label in labels:
        returns = Return.objects.bulk_create(
            [
                Return(
                    area=one,
                    period=label,
                    form="thang",
                    version=version,
                    roster=roster[one.pk],
                    state="approved",
                    revision=1,
                    document={"values": {}, "hamlets": {}},
                    saved_at=NOW,
                    saved_by="",
                )
                for one in communes
            ],
            batch_size=1000,
        )
        places = [int(one.code[1:]) for one in communes]
        PackedReturn.objects.bulk_create(
            [
                PackedReturn(
                    of=stored,
                    period=label,
                    version=version,
                    area=stored.area,
                    hamlets=int(of.hamlet_counts[place]),
                    commune_values=of.own[place].astype(dtype).tobytes(),
                    hamlet_values=of.hamlets[place].astype(dtype).tobytes(),
                )
                for stored, place in zip(returns, places, strict=True)
            ],
            batch_size=1000,
        )


def _stored(area: "Area", version: "FormVersion") -> "Return":
    from diaban.indicators.models import Return

    return Return.objects.select_related("version", "packed").get(
        area=area, period=MONTH, version=version
    )
