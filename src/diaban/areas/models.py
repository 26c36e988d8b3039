"""
Units, their names, their places and what became of them.

Rights, returns and totals hang on `Area`: a rename or a change of type adds an `AreaName` and
never a new area. Spans are half-open (`rules.days`), intervals closed (`rules.tree`).
"""

from datetime import date
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from diaban.areas.rules.grouping import ACT_NAMES, GROUP_NAMES, ActKind, GroupKind
from diaban.areas.rules.levels import LEVEL_NAMES, Level, full_name
from diaban.areas.rules.names import name_key
from diaban.core.access import Span


def on(day: date, of: str = "") -> Q:
    """Return the condition that a row's span holds `day`; `of` leads to the row ("version__")."""
    begun = Q(**{f"{of}valid_from__lte": day})
    return begun & (Q(**{f"{of}valid_to__isnull": True}) | Q(**{f"{of}valid_to__gt": day}))


def _span_runs_forward(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
    )


class AreaQuerySet(models.QuerySet["Area"]):
    """Words for lists of areas."""

    def on(self, day: date) -> "AreaQuerySet":
        """Keep the units that exist on `day`."""
        return self.filter(on(day))

    def at(self, level: Level) -> "AreaQuerySet":
        """Keep the units of one level."""
        return self.filter(level=level)

    def called_on(self, day: date) -> "AreaQuerySet":
        """Give each unit the name of `day`: `full_name` is that one, whatever was decreed since."""
        return self.annotate(**names_then(day, "pk"))


class Area(models.Model):
    """
    One unit for one life span.

    `code` is the statistics office's (2, 3 or 5 digits), `VN` for the nation, and the
    commune's with a dot and three digits for a hamlet; an ended unit's code may be given
    again. `name` and `type` are the latest; `AreaName` has them all, and `former` those before
    the latest, so that any day's name is said without asking. `sort_key` orders by name.
    Coordinates are of one point inside, in degrees, where known.
    """

    code = models.CharField(max_length=16)
    level = models.CharField(
        max_length=10, choices=[(level.value, LEVEL_NAMES[level]) for level in Level]
    )
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=30, blank=True)
    sort_key = models.CharField(max_length=600)
    # Oldest first: [[first day on which it is another, type word, name], ...]; most have none.
    former = models.JSONField(null=True, blank=True, default=None)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_once_a_day"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="area_code_open_once"
            ),
            models.CheckConstraint(
                name="area_level_is_known", condition=Q(level__in=[level.value for level in Level])
            ),
            _span_runs_forward("area_span_runs_forward"),
        ]
        indexes = [models.Index(fields=["level", "sort_key"], name="area_by_level")]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"

    @property
    def full_name(self) -> str:
        """
        Return type word and name, as in a list: "Phường Minh Xuân".

        Today's, or that of the day which the unit is spoken of (`as_of`, `called_on`): a name
        that begins next month is not said this month.
        """
        return full_name(*self._said())

    @property
    def short_name(self) -> str:
        """Return the name of that day without its type word."""
        return self._said()[1]

    @property
    def type_word(self) -> str:
        """Return the type word of that day."""
        return self._said()[0]

    def called(self, day: date) -> tuple[str, str]:
        """
        Return type word and name on a day.

        The first that it had for days before it began, the last one after its end.
        """
        for until, type_word, name in self.former or ():
            if day < date.fromisoformat(until):
                return type_word, name
        return self.type, self.name

    def coming_name(self, day: date) -> tuple[date, str] | None:
        """Return the first name that is decreed for after a day, with its first day."""
        ends = [date.fromisoformat(until) for until, _type, _name in self.former or ()]
        since = next((end for end in ends if end > day), None)
        return None if since is None else (since, full_name(*self.called(since)))

    def as_of(self, day: date) -> Self:
        """Let this unit be called as on a day; on days to come as it is called today."""
        self.__dict__["name_then"] = None
        self.__dict__["said_on"] = day
        return self

    def _said(self) -> tuple[str, str]:
        then = self.__dict__.get("name_then")
        if then:
            return self.__dict__.get("type_then") or "", then
        if not self.former:
            return self.type, self.name
        today = timezone.localdate()
        return self.called(min(self.__dict__.get("said_on", today), today))


