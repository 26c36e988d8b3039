"""What must hold of units, names, the tree and the crosswalk."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from diaban.areas.models import (
    Area,
    AreaAlias,
    AreaGroup,
    AreaGroupMember,
    AreaName,
    BoundaryVersion,
    Change,
    Outline,
    Placement,
    Succession,
)
from diaban.areas.naming import former_of
from diaban.areas.rules.codes import is_sector_code, level_of_code
from diaban.areas.rules.days import Days, overlapping
from diaban.areas.rules.grouping import KEY_TYPES
from diaban.areas.rules.levels import RANK, Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import seal
from diaban.core.checks import Check

SpanRow = tuple[str, date, date | None]


def _codes_overlap() -> Iterator[str]:
    rows = Area.objects.order_by("code", "valid_from").values_list("code", "valid_from", "valid_to")
    yield from _overlaps(rows.iterator(), "Mã {0}: hai đơn vị cùng mang mã này trong một ngày.")


def _names_overlap() -> Iterator[str]:
    rows = AreaName.objects.order_by("area__code", "area__valid_from", "valid_from").values_list(
        "area__code", "area__valid_from", "valid_from", "valid_to"
    )
    # A code names one unit together with the day from which it has it.
    yield from _overlaps(
        (
            (f"{code} (từ {born:%d/%m/%Y})", start, end)
            for code, born, start, end in rows.iterator()
        ),
        "Mã {0}: hai tên trong một ngày.",
    )


def _overlaps(rows: Iterable[SpanRow], sentence: str) -> Iterator[str]:
    for key, group in groupby(rows, key=lambda row: row[0]):
        if overlapping([Days(start, end) for _, start, end in group]):
            yield sentence.format(key)


def _names_cover_the_life() -> Iterator[str]:
    rows = AreaName.objects.order_by("area_id", "valid_from").values_list(
        "area_id", "area__code", "area__valid_from", "area__valid_to", "valid_from", "valid_to"
    )
    for _, group in groupby(rows.iterator(), key=lambda row: row[0]):
        names = list(group)
        _, code, born, gone, *_ = names[0]
        gaps = any(earlier[5] != later[4] for earlier, later in pairwise(names))
        if gaps or names[0][4] != born or names[-1][5] != gone:
            yield f"Mã {code}: tên không phủ đủ thời gian tồn tại của đơn vị."
    for code in Area.objects.filter(names=None).values_list("code", flat=True):
        yield f"Mã {code}: không có tên nào."


def _latest_name_is_shown() -> Iterator[str]:
    latest = AreaName.objects.filter(
        Q(valid_to=F("area__valid_to")) | Q(valid_to=None, area__valid_to=None)
    )
    for code in latest.exclude(name=F("area__name"), type=F("area__type")).values_list(
        "area__code", flat=True
    ):
        yield f"Mã {code}: tên trên đơn vị khác tên mới nhất trong lịch sử."


def _former_names_are_current() -> Iterator[str]:
    fresh = former_of(AreaName.objects.all())
    for key, code, kept in Area.objects.values_list("pk", "code", "former").iterator():
        if kept != fresh.get(key):
            yield f"Mã {code}: tên cũ ghi ở đơn vị khác lịch sử tên."


def _levels_are_the_same() -> Iterator[str]:
    strange = AreaName.objects.exclude(level=F("area__level"))
    for code in strange.values_list("area__code", flat=True):
        yield f"Mã {code}: cấp ghi ở tên khác cấp của đơn vị."


def _keys_are_current() -> Iterator[str]:
    for code, name, key in AreaName.objects.values_list("area__code", "name", "key").iterator():
        if key != name_key(name):
            yield f"Mã {code}: khóa tìm kiếm của tên “{name}” đã cũ."


def _levels_fit_codes() -> Iterator[str]:
    for code, level in Area.objects.values_list("code", "level").iterator():
        fits = is_sector_code(code) if level == Level.SECTOR else level_of_code(code) == level
        if not fits:
            yield f"Mã {code} không phải dạng mã của cấp {level}."


def _versions_follow() -> Iterator[str]:
    trees = BoundaryVersion.objects.order_by("tree", "valid_from")
    for tree, group in groupby(trees, key=lambda version: version.tree):
        versions = list(group)
        for earlier, later in pairwise(versions):
            if earlier.valid_to != later.valid_from or earlier.number >= later.number:
                yield f"{tree}: phiên bản {later.number} không nối tiếp phiên bản trước."
        if versions[-1].valid_to is not None:
            yield f"{tree}: không có phiên bản nào còn hiệu lực."


def _one_root_each() -> Iterator[str]:
    roots = BoundaryVersion.objects.annotate(
        roots=Count("placements", filter=Q(placements__parent=None))
    )
    for version in roots.exclude(roots=1):
        yield f"{version}: phải có đúng một gốc."


def _seals_hold() -> Iterator[str]:
    for version in BoundaryVersion.objects.exclude(seal=""):
        rows = version.placements.exclude(area__level=Level.HAMLET).values_list(
            "area__code", "parent__code", "left", "right"
        )
        if seal(rows) != version.seal:
            yield f"{version}: cây địa bàn đã bị sửa sau khi công bố."


def _children_inside() -> Iterator[str]:
    """Walk each tree once in its order; a unit must lie inside the last open one above it."""
    for version in BoundaryVersion.objects.all():
        open_units: list[tuple[int, int]] = []
        rows = version.placements.order_by("left").values_list(
            "area_id", "parent_id", "left", "right", "depth", "area__code", "area__name"
        )
        for area, parent, left, right, depth, code, name in rows.iterator():
            while open_units and open_units[-1][1] < left:
                open_units.pop()
            above = open_units[-1] if open_units else (None, right)
            if above[0] != parent or right > above[1] or depth != len(open_units):
                yield f"{version}: {name} ({code}) nằm ngoài đơn vị cấp trên của nó."
            open_units.append((area, right))


def _parents_stand_higher() -> Iterator[str]:
    rows = (
        Placement.objects.filter(version__tree=BoundaryVersion.ADMINISTRATIVE)
        .exclude(parent=None)
        .values_list("area__code", "area__level", "parent__level")
    )
    for code, level, above in rows.iterator():
        if RANK[Level(level)] <= RANK[Level(above)]:
            yield f"Mã {code}: cấp trên không cao hơn nó."


def _placed_while_living() -> Iterator[str]:
    administrative = Placement.objects.filter(version__tree=BoundaryVersion.ADMINISTRATIVE)
    dead = administrative.filter(
        Q(area__valid_to__lte=F("version__valid_from"))
        | Q(version__valid_to__isnull=False, area__valid_from__gte=F("version__valid_to"))
    )
    for code in dead.values_list("area__code", flat=True):
        yield f"Mã {code}: đứng trong phiên bản địa giới mà nó không tồn tại."


def _living_are_placed() -> Iterator[str]:
    version = BoundaryVersion.objects.filter(
        tree=BoundaryVersion.ADMINISTRATIVE, valid_to=None
    ).first()
    lost = Area.objects.filter(valid_to=None).exclude(placements__version=version)
    lost = lost.exclude(level=Level.SECTOR)
    for code in lost.values_list("code", flat=True):
        yield f"Mã {code}: còn tồn tại nhưng không có trên bản đồ hiện hành."


def _successions_meet() -> Iterator[str]:
    for line in Succession.objects.exclude(
        old__valid_to=F("on"), new__valid_from__lte=F("on")
    ).select_related("old", "new"):
        yield f"Kế thừa {line.old.code} → {line.new.code}: ngày không khớp hai đơn vị."


def _weights_add_up() -> Iterator[str]:
    weighed = (
        Succession.objects.values("old__code", "old_id")
        .annotate(lines=Count("pk"), weighed=Count("weight"), total=Sum("weight"))
        .filter(weighed=F("lines"))
    )
    for row in weighed:
        if abs(Decimal(row["total"]) - 1) > Decimal("0.000001"):
            yield f"Mã {row['old__code']}: các phần chia không cộng thành 1."


def _whole_goes_once() -> Iterator[str]:
    divided = (
        Succession.objects.values("old__code", "old_id")
        .annotate(lines=Count("pk"), whole=Count("pk", filter=Q(partial=False)))
        .filter(lines__gt=1, whole__gt=0)
    )
    for row in divided:
        yield f"Mã {row['old__code']}: vừa nhập nguyên vẹn vừa được chia."


def _successors_live() -> Iterator[str]:
    gone = Succession.objects.filter(new__valid_to__lte=F("on")).select_related("old", "new")
    for line in gone:
        yield f"Kế thừa {line.old.code} → {line.new.code}: đơn vị nhận đã kết thúc trước đó."


def _alias_keys_are_current() -> Iterator[str]:
    for code, alias, key in AreaAlias.objects.values_list("area__code", "alias", "key"):
        if key != name_key(alias):
            yield f"Mã {code}: khóa tìm kiếm của tên khác “{alias}” đã cũ."


def _outlines_are_placed() -> Iterator[str]:
    placed = Placement.objects.filter(version=OuterRef("version"), area=OuterRef("area"))
    for code in Outline.objects.exclude(Exists(placed)).values_list("area__code", flat=True):
        yield f"Mã {code}: có ranh giới trên bản đồ mà nó không đứng."


def _maps_begin_with_their_changes() -> Iterator[str]:
    published = Change.objects.filter(state=Change.State.PUBLISHED, version__isnull=False)
    for change in published.exclude(version__valid_from=F("effective_on")):
        yield f"{change}: bản đồ của thay đổi này bắt đầu vào ngày khác."


def _only_published_changes_changed_anything() -> Iterator[str]:
    idle = Change.objects.exclude(state=Change.State.PUBLISHED)
    for change in idle.exclude(version=None, journal=[]):
        yield f"{change}: chưa công bố hoặc đã hủy nhưng còn ghi đã sửa dữ liệu."
    for change in Change.objects.filter(state=Change.State.PUBLISHED, journal=[]):
        yield f"{change}: đã công bố nhưng không ghi đã sửa gì, nên không hủy được."


def _other() -> QuerySet[Placement]:
    """Return the places in hierarchies other than the administrative one, the root left out."""
    others = Placement.objects.exclude(version__tree=BoundaryVersion.ADMINISTRATIVE)
    return others.exclude(parent=None)


def _posts_hold_communes() -> Iterator[str]:
    nation_or_sector = Q(parent__level__in=(Level.NATION, Level.SECTOR))
    fits = Q(area__level=Level.SECTOR) & nation_or_sector
    fits |= Q(area__level=Level.COMMUNE, parent__level=Level.SECTOR)
    for code, tree in _other().exclude(fits).values_list("area__code", "version__tree"):
        yield f"Mã {code}: đứng sai chỗ trong hệ thống {tree}; đồn, trạm chỉ phụ trách cấp xã."


def _sectors_stay_outside() -> Iterator[str]:
    inside = Placement.objects.filter(
        version__tree=BoundaryVersion.ADMINISTRATIVE, area__level=Level.SECTOR
    )
    for code in inside.values_list("area__code", flat=True):
        yield f"Mã {code}: địa bàn phụ trách của hệ thống khác đứng trên bản đồ hành chính."
    open_trees = _other().filter(version__valid_to=None)
    lost = Area.objects.filter(level=Level.SECTOR, valid_to=None)
    for code in lost.exclude(pk__in=open_trees.values("area")).values_list("code", flat=True):
        yield f"Mã {code}: còn tồn tại nhưng không có trong danh sách phân công hiện hành."


def _charges_are_current() -> Iterator[str]:
    ended = _other().filter(
        Q(version__valid_to=None, area__valid_to__isnull=False)
        | Q(area__valid_to__lt=F("version__valid_to"))
    )
    for code, name, tree in ended.values_list("area__code", "area__name", "version__tree"):
        yield (
            f"Mã {code} ({name}): đã kết thúc nhưng còn trong hệ thống {tree}; cần nạp danh sách "
            "phân công mới."
        )


def _members_live() -> Iterator[str]:
    outside = AreaGroupMember.objects.filter(
        Q(valid_from__lt=F("area__valid_from"))
        | Q(area__valid_to__isnull=False, valid_to=None)
        | Q(valid_to__gt=F("area__valid_to"))
    ).select_related("area", "group")
    for row in outside:
        yield f"{row.area}: thuộc nhóm “{row.group}” ngoài thời gian tồn tại của đơn vị."


def _members_once() -> Iterator[str]:
    rows = AreaGroupMember.objects.order_by("group__name", "group_id", "area__code", "valid_from")
    spans = rows.values_list("group__name", "area__code", "valid_from", "valid_to")
    yield from _overlaps(
        ((f"{code} trong nhóm “{group}”", start, end) for group, code, start, end in spans),
        "Mã {0}: hai lượt trùng ngày.",
    )


def _members_have_the_level() -> Iterator[str]:
    strange = AreaGroupMember.objects.exclude(area__level=F("group__level"))
    for row in strange.select_related("area", "group"):
        yield f"{row.area}: không cùng cấp với nhóm “{row.group}”."
    listed = AreaGroup.objects.filter(everyone=True).exclude(members=None)
    for group in listed.distinct():
        yield f"Nhóm “{group}” là toàn bộ đơn vị nên không được có danh sách riêng."


def _one_key_type() -> Iterator[str]:
    rows = (
        AreaGroupMember.objects.filter(group__kind__in=KEY_TYPES)
        .order_by("group__area__code", "area__code", "area__valid_from", "valid_from")
        .values_list("group__area__code", "area__code", "valid_from", "valid_to")
    )
    yield from _overlaps(
        ((f"{code} (nhóm của {above})", start, end) for above, code, start, end in rows),
        "Mã {0}: hai loại trọng điểm trong một ngày.",
    )


CHECKS = (
    Check("areas_codes", "Mỗi ngày một mã chỉ là một đơn vị.", _codes_overlap),
    Check("areas_names_apart", "Mỗi ngày một đơn vị chỉ có một tên.", _names_overlap),
    Check("areas_names_cover", "Đơn vị nào cũng có tên suốt thời gian tồn tại.",
          _names_cover_the_life),
    Check("areas_latest_name", "Tên hiển thị là tên mới nhất.", _latest_name_is_shown),
    Check("areas_former_names", "Tên cũ ghi ở đơn vị khớp với lịch sử tên.",
          _former_names_are_current),
    Check("areas_name_levels", "Cấp ghi ở tên khớp với đơn vị.", _levels_are_the_same),
    Check("areas_keys", "Khóa tìm kiếm khớp với tên.", _keys_are_current),
    Check("areas_levels", "Dạng mã khớp với cấp.", _levels_fit_codes),
    Check("areas_versions", "Các phiên bản địa giới nối tiếp nhau.", _versions_follow),
    Check("areas_roots", "Mỗi phiên bản địa giới có một gốc.", _one_root_each),
    Check("areas_seals", "Bản đồ đã công bố không bị sửa.", _seals_hold),
    Check("areas_tree", "Đơn vị nào cũng nằm trong đơn vị cấp trên.", _children_inside),
    Check("areas_parents", "Cấp trên luôn cao hơn cấp dưới.", _parents_stand_higher),
    Check("areas_placed_living", "Chỉ đơn vị đang tồn tại đứng trên bản đồ.",
          _placed_while_living),
    Check("areas_living_placed", "Đơn vị đang tồn tại nào cũng có trên bản đồ.",
          _living_are_placed),
    Check("areas_successions", "Ngày kế thừa khớp với ngày của hai đơn vị.", _successions_meet),
    Check("areas_weights", "Các phần của một đơn vị bị chia cộng thành 1.", _weights_add_up),
    Check("areas_successors_live", "Đơn vị nhận địa bàn còn tồn tại khi nhận.",
          _successors_live),
    Check("areas_alias_keys", "Khóa tìm kiếm khớp với tên khác.", _alias_keys_are_current),
    Check("areas_outlines", "Ranh giới chỉ có ở đơn vị đứng trên bản đồ.", _outlines_are_placed),
    Check("areas_change_maps", "Bản đồ mới bắt đầu đúng ngày hiệu lực của thay đổi.",
          _maps_begin_with_their_changes),
    Check("areas_change_journals", "Chỉ thay đổi đã công bố mới sửa dữ liệu.",
          _only_published_changes_changed_anything),
    Check("areas_posts", "Hệ thống khác chỉ phụ trách đơn vị cấp xã.", _posts_hold_communes),
    Check("areas_sectors", "Địa bàn phụ trách chỉ đứng trong hệ thống của nó.",
          _sectors_stay_outside),
    Check("areas_charges", "Hệ thống khác chỉ phụ trách đơn vị đang tồn tại.",
          _charges_are_current),
    Check("areas_group_lives", "Đơn vị chỉ thuộc nhóm khi đang tồn tại.", _members_live),
    Check("areas_group_once", "Mỗi ngày một đơn vị thuộc một nhóm nhiều nhất một lượt.",
          _members_once),
    Check("areas_group_levels", "Đơn vị cùng cấp với nhóm của nó.", _members_have_the_level),
    Check("areas_group_types", "Mỗi ngày một đơn vị chỉ có một loại trọng điểm.", _one_key_type),
    Check("areas_whole", "Đơn vị nhập nguyên vẹn chỉ về một nơi.", _whole_goes_once),
)  # fmt: skip
