"""A plan, two sent returns and many more communes, for the tests of pages."""

from diaban.areas.models import Placement
from diaban.areas.rules.levels import Level
from diaban.plans.services import add_plan
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, make_area

# Invented, in the genre: enough of a plan to be read.
PLAN = """ỦY BAN NHÂN DÂN
TỈNH THỬ NGHIỆM
Số: 12/KH-UBND
Thử Nghiệm, ngày 05 tháng 10 năm 2026

KẾ HOẠCH
Xây dựng xã, phường không ma túy năm 2027

I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Giữ cho thôn xóm bình yên.
II. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Rà soát các điểm phức tạp (hoàn thành trước ngày 15/12/2026).
- Duy trì tuần tra tại địa bàn giáp ranh (thực hiện thường xuyên).
2. Sở Y tế
- Tập huấn cho trạm y tế xã, xong trước ngày 30/11/2026.
III. TỔ CHỨC THỰC HIỆN
Các đơn vị báo cáo kết quả về Ủy ban nhân dân tỉnh (qua Công an tỉnh) trước ngày 20/12/2026.

Nơi nhận:
- Công an tỉnh;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""


def filled(village):
    """Send both communes' returns and hand in the province's plan."""
    save(village, village.lan, "98001", typed_for(village), submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    (plan,) = add_plan(
        actor=village.actor(village.minh),
        area_code="98",
        name="ke-hoach.txt",
        data=PLAN.encode(),
        at=NOW,
    )
    return plan


def widen(village, communes):
    """Add `communes` more communes to the province."""
    version = village.province.placements.get().version
    Placement.objects.filter(area=village.nation).update(right=2_000_000)
    Placement.objects.filter(area=village.province).update(right=1_999_999)
    for number in range(communes):
        area = make_area(f"98{number + 100}", Level.COMMUNE, f"Thêm {number}", "xã")
        left = 3000 + 1024 * number
        Placement.objects.create(
            version=version, area=area, parent=village.province, left=left, right=left + 1023,
            depth=2,
        )  # fmt: skip