class AreaName(models.Model):
    """
    The name and type word of an area for a span of days, and the act that gave them.

    `key` is what the name is searched by (`rules.names.name_key`). `level` is the area's, which
    never changes: a search that ranks 3,000 hamlets called "1" must not fetch 3,000 areas.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="names")
    level = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=30, blank=True)
    key = models.CharField(max_length=120, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "valid_from"], name="area_name_once_a_day"),
            models.UniqueConstraint(
                fields=["area"], condition=Q(valid_to__isnull=True), name="area_name_open_once"
            ),
            _span_runs_forward("area_name_span_runs_forward"),
        ]

    def __str__(self) -> str:
        return full_name(self.type, self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; the level is taken from the area."""
        self.level = self.area.level
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, area: Area, basis: str = "") -> "AreaName":
        """Return the name that an area bears from its first day on, not yet written."""
        return cls(
            area=area,
            level=area.level,
            name=area.name,
            type=area.type,
            key=name_key(area.name),
            valid_from=area.valid_from,
            valid_to=area.valid_to,
            basis=basis,
        )


def names_then(day: date, area: str) -> dict[str, Subquery]:
    """
    Return what a query adds to know the names of a day; `area` leads to the unit's key.

    `name_then`, `type_then`: empty for a unit that has no name on that day.
    """
    names = AreaName.objects.filter(on(day), area=OuterRef(area))
    return {
        "name_then": Subquery(names.values("name")[:1]),
        "type_then": Subquery(names.values("type")[:1]),
    }


