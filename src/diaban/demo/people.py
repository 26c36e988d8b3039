"""Bodies of the province, and the accounts with which one can try things out."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.demo.world import World

# The place of the account that stands above every province.
NATION: Final = "VN"

# Known to everybody who reads this line: accounts with it exist in sample data only.
DEMO_PASSWORD: Final = "dia-ban-dung-thu"  # noqa: S105

# Code, name, short name, kind. {p} stands for the name of the province.
_PROVINCE: Final = (
    ("cong-an", "Công an tỉnh {p}", "Công an tỉnh", Kind.POLICE),
    ("ubnd", "Ủy ban nhân dân tỉnh {p}", "UBND tỉnh", Kind.COMMITTEE),
    ("bien-phong", "Ban Chỉ huy Bộ đội Biên phòng tỉnh {p}", "BĐBP tỉnh", Kind.MILITARY),
    ("quan-su", "Bộ Chỉ huy Quân sự tỉnh {p}", "Bộ CHQS tỉnh", Kind.MILITARY),
    ("hai-quan", "Chi cục Hải quan khu vực", "Hải quan khu vực", Kind.DEPARTMENT),
    ("y-te", "Sở Y tế tỉnh {p}", "Sở Y tế", Kind.DEPARTMENT),
    ("noi-vu", "Sở Nội vụ tỉnh {p}", "Sở Nội vụ", Kind.DEPARTMENT),
    ("giao-duc", "Sở Giáo dục và Đào tạo tỉnh {p}", "Sở Giáo dục và Đào tạo", Kind.DEPARTMENT),
    ("tai-chinh", "Sở Tài chính tỉnh {p}", "Sở Tài chính", Kind.DEPARTMENT),
    ("tu-phap", "Sở Tư pháp tỉnh {p}", "Sở Tư pháp", Kind.DEPARTMENT),
    (
        "van-hoa",
        "Sở Văn hóa, Thể thao và Du lịch tỉnh {p}",
        "Sở Văn hóa, Thể thao và Du lịch",
        Kind.DEPARTMENT,
    ),
    (
        "nong-nghiep",
        "Sở Nông nghiệp và Môi trường tỉnh {p}",
        "Sở Nông nghiệp và Môi trường",
        Kind.DEPARTMENT,
    ),
    ("cong-thuong", "Sở Công Thương tỉnh {p}", "Sở Công Thương", Kind.DEPARTMENT),
    (
        "khoa-hoc",
        "Sở Khoa học và Công nghệ tỉnh {p}",
        "Sở Khoa học và Công nghệ",
        Kind.DEPARTMENT,
    ),
    ("dan-toc", "Sở Dân tộc và Tôn giáo tỉnh {p}", "Sở Dân tộc và Tôn giáo", Kind.DEPARTMENT),
    (
        "bao-dai",
        "Báo và Phát thanh, Truyền hình {p}",
        "Báo và Phát thanh, Truyền hình tỉnh",
        Kind.MEDIA,
    ),
    (
        "mat-tran",
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh {p}",
        "Ủy ban MTTQ Việt Nam tỉnh",
        Kind.FRONT,
    ),
    ("phu-nu", "Hội Liên hiệp Phụ nữ tỉnh {p}", "Hội LHPN tỉnh", Kind.UNION),
    ("thanh-nien", "Đoàn TNCS Hồ Chí Minh tỉnh {p}", "Tỉnh đoàn", Kind.UNION),
    ("toa-an", "Tòa án nhân dân tỉnh {p}", "Tòa án nhân dân tỉnh", Kind.COURT),
    (
        "kiem-sat",
        "Viện kiểm sát nhân dân tỉnh {p}",
        "Viện kiểm sát nhân dân tỉnh",
        Kind.PROSECUTION,
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """
    An account to try things out with.

    `place` is the code of the province or the nation, or the letters of a commune's tile, with
    the number of a hamlet after a dot; `agency` is the code of a body in that area.
    """

    username: str
    name: str
    initials: str
    role: Role
    place: str
    agency: str = ""


STANDING_OFFICE: Final = "Công an tỉnh · PC04"

ACCOUNTS: Final = (
    Account("khesay", "Công an xã Khe Sậy", "KS", Role.COMMUNE_OFFICER, "KS", "cong-an"),
    Account("suoinhan", "Công an xã Suối Nhàn", "SN", Role.COMMUNE_OFFICER, "SN", "cong-an"),
    Account("pc04", STANDING_OFFICE, "CA", Role.STANDING_OFFICE, "99", "cong-an"),
    Account("trunguong", "Cơ quan thường trực trung ương", "TW", Role.STANDING_OFFICE, "VN"),
    Account("soyte", "Sở Y tế", "YT", Role.AGENCY_CLERK, "99", "y-te"),
    Account("thamdinh", "Tổ thẩm định tỉnh", "TĐ", Role.APPRAISER, "99"),
    Account("lanhdao", "Lãnh đạo UBND tỉnh", "LĐ", Role.LEADER, "99", "ubnd"),
    Account("causay", "Trưởng thôn Cầu Sậy", "CS", Role.HAMLET_HEAD, "KS.1"),
    Account("nhaplieu", "Tổ nhập số liệu tỉnh", "NL", Role.DATA_OFFICE, "99"),
    Account("quantri", "Quản trị hệ thống", "QT", Role.ADMINISTRATOR, "99"),
)


def add_agencies(
    world: World, areas: dict[str, Area], start: date
) -> dict[tuple[str, str], Agency]:
    """Add the province's bodies, and police and committee of each commune, by area and code."""
    province = areas[world.code]
    bodies = [
        Agency(
            code=code,
            name=name.format(p=world.name),
            short_name=short,
            kind=kind,
            area=province,
            valid_from=start,
        )
        for code, name, short, kind in _PROVINCE
    ]
    for commune in world.communes:
        area = areas[commune.code]
        place = f"{commune.type} {commune.name}"
        for code, title, kind in (
            ("cong-an", "Công an", Kind.POLICE),
            ("ubnd", "Ủy ban nhân dân", Kind.COMMITTEE),
        ):
            bodies.append(
                Agency(
                    code=code,
                    name=f"{title} {place}",
                    kind=kind,
                    area=area,
                    valid_from=max(start, area.valid_from),
                )
            )
    Agency.objects.bulk_create(bodies)
    return {(body.area.code, body.code): body for body in bodies}


