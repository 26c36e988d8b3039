"""What must hold of returns, packed rows and totals; each recomputed another way."""

from collections import defaultdict
from collections.abc import Iterator

from diaban.areas.models import Placement
from diaban.areas.selectors import version_on
from diaban.core.checks import Check
from diaban.core.numbers import Absence
from diaban.indicators.models import FormVersion, KeptTotal, PackedReturn, Return, Revision
from diaban.indicators.rules.entry import decode
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.rollup import Layout, WrongLength, pack, unpack
from diaban.indicators.totals import layout_of, packed_of, recompute, totals_of
from diaban.indicators.windows import window_called

_CHUNK = 500


def _packed_rows() -> Iterator[str]:
    """Compare every packed row with the document it was made from."""
    layouts = _layouts()
    returns = Return.objects.select_related("roster", "area", "packed")
    for one in returns.filter(state__in=COUNTED).iterator(chunk_size=_CHUNK):
        row = getattr(one, "packed", None)
        if row is None:
            yield f"{_name(one)}: biểu đã gửi nhưng không có dòng đóng gói."
            continue
        if packed_of(row) != pack(layouts[one.version_id], one.document, one.roster.hamlet_codes):
            yield f"{_name(one)}: dòng đóng gói khác với biểu đã ký."
    for row in PackedReturn.objects.exclude(of__state__in=COUNTED).select_related("area"):
        yield f"{row.area.full_name}, kỳ {row.period}: có dòng đóng gói của biểu chưa gửi."


def _row_lengths() -> Iterator[str]:
    """Compare the length of every packed row with its roster."""
    layouts = _layouts()
    rows = PackedReturn.objects.select_related("area", "of__roster")
    for row in rows.iterator(chunk_size=_CHUNK):
        name = f"{row.area.full_name}, kỳ {row.period}"
        if row.hamlets != len(row.of.roster.hamlet_codes):
            yield f"{name}: dòng đóng gói có {row.hamlets} thôn, danh sách thôn có khác."
        try:
            unpack(layouts[row.version_id], packed_of(row))
        except WrongLength as refusal:
            yield f"{name}: {refusal.sentence}"


def _kept_totals() -> Iterator[str]:
    """Compare the kept totals with a full recomputation from the packed rows."""
    versions = {version.pk: version for version in FormVersion.objects.all()}
    for period, version_id in _periods():
        anew = recompute(period, versions[version_id])
        kept = {
            row.area_id: totals_of(row)
            for row in KeptTotal.objects.filter(period=period, version=version_id)
        }
        for area in sorted(anew.keys() | kept.keys()):
            if area not in anew:
                # A total that went back to nothing may stay as a row of zeros.
                if kept[area].anything:
                    yield f"Kỳ {period}, địa bàn {area}: tổng lưu không còn biểu nào đứng sau."
            elif area not in kept:
                yield f"Kỳ {period}, địa bàn {area}: thiếu tổng lưu."
            elif not kept[area].same_as(anew[area]):
                yield f"Kỳ {period}, địa bàn {area}: tổng lưu khác tổng tính lại."


def _oracle() -> Iterator[str]:
    """Compare the national kept totals with a plain sum over the signed documents."""
    versions = {version.pk: version for version in FormVersion.objects.all()}
    for period, version_id in _periods():
        layout = layout_of(versions[version_id])
        root = Placement.objects.get(
            version=version_on(window_called(period).end), parent__isnull=True
        )
        row = KeptTotal.objects.filter(period=period, version=version_id, area=root.area_id).first()
        kept = totals_of(row).sums.tolist() if row else [0] * len(layout.codes)
        sums = _plain_sums(period, version_id, layout)
        for code, held in zip(layout.codes, kept, strict=True):
            if held != sums[code]:
                yield (
                    f"Kỳ {period}, chỉ số {code}: cả nước lưu {held}, cộng từ các biểu đã ký "
                    f"là {sums[code]}, lệch {held - sums[code]}."
                )


def _plain_sums(period: str, version_id: int, layout: Layout) -> dict[str, int]:
    """Add up documents one value at a time: slow, and shares no code with the arrays."""
    scales = {indicator.code: indicator.scale for indicator in layout.indicators}
    own = {indicator.code for indicator in layout.commune}
    sums: dict[str, int] = defaultdict(int)
    returns = Return.objects.filter(period=period, version=version_id, state__in=COUNTED)
    for document, codes in returns.values_list("document", "roster__hamlet_codes"):
        rows = [document["values"], *(document["hamlets"].get(code, {}) for code in codes)]
        for number, row in enumerate(rows):
            for code, cell in row.items():
                value = decode(cell)
                if (code in own) == (number == 0) and not isinstance(value, Absence):
                    sums[code] += int(value * scales.get(code, 1))
    return sums


def _revisions() -> Iterator[str]:
    """Every return ends with a revision that is its present state, numbered without a gap."""
    last: dict[int, tuple[int, int, str]] = {}
    rows = Revision.objects.order_by("of", "number").values_list("of_id", "number", "state")
    for of_id, number, state in rows.iterator(chunk_size=2000):
        count = last.get(of_id, (0, 0, ""))[0] + 1
        last[of_id] = (count, number, state)
    for one in Return.objects.select_related("area").defer("document").iterator(_CHUNK):
        count, number, state = last.get(one.pk, (0, 0, ""))
        if one.revision and (count != one.revision or number != one.revision):
            yield f"{_name(one)}: lịch sử có {count} bản, biểu ghi bản {one.revision}."
        elif one.revision and State(state) is not State(one.state):
            yield f"{_name(one)}: bản cuối trong lịch sử ở trạng thái khác với biểu."


def _layouts() -> dict[int, Layout]:
    return {version.pk: layout_of(version) for version in FormVersion.objects.all()}


def _periods() -> list[tuple[str, int]]:
    stored = set(PackedReturn.objects.values_list("period", "version_id").distinct())
    kept = set(KeptTotal.objects.values_list("period", "version_id").distinct())
    return sorted(stored | kept)


def _name(one: Return) -> str:
    return f"{one.area.full_name}, biểu {one.form} kỳ {one.period}"


CHECKS = (
    Check("packed_rows", "Mọi dòng đóng gói đúng với biểu đã ký.", _packed_rows),
    Check("row_lengths", "Mọi dòng đóng gói đủ số thôn trong danh sách.", _row_lengths),
    Check("kept_totals", "Mọi tổng lưu bằng tổng tính lại từ đầu.", _kept_totals),
    Check("oracle", "Tổng cả nước bằng phép cộng từng số trên biểu đã ký.", _oracle),
    Check("revisions", "Lịch sử của mọi biểu liền mạch.", _revisions),
)
