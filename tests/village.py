"""
The village: a province, two communes with three and two hamlets, and the people in them.

Lan clerks in one commune, Minh reviews for the province, Thu clerks next door and is never
allowed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of
from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.core.access import Actor
from diaban.core.text import sort_key
from diaban.indicators.loader import load_forms

START = date(2025, 7, 1)
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 3, 42, tzinfo=UTC)
PASSWORD = "mot-mat-khau-dai"


@dataclass
class Village:
    """Everything a test needs to stand somewhere and be somebody."""

    nation: Area
    province: Area
    upper: Area
    lower: Area
    hamlets: dict[str, list[Area]]
    lan: User
    minh: User
    thu: User

    def actor(self, user: User) -> Actor:
        """Return what somebody is and may do today."""
        return actor_of(user, TODAY)


def make_area(code: str, level: Level, name: str, type_word: str) -> Area:
    area = Area.objects.create(
        code=code,
        level=level.value,
        name=name,
        type=type_word,
        sort_key=sort_key(name),
        valid_from=START,
    )
    AreaName.objects.create(
        area=area, name=name, type=type_word, key=name_key(name), valid_from=START
    )
    return area


def make_user(username: str, name: str, role: Role, area: Area) -> User:
    user = User(username=username, name=name, initials=name[-2:].upper())
    user.set_password(PASSWORD)
    user.save()
    Holding.objects.create(user=user, role=role.value, area=area, valid_from=START)
    return user


def build_village() -> Village:
    """Write the village into the database."""
    load_forms()
    nation = make_area("VN", Level.NATION, "Cả nước", "")
    province = make_area("98", Level.PROVINCE, "Thử Nghiệm", "tỉnh")
    lower = make_area("98001", Level.COMMUNE, "Hạ", "xã")
    upper = make_area("98002", Level.COMMUNE, "Thượng", "xã")
    hamlets = {
        "98001": [make_area(f"98001.00{i}", Level.HAMLET, f"Hạ {i}", "thôn") for i in (1, 2, 3)],
        "98002": [make_area(f"98002.00{i}", Level.HAMLET, f"Thượng {i}", "thôn") for i in (1, 2)],
    }
    version = BoundaryVersion.objects.create(number=1, valid_from=START, published_at=NOW)
    places = [
        (nation, None, 1, 4000, 0),
        (province, nation, 2, 3000, 1),
        (lower, province, 3, 1026, 2),
        (upper, province, 1027, 2050, 2),
    ]
    for commune, left in ((lower, 3), (upper, 1027)):
        for step, hamlet in enumerate(hamlets[commune.code], 1):
            places.append((hamlet, commune, left + step, left + step, 3))
    Placement.objects.bulk_create(
        Placement(version=version, area=area, parent=parent, left=left, right=right, depth=depth)
        for area, parent, left, right, depth in places
    )
    return Village(
        nation,
        province,
        upper,
        lower,
        hamlets,
        lan=make_user("lan", "Công an xã Hạ", Role.COMMUNE_OFFICER, lower),
        minh=make_user("minh", "Công an tỉnh Thử Nghiệm", Role.STANDING_OFFICE, province),
        thu=make_user("thu", "Công an xã Thượng", Role.COMMUNE_OFFICER, upper),
    )
