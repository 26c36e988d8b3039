"""
G13. Saving a commune's return through the product, against an upsert of one row a value.

Ours is `save_return` with everything on: rights, rules, the return as JSON, its revision and the
audit chain. The peer is Django's own `bulk_create` upsert of the same numbers into a long table,
with none of that. Both end with a commit in a SQLite file.
"""

from datetime import timedelta
from typing import Any

from bench.database import empty_database
from bench.measure import Line, compare

HAMLETS, SAVES = 12, 5


def run() -> list[Line]:
    """Return the comparison."""
    with empty_database():
        return [_saving()]


def _saving() -> Line:
    from django.db import connection, models, transaction

    from diaban.areas.models import Placement
    from diaban.areas.rules.levels import Level
    from diaban.indicators.models import Return
    from diaban.indicators.services import save_return
    from tests.village import NOW, build_village, make_area

    village = build_village()
    version = village.lower.placements.get().version
    for number in range(4, HAMLETS + 1):
        hamlet = make_area(f"98001.{number:03}", Level.HAMLET, f"Hạ {number}", "thôn")
        Placement.objects.create(
            version=version, area=hamlet, parent=village.lower, left=3 + number,
            right=3 + number, depth=3,
        )  # fmt: skip

    class LongValue(models.Model):
        area = models.CharField(max_length=20)
        period = models.CharField(max_length=8)
        indicator = models.CharField(max_length=60)
        value = models.BigIntegerField(null=True)

        class Meta:
            app_label = "indicators"
            constraints = [
                models.UniqueConstraint(fields=["area", "period", "indicator"], name="long_once")
            ]

        def __str__(self) -> str:
            return f"{self.area} {self.period} {self.indicator}"

    with connection.schema_editor() as editor:
        editor.create_model(LongValue)
    actor = village.actor(village.lan)
    turn = {"ours": 0, "theirs": 0}

    def numbers(number: int) -> dict[str, int]:
        from diaban.indicators.models import FormVersion

        form = FormVersion.objects.get(code="thang")
        codes = [code for code in form.commune_codes if code != "on_key_route"]
        cells = dict.fromkeys(codes, number % 7)
        for row in range(1, HAMLETS + 1):
            cells |= {f"{c}.98001.{row:03}": number % 2 for c in form.hamlet_codes}
        return cells

    given = [numbers(number) for number in range(2)]

    def ours() -> Any:
        number = turn["ours"]
        turn["ours"] += 1
        typed = {cell: str(value) for cell, value in given[number % 2].items()}
        saved = save_return(
            actor=actor, area_code="98001", period_label="2026-11", form="thang", typed=typed,
            revision=number, client_key=f"k{number}", at=NOW + timedelta(seconds=number),
        )  # fmt: skip
        return saved.stored.revision

    def theirs() -> Any:
        number = turn["theirs"]
        turn["theirs"] += 1
        rows = []
        for cell, value in given[number % 2].items():
            code, _dot, row = cell.partition(".")
            rows.append(
                LongValue(area=row or "98001", period="2026-11", indicator=code, value=value)
            )
        with transaction.atomic():
            LongValue.objects.bulk_create(
                rows, update_conflicts=True, update_fields=["value"],
                unique_fields=["area", "period", "indicator"],
            )  # fmt: skip
        return number + 1

    line = compare(
        "G13",
        f"lưu {SAVES} lần biểu {len(given[0])} số, có quyền, lịch sử, nhật ký, quy tắc",
        "bulk_create ghi đè vào bảng dài, không có gì thêm",
        1 / 2,
        lambda: [ours() for _ in range(SAVES)],
        lambda: [theirs() for _ in range(SAVES)],
        lambda our, their: our == their,
        rounds=15,
    )
    if Return.objects.get().revision != turn["ours"] or LongValue.objects.count() != len(given[0]):
        raise AssertionError("G13: not every save is there")
    return line
