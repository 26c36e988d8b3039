"""A plan from the file to the annex: read, reviewed by keyboard, published, done late, attached."""

import re
import zipfile

import pytest

pytestmark = pytest.mark.browser
A_PLAN = re.compile(r"/plans/\d+/")

PLAN = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số: 77/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Lam, ngày 02 tháng 3 năm 2026
KẾ HOẠCH
Kiểm tra hòm thư tố giác trên địa bàn tỉnh Sông Lam năm 2026
Ủy ban nhân dân tỉnh ban hành Kế hoạch kiểm tra hòm thư tố giác như sau:
I. MỤC ĐÍCH
- Mỗi thôn có một hòm thư dùng được.
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Kiểm tra hòm thư tố giác đặt tại các trạm y tế (hoàn thành trước ngày 15/4/2026).
- Thay biển số điện thoại đường dây nóng bị mờ (thực hiện thường xuyên).
III. CHẾ ĐỘ BÁO CÁO
1. Các sở, ban, ngành báo cáo kết quả về UBND tỉnh (qua Công an tỉnh) trước ngày 30/11/2026.
Nơi nhận:
- Công an tỉnh;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""


def test_a_plan_is_reviewed_by_keyboard_published_done_late_and_attached(visit, tmp_path):
    office = visit.page()
    visit.sign_in(office, "pc04")
    file = tmp_path / "ke-hoach-hom-thu.txt"
    file.write_text(PLAN, encoding="utf-8")
    office.goto(f"{visit.site}/plans/add/")
    office.set_input_files("#document", str(file))
    office.click("form[enctype] button")
    office.wait_for_url(A_PLAN)
    plan_url = office.url

    pressed = confirm_all(office)

    assert pressed == int(office.inner_text("#plan-progress b").split("/")[1])
    office.click("#plan-progress a")
    office.wait_for_url("**/publish/")
    for known in office.locator("input[name=known]").all():
        known.check()
    office.click("main form button.btn-primary")
    office.wait_for_url("**/programme/")
    office.wait_for_selector("main >> text=Kiểm tra hòm thư tố giác đặt tại các trạm y tế")
    office.click("text=Lịch báo cáo, sự kiện")
    office.wait_for_selector("main >> text=29/11/2026")

    clerk = visit.page()
    visit.sign_in(clerk, "soyte")
    clerk.goto(f"{visit.site}/duties/?mine=1&q=hòm thư tố giác đặt tại")
    clerk.click(".duty-table th a")
    clerk.fill("#on", "20/4/2026")
    clerk.fill("#text", "Báo cáo 12/BC-SYT")
    clerk.click("button[value=done]")
    clerk.wait_for_selector("main >> text=ghi một câu lý do")
    clerk.fill("#late_reason", "Chờ in biển mới.")
    clerk.click("button[value=done]")
    clerk.wait_for_selector("text=Xong, trễ 6 ngày")
    assert "Chờ in biển mới." in clerk.inner_text("main")

    for kind in ("docx", "xlsx"):
        address = plan_url.split("?")[0].rstrip("/") + f"/programme.{kind}"
        answer = office.request.get(address)
        paper = tmp_path / f"phu-luc.{kind}"
        paper.write_bytes(answer.body())
        assert zipfile.ZipFile(paper).testzip() is None
    assert visit.outside() == []


def confirm_all(page):
    """Press Enter until nothing waits; every press confirms one item without a new page."""
    loads = []
    page.on("load", lambda: loads.append(page.url))
    pressed = 0
    while True:
        done, total = (int(part) for part in page.inner_text("#plan-progress b").split("/"))
        if done == total:
            assert loads == []
            return pressed
        page.keyboard.press("Enter")
        pressed += 1
        page.wait_for_function(
            "done => Number(document.querySelector('#plan-progress b').innerText.split('/')[0])"
            " > done",
            arg=done,
        )


def test_without_a_script_a_decision_is_a_page_of_its_own(visit, tmp_path):
    office = visit.page(javascript=False)
    visit.sign_in(office, "pc04")
    file = tmp_path / "ke-hoach-khac.txt"
    file.write_text(PLAN.replace("77/KH", "78/KH").replace("trạm y tế", "trường học"))
    office.goto(f"{visit.site}/plans/add/")
    office.set_input_files("#document", str(file))
    office.click("form[enctype] button")
    office.wait_for_url(A_PLAN)

    office.click(".item.is-selected [data-act]")

    office.wait_for_url("**item=item-*")
    assert office.inner_text("#plan-progress b").startswith("1/")


def test_the_chosen_file_stays_while_a_doubt_is_cleared(visit, tmp_path):
    office = visit.page()
    visit.sign_in(office, "pc04")
    file = tmp_path / "ke-hoach-noi-khac.txt"
    elsewhere = PLAN.replace("Sông Lam", "Cửa Vạn").replace("SÔNG LAM", "CỬA VẠN")
    file.write_text(elsewhere.replace("77/KH", "79/KH").replace("hòm thư", "bảng tin"))
    office.goto(f"{visit.site}/plans/add/")
    office.set_input_files("#document", str(file))
    office.click("form[enctype] button")
    office.wait_for_selector("#upload-said .alert")
    assert office.evaluate("document.querySelector('#document').files.length") == 1

    office.check("#confirmed")
    office.click("form[enctype] button")

    office.wait_for_url(A_PLAN)


def test_the_second_reviewer_reads_why_without_scrolling(visit, tmp_path):
    first, second = visit.page(), visit.page()
    for page in (first, second):
        visit.sign_in(page, "pc04")
    file = tmp_path / "ke-hoach-hai-nguoi.txt"
    file.write_text(PLAN.replace("77/KH", "80/KH").replace("hòm thư", "tủ sách"))
    first.goto(f"{visit.site}/plans/add/")
    first.set_input_files("#document", str(file))
    first.click("form[enctype] button")
    first.wait_for_url(A_PLAN)
    last = first.locator(".items .item a[data-open]").last.get_attribute("href")
    for page in (first, second):
        page.goto(f"{visit.site}{last}")
    first.click(".item.is-selected [data-act]")
    first.wait_for_selector("#plan-progress b:text-matches('^1/')")

    second.click(".item.is-selected [data-act]")

    said = second.locator(".messages .alert")
    said.wait_for()
    assert "vừa xử lý mục này" in said.inner_text()
    assert second.evaluate(
        """() => {
            const at = document.querySelector('.messages .alert').getBoundingClientRect();
            return at.top >= 0 && at.bottom <= innerHeight;
        }"""
    )
    assert "Đã xác nhận" in second.inner_text(".item.is-selected .item-decided")
