"""A resolution is carried out and taken back, and a commune brings its hamlets up to date."""

import io

import openpyxl
import pytest

pytestmark = pytest.mark.browser


def choose(page, typed):
    page.fill("#q", typed)
    page.click("button[value=find] >> nth=0")
    page.click("button[value^='add:'] >> nth=0")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_two_communes_merge_and_are_as_before(visit, javascript):
    page = visit.page(javascript=javascript, width=1366 if javascript else 360)
    visit.sign_in(page, "pc04")
    page.goto(f"{visit.site}/areas/changes/")
    page.click("a.btn-primary")
    page.click("a[href$='/new/merge/']")
    choose(page, "suoi nhan")
    choose(page, "khe say")
    old = [one.input_value() for one in page.locator("input[name=unit]").all()]
    page.fill("[name=part-0-code]", old[0])
    page.select_option("[name=part-0-type]", "xã")
    page.fill("[name=part-0-name]", "Đồng Lòng")
    page.fill("#basis", "Nghị quyết 41/NQ-HĐND")
    page.fill("#day", "01/03/2027")
    page.click("button[value=preview]")
    page.wait_for_url("**/areas/changes/*/")
    address = page.url
    assert "2 đơn vị kết thúc" in page.inner_text(".effect-list")
    assert "vai trò ở đơn vị kết thúc thôi hiệu lực" in page.inner_text(".effect-list")

    page.fill("#confirm", "công bố")
    page.dblclick("form[action$='/publish/'] button")
    page.wait_for_selector("form[action$='/undo/']")
    assert "Đã công bố" in page.inner_text(".page-actions, .page-head")

    page.click("form[action$='/undo/'] button")
    page.wait_for_selector("main >> text=Chưa ghi lý do hủy.")
    page.fill("#reason", "Nghị quyết được đính chính")
    page.click("form[action$='/undo/'] button")
    page.wait_for_selector("text=mọi dòng trở lại như trước")
    assert page.url == address
    assert "Nghị quyết được đính chính" in page.inner_text("main")
    assert visit.outside() == []


def test_a_commune_hands_its_list_of_hamlets_in(visit):
    page = visit.page()
    visit.sign_in(page, "suoinhan")
    page.click(".usermenu summary")
    page.click("text=Thôn, tổ dân phố của xã")
    page.click("text=Nhập từ Excel")
    with page.expect_download() as taken:
        page.click("text=Tải tệp mẫu")
    book = opened(taken)
    sheet = book.active
    before = sheet.max_row - 1
    sheet.append(["", "thôn", "", ""])

    hand_in(page, book)
    page.wait_for_selector("table >> text=tên phải có từ 1 đến 100 ký tự")
    assert str(before + 2) in page.inner_text("table")
    with page.expect_download() as refused:
        page.click("text=Tải bản có ghi lỗi")
    assert opened(refused).active.cell(1, 5).value == "Lỗi"

    sheet.cell(sheet.max_row, 3).value = "Bến Mới"
    hand_in(page, book)
    page.wait_for_selector("main >> text=Đã nhập: 1 mới, 0 đổi tên, 0 nhập vào nơi khác.")
    page.goto(page.url + "import/")
    hand_in(page, book)
    page.wait_for_selector("main >> text=không có gì thay đổi")


def opened(download):
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def hand_in(page, book):
    made = io.BytesIO()
    book.save(made)
    page.set_input_files(
        "#file", {"name": "thon.xlsx", "mimeType": "application/octet-stream",
                  "buffer": made.getvalue()}
    )  # fmt: skip
    page.fill("#day", "20/12/2026")
    page.click("form[enctype] button")
