# ruff: noqa: E501 - the sentences of plans are long
"""Only plans are read: each other genre is refused by its name."""

import pytest

from diaban.plans.reader.refusals import NotAPlan
from tests.plans.reader.invented import PROVINCE
from tests.plans.reader.readings import plan_of, read

HEAD = """\
ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH SÔNG LAM            Độc lập - Tự do - Hạnh phúc
Số: 21/{symbol}-UBND          Sông Lam, ngày 12 tháng 01 năm 2026

"""
BODY = """
I. TÌNH HÌNH

1. Các đơn vị đã triển khai Kế hoạch phòng, chống ma túy.

2. Công an tỉnh chủ trì rà soát trước ngày 15/6/2026.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""
TITLES = {
    "Quyết định": ("QĐ", "QUYẾT ĐỊNH\nVề việc ban hành Kế hoạch phòng, chống ma túy"),
    "Chỉ thị": ("CT", "CHỈ THỊ\nVề tăng cường phòng, chống ma túy"),
    "Báo cáo": ("BC", "BÁO CÁO\nKết quả thực hiện Kế hoạch phòng, chống ma túy"),
    "Tờ trình": ("TTr", "TỜ TRÌNH\nVề việc đề nghị công nhận xã không ma túy"),
    "Hướng dẫn": ("HD", "HƯỚNG DẪN\nThực hiện Kế hoạch phòng, chống ma túy"),
    "Thông báo": ("TB", "THÔNG BÁO\nKết luận của Chủ tịch UBND tỉnh"),
    "Công văn": ("", "V/v triển khai Kế hoạch phòng, chống ma túy\n\nKính gửi: Các sở, ban, ngành"),
}


@pytest.mark.parametrize(
    ("genre", "symbol", "title"), [(g, *t) for g, t in TITLES.items()], ids=TITLES.keys()
)
def test_another_genre_is_refused_by_its_name(genre, symbol, title):
    with pytest.raises(NotAPlan) as refusal:
        read(HEAD.format(symbol=symbol) + title + "\n" + BODY)

    assert genre in refusal.value.sentence
    assert refusal.value.facts["kind"] == genre


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi anh Ba,\n\nTôi viết thư này để báo tin gia đình vẫn khỏe.\n\nThân mến.",
        "Công an tỉnh triệt phá đường dây ma túy\n\nSáng 12/6, lực lượng chức năng cho biết đã bắt giữ 03 đối tượng.\n\nTheo kế hoạch, tháng tới sẽ mở đợt cao điểm.",
        "Kế hoạch\n\nTrang chủ\n\nTin tức\n\nLiên hệ",
        "xin chào",
    ],
    ids=["letter", "news", "menu", "words"],
)
def test_no_office_paper_at_all_is_refused(text):
    with pytest.raises(NotAPlan):
        read(text)


def test_a_plan_attached_to_a_decision_is_read():
    decision = (
        HEAD.format(symbol="QĐ")
        + "QUYẾT ĐỊNH\nBan hành Kế hoạch phòng, chống ma túy\n\nĐiều 1. Ban hành kèm theo Quyết định này Kế hoạch.\n\n"
    )
    attached = PROVINCE[PROVINCE.index("KẾ HOẠCH") :].replace(
        "năm 2026\n\nCăn cứ",
        "năm 2026\n(Ban hành kèm theo Quyết định số 21/QĐ-UBND ngày 12/01/2026)\n\nCăn cứ",
    )

    plan = plan_of(decision + attached)

    assert plan.metadata.title == "Phòng, chống ma túy trên địa bàn tỉnh Sông Lam năm 2026"
    assert len(plan.assignments) == 5