def add_accounts(
    world: World,
    areas: dict[str, Area],
    agencies: dict[tuple[str, str], Agency],
    start: date,
) -> list[User]:
    """Add the demo accounts with their one role each; all share `DEMO_PASSWORD`."""
    # A good hash takes a tenth of a second by design; one is enough for accounts that share
    # their password in public.
    password = make_password(DEMO_PASSWORD)
    users = User.objects.bulk_create(
        User(
            username=account.username,
            name=account.name,
            initials=account.initials,
            password=password,
            is_demo=True,
        )
        for account in ACCOUNTS
    )
    codes = [_code(world, account.place) for account in ACCOUNTS]
    nation = Area.objects.get(level=Level.NATION.value, valid_to__isnull=True)
    areas = {**areas, NATION: nation}
    Holding.objects.bulk_create(
        Holding(
            user=user,
            role=account.role,
            area=areas[code],
            agency=agencies[code, account.agency] if account.agency else None,
            valid_from=start,
        )
        for user, account, code in zip(users, ACCOUNTS, codes, strict=True)
    )
    return users


def _code(world: World, place: str) -> str:
    if place in (world.code, NATION):
        return place
    sign, _, number = place.partition(".")
    commune = world.by_sign(sign)
    return commune.hamlets[int(number) - 1].code if number else commune.code
