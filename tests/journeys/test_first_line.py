"""From the signed plan to an assessed commune, in a browser, by the people who do it."""

import gzip
import re
import urllib.request
from urllib.parse import urljoin

import pytest

pytestmark = pytest.mark.browser

# Pages that must stand without any figure from elsewhere, with the width of desk and phone.
PAGES = [
    "/work/", "/areas/99/", "/plans/", "/returns/99/", "/criteria/99/",
    "/areas/browse/", "/areas/browse/99001/", "/areas/look-up/?q=02203", "/areas/map/99/",
]  # fmt: skip
BUDGET = 150_000
# The page of a plan; "/plans/add/" is none.
A_PLAN = re.compile(r"/plans/\d+/")


def test_a_plan_is_read_a_return_is_sent_and_the_matrix_changes(visit, tmp_path):
    office = visit.page()
    visit.sign_in(office, "pc04")
    plan = tmp_path / "ke-hoach-thang-hanh-dong.txt"
    plan.write_text(PLAN, encoding="utf-8")

    office.goto(f"{visit.site}/plans/add/")
    office.set_input_files("#document", str(plan))
    office.click("form[enctype] button")
    office.wait_for_url(A_PLAN)
    assert office.locator(".item").count() == 3
    assert "trước ngày 05/12/2026" in office.inner_text(".items")
    assert office.locator(".run.is-current").count() >= 1

    # Khe Sậy is still entering: its row says that there is not enough to tell.
    office.goto(f"{visit.site}/criteria/99/lao-cai-2023/2026-11/")
    row = office.locator("tr", has_text="Xã Khe Sậy")
    assert "Chưa đủ căn cứ" in row.inner_text()

    officer = visit.page()
    visit.sign_in(officer, "khesay")
    officer.click("text=Biểu số liệu tháng 11/2026")
    officer.wait_for_url("**/returns/99001/2026-11/")
    fill_what_is_missing(officer)
    officer.click("button[value=submit]")
    officer.wait_for_url("**receipt=SL-2026-11-99001-*")
    officer.wait_for_selector("main >> text=Đã gửi. Mã biên nhận")

    office.reload()
    row = office.locator("tr", has_text="Xã Khe Sậy")
    assert "Chưa đủ căn cứ" not in row.inner_text()
    assert visit.errors == []
    assert visit.outside() == []


def fill_what_is_missing(page):
    """Type what the form still asks for, as the page says it."""
    assert "1 lỗi phải sửa" in page.inner_text("#entry-checks")
    page.fill("#v-99001-001-households", "128")
    for cell in page.locator("input.cell-value").all():
        if not cell.input_value().strip():
            cell.fill("KAD")
    # One hamlet grew by an eighth: it is sent with a sentence that says why.
    page.fill("textarea[name^='why.']", "Khu tái định cư nhận 14 hộ.")


def test_a_cell_explains_itself_down_to_the_hamlets(visit):
    page = visit.page()
    visit.sign_in(page, "pc04")
    page.goto(f"{visit.site}/criteria/99/lao-cai-2023/2026-11/")

    page.locator("tr", has_text="Xã Tân Hòe").locator("td.verdict.is-not_met a").click()

    page.wait_for_selector(".cell-head")
    panel = page.inner_text("#criteria-panel")
    assert "Còn 16 hộ chưa ký cam kết (984/1.000)." in panel
    assert "98,40%" in panel
    assert "3 trong 12 thôn chưa đủ" in panel
    assert re.findall(r"còn (\d+) hộ", panel) == ["9", "5", "2"]
    assert "Sau đó xã đạt 9/9 tiêu chí" in panel
    page.keyboard.press("Escape")
    page.wait_for_selector(".cell-head", state="detached")
    assert visit.errors == []


def test_a_return_is_entered_without_javascript(visit):
    page = visit.page(javascript=False)
    visit.sign_in(page, "suoinhan")
    page.goto(f"{visit.site}/returns/99007/2026-12/")

    page.fill("input[name^='households.']", "mười")
    page.click("button[value=save]")

    page.wait_for_selector("main >> text=“mười” không phải số", state="attached")
    assert page.locator("input[name^='households.']").first.input_value() == "mười"


def test_typing_is_saved_by_itself_and_a_block_is_pasted_from_a_sheet(visit):
    page = visit.page()
    visit.sign_in(page, "suoinhan")
    page.goto(f"{visit.site}/returns/99007/2026-12/")
    cells = page.locator("tbody tr:not(.rule-row) td:nth-child(2) input")

    cells.nth(0).focus()
    with page.expect_response("**/autosave/") as answer:
        page.evaluate(
            """() => {
                const data = new DataTransfer();
                data.setData("text/plain", "1.021\\t3.500\\n77\\t290");
                document.activeElement.dispatchEvent(
                    new ClipboardEvent(
                        "paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""
        )
    assert [cells.nth(0).input_value(), cells.nth(1).input_value()] == ["1.021", "77"]
    assert answer.value.status == 200

    page.reload()
    assert [cells.nth(0).input_value(), cells.nth(1).input_value()] == ["1.021", "77"]


@pytest.mark.parametrize("width", [1366, 360])
def test_no_page_asks_the_world_or_breaks_its_own_policy(visit, width):
    page = visit.page(width=width, height=740)
    visit.sign_in(page, "pc04")

    for url in PAGES:
        page.goto(visit.site + url)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{url} is {wide} px wide"

    assert visit.outside() == []
    assert visit.errors == []


def test_the_policy_allows_nothing_but_this_site(visit):
    with urllib.request.urlopen(f"{visit.site}/sign-in/") as response:
        policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_first_load_fits_a_poor_line(visit):
    page = visit.page()
    visit.sign_in(page, "khesay")
    page.goto(f"{visit.site}/work/")
    page.wait_for_load_state("networkidle")

    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    size = sum(compressed(urljoin(visit.site, address)) for address in set(loaded))
    size += len(gzip.compress(page.content().encode()))

    assert size <= BUDGET


def compressed(address):
    """Return how many bytes a file takes on the line."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        return len(response.read())


# Invented, in the genre.
PLAN = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số: 201/KH-UBND
Sông Lam, ngày 12 tháng 11 năm 2026

KẾ HOẠCH
Tổ chức đợt vận động ký cam kết cuối năm 2026

I. MỤC ĐÍCH, YÊU CẦU
- Vận động mọi gia đình cùng giữ thôn xóm bình yên.
II. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Hướng dẫn mẫu cam kết (hoàn thành trước ngày 05/12/2026).
- Theo dõi, đôn đốc các xã (thực hiện thường xuyên).
2. Sở Văn hóa, Thể thao và Du lịch
- Treo pa nô tại các điểm công cộng, xong trước ngày 10/12/2026.
III. TỔ CHỨC THỰC HIỆN
Các đơn vị báo cáo kết quả về Ủy ban nhân dân tỉnh (qua Công an tỉnh) trước ngày 25/12/2026.

Nơi nhận:
- Công an tỉnh;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""