class AreaAlias(models.Model):
    """Another way to write an area's name: an old spelling, an abbreviation."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(max_length=120)
    key = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "alias"], name="area_alias_once"),
        ]

    def __str__(self) -> str:
        return self.alias


class BoundaryVersion(models.Model):
    """
    The tree between two days.

    Published versions never change; the one exception is that a commune places its hamlets
    (docs/reference/areas.md, "Hamlets"). `seal` is the checksum of the levels above hamlets
    when it was published (`rules.tree.seal`). `tree` names the hierarchy: other bodies of the
    State (border-guard posts) divide the land otherwise.
    """

    ADMINISTRATIVE = "administrative"

    tree = models.CharField(max_length=30, default=ADMINISTRATIVE)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    # What the hierarchy is called; empty for the administrative one, which needs no name.
    title = models.CharField(max_length=120, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    # What publishing the list of another hierarchy did, so that it can be taken back.
    journal = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["tree", "valid_from"], name="version_once_a_day"),
            models.UniqueConstraint(
                fields=["tree"],
                condition=Q(valid_to__isnull=True),
                name="version_open_once",
            ),
            _span_runs_forward("version_span_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.tree} {self.number} ({self.valid_from})"


class Placement(models.Model):
    """
    Where an area stands in one version: an interval that holds those of all below it.

    Both ends belong to the interval; a hamlet's ends are equal. The root has depth 0.
    """

    version = models.ForeignKey(
        BoundaryVersion, on_delete=models.CASCADE, related_name="placements"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="placed_below", null=True, blank=True
    )
    left = models.BigIntegerField()
    right = models.BigIntegerField()
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "area"], name="placement_once"),
            models.UniqueConstraint(fields=["version", "left"], name="placement_left_once"),
            models.CheckConstraint(
                name="placement_interval_runs_forward", condition=Q(right__gte=F("left"))
            ),
            models.CheckConstraint(
                name="placement_root_is_on_top",
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["version", "parent"], name="placement_by_parent")]

    def __str__(self) -> str:
        return f"{self.area_id} [{self.left}, {self.right}]"

    @property
    def span(self) -> Span:
        """Return the interval."""
        return Span(self.left, self.right)


class Succession(models.Model):
    """
    Territory of `old` came to `new` on a day: one line of the crosswalk.

    `partial`: only a part of `old` came. `weight` is the share of `old` that came, 0 to 1,
    for figures that are added up; None when no act or source gives it.
    """

    old = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="became")
    new = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="was")
    on = models.DateField()
    partial = models.BooleanField()
    weight = models.DecimalField(max_digits=9, decimal_places=8, null=True, blank=True)
    basis = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(
                name="succession_weight_is_a_share",
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=1),
            ),
            models.CheckConstraint(
                name="succession_whole_weighs_one",
                # Spelt out, because to a database "unknown equals 1" is not false.
                condition=Q(partial=True) | Q(weight__isnull=False, weight=1),
            ),
            models.CheckConstraint(name="succession_is_of_two_areas", condition=~Q(old=F("new"))),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id} ({self.on})"


class Change(models.Model):
    """
    A reorganisation: what an act does to units from a day on.

    `operations` are as they were handed in (`rules.changes.Operation`). `journal` holds every
    row that publishing made or altered, so that undoing puts back exactly what was. `version`
    is the map that it made, empty when it only gave names. `area` is the lowest unit above all
    that is touched, and says who may see the change. `effects` are what publishing did beyond
    the map, as told then: code, sentence and count of each.
    """

    class State(models.TextChoices):
        """Where a change stands; one that was undone stays so."""

        DRAFT = "draft", "Bản thảo"
        PUBLISHED = "published", "Đã công bố"
        UNDONE = "undone", "Đã hủy"

    effective_on = models.DateField()
    basis = models.CharField(max_length=300)
    operations = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    client_key = models.CharField(max_length=64, unique=True)
    area = models.ForeignKey(
        Area, on_delete=models.SET_NULL, related_name="changes", null=True, blank=True
    )
    drafted_by = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    effects = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    version = models.OneToOneField(
        BoundaryVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="change"
    )
    journal = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="change_state_is_known",
                condition=Q(state__in=["draft", "published", "undone"]),
            ),
            models.CheckConstraint(name="change_has_a_basis", condition=~Q(basis="")),
            models.CheckConstraint(
                name="change_published_has_a_moment",
                condition=Q(state="draft") | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis} ({self.effective_on})"


class Outline(models.Model):
    """
    The outline of a unit on a map, from its authority's file; nothing is built in.

    `polygons`: as in GeoJSON's MultiPolygon, `[[ring, hole, ...], ...]` of `[lon, lat]` in
    degrees.
    """

    version = models.ForeignKey(BoundaryVersion, on_delete=models.CASCADE, related_name="outlines")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="outlines")
    polygons = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "area"], name="outline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.area_id}"


class AreaGroup(models.Model):
    """
    A named set of units below `area`: "17 xã biên giới", "địa bàn trọng điểm loại I".

    `key` is what the name is found by. `everyone`: all units of `level` below `area`, whatever
    they are on a day. Otherwise the members are listed, each for a span of days. `year` is that
    of groups which are chosen anew each year (focus areas).
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    level = models.CharField(
        max_length=10, choices=[(level.value, LEVEL_NAMES[level]) for level in Level]
    )
    everyone = models.BooleanField(default=False)
    kind = models.CharField(
        max_length=10,
        choices=[(kind.value, name) for kind, name in GROUP_NAMES.items()],
        default=GroupKind.OTHER.value,
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    # Oldest first: [[first day on which it is another, name], ...].
    former = models.JSONField(null=True, blank=True, default=None)
    # The first day on which it is no more.
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "key"], name="area_group_once"),
            models.CheckConstraint(
                name="area_group_kind_is_known",
                condition=Q(kind__in=[kind.value for kind in GroupKind]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def called(self, day: date) -> str:
        """Return the group's name on a day."""
        for until, name in self.former or ():
            if day < date.fromisoformat(until):
                return str(name)
        return self.name


class AreaGroupAct(models.Model):
    """
    What a person did to a group: on which day, by which legal basis, and how to take it back.

    `told` says what in a few words: the names, the number of units. `journal` is as a change's.
    """

    group = models.ForeignKey(AreaGroup, on_delete=models.CASCADE, related_name="acts")
    kind = models.CharField(
        max_length=10, choices=[(kind.value, name) for kind, name in ACT_NAMES.items()]
    )
    on_day = models.DateField()
    basis = models.CharField(max_length=300, blank=True)
    told = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    journal = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="area_group_act_is_known",
                condition=Q(kind__in=[kind.value for kind in ActKind]),
            ),
        ]

    def __str__(self) -> str:
        return f"{ACT_NAMES[ActKind(self.kind)]} ({self.on_day:%d/%m/%Y})"


class AreaGroupMember(models.Model):
    """
    A unit belongs to a group over a span of days, by a legal basis where one is on record.

    A unit that a member became belongs to the group after it (`groups.follow`).
    """

    group = models.ForeignKey(AreaGroup, on_delete=models.CASCADE, related_name="members")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="group_memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    end_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "area"],
                condition=Q(valid_to__isnull=True),
                name="group_member_open_once",
            ),
            _span_runs_forward("group_member_span_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.area_id}"
