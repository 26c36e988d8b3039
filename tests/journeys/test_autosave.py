"""Typing on a broken line: nothing is lost, and the page never claims to have saved it."""

import json

import pytest
from playwright.sync_api import Error as PlaywrightError

pytestmark = pytest.mark.browser

# Suối Nhàn's December, of which these tests use one hamlet's row each.
RETURN = "/returns/99007/2026-12/"
STATE = "[data-saved-state]"


@pytest.fixture
def open_return(visit):
    def open_it(page=None):
        page = page or visit.page()
        if page.url == "about:blank":
            visit.sign_in(page, "suoinhan")
        page.goto(visit.site + RETURN)
        return page

    return open_it


def cell(page, row, column):
    """Return the input of a hamlet's row; both count from nought."""
    return (
        page.locator("#part-hamlets tbody tr:not(.rule-row)").nth(row).locator("input").nth(column)
    )


def type_in(input_, text):
    input_.fill(text)
    input_.press("Tab")


def says(page, words):
    page.wait_for_function(
        "([state, words]) => document.querySelector(state).textContent.includes(words)",
        arg=[STATE, words],
    )


def kept_here(page):
    return page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('diaban:draft:'))"
    )


def test_a_broken_line_is_said_and_what_was_typed_is_saved_when_it_is_back(open_return):
    page = open_return()
    page.context.set_offline(True)

    type_in(cell(page, 0, 0), "61")

    says(page, "Chưa lưu – mất mạng, sẽ tự lưu lại")
    assert page.locator(f"{STATE} .text-ok").count() == 0
    ((_key, kept),) = kept_here(page)
    assert [typed for _was, typed in json.loads(kept)["cells"].values()] == ["61"]

    page.context.set_offline(False)

    says(page, "Đã lưu lúc")
    assert kept_here(page) == []
    page.reload()
    assert cell(page, 0, 0).input_value() == "61"


def test_a_tab_that_died_gives_back_what_it_had_not_saved(visit, open_return):
    page = open_return()
    context = page.context
    context.set_offline(True)
    cell(page, 1, 0).press_sequentially("62")
    page.close(run_before_unload=False)
    context.set_offline(False)

    page = context.new_page()
    page.goto(visit.site + RETURN)

    assert cell(page, 1, 0).input_value() == "62"
    says(page, "Đã lưu lúc")
    assert kept_here(page) == []


def test_leaving_with_something_unsaved_is_asked_about(open_return):
    page = open_return()
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.context.set_offline(True)
    type_in(cell(page, 2, 0), "63")
    says(page, "mất mạng")

    # By an address, not by closing the tab: a window that goes while its question is being
    # answered crashes Chromium, and every test after it.
    with pytest.raises(PlaywrightError, match="ERR_ABORTED"):
        page.goto("about:blank")

    assert asked == ["beforeunload"]
    assert page.url.endswith(RETURN)
    assert cell(page, 2, 0).input_value() == "63"


def test_an_ended_session_is_said_in_words_and_the_numbers_are_saved_after_signing_in(
    visit, open_return
):
    page = open_return()
    page.context.clear_cookies(name="sessionid")

    type_in(cell(page, 3, 0), "64")

    says(page, "Phiên làm việc đã hết – đăng nhập lại ở thẻ mới, số đã gõ còn nguyên")
    assert page.locator("#id_password").count() == 0
    with page.context.expect_page() as opened:
        page.click(f"{STATE} a")
    visit.sign_in(opened.value, "suoinhan")
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    says(page, "Đã lưu lúc")
    page.reload()
    assert cell(page, 3, 0).input_value() == "64"


def test_numbers_are_not_saved_in_the_name_of_somebody_else(visit, open_return):
    page = open_return()
    page.context.clear_cookies(name="sessionid")
    type_in(cell(page, 4, 0), "65")
    says(page, "Phiên làm việc đã hết")
    other = page.context.new_page()
    visit.sign_in(other, "khesay")

    page.evaluate("window.dispatchEvent(new Event('focus'))")

    says(page, "Chưa lưu")
    ((key, _kept),) = kept_here(page)
    assert key.endswith(":99007:2026-12:thang")


def test_an_answer_that_got_lost_is_asked_for_again_and_saves_once(open_return):
    page = open_return()
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/autosave/", lose)
    revision = int(page.input_value("#entry-revision"))

    type_in(cell(page, 5, 0), "66")

    says(page, "Đã lưu lúc")
    assert lost == [200]
    assert int(page.input_value("#entry-revision")) == revision + 1


def test_two_tabs_take_over_what_the_other_saved_and_ask_where_they_differ(visit, open_return):
    page = open_return()
    other = page.context.new_page()
    other.goto(visit.site + RETURN)
    type_in(cell(page, 6, 0), "67")
    says(page, "Đã lưu lúc")

    type_in(cell(other, 6, 1), "267")

    says(other, "Đã lưu lúc")
    assert cell(other, 6, 0).input_value() == "67"

    type_in(cell(page, 6, 1), "268")

    says(page, "có ô người khác vừa sửa khác với bạn")
    assert "Giữ số của tôi: 268" in page.inner_text("[data-conflicts]")
    page.click("[data-conflicts] button >> nth=1")
    assert cell(page, 6, 1).input_value() == "267"
    assert page.is_hidden("[data-conflicts]")


def test_totals_and_progress_follow_what_is_saved(open_return):
    page = open_return()
    before = {one: page.inner_text(one) for one in ("#count-part-hamlets", "#entry-total")}

    type_in(cell(page, 7, 0), "68")
    says(page, "Đã lưu lúc")

    for place, text in before.items():
        page.wait_for_function(
            "([place, was]) => document.querySelector(place).innerText !== was", arg=[place, text]
        )
    # Households stand in the first column of every hamlet's row.
    rows = page.locator("#part-hamlets tbody tr:not(.rule-row)").all()
    typed = [row.locator("input").first.input_value().replace(".", "") for row in rows]
    total = page.inner_text("#entry-total td >> nth=0 >> span").replace(".", "")
    assert int(total) == sum(int(one) for one in typed if one.isdigit())


def test_a_wrong_cell_says_so_beside_it_on_a_phone_and_in_the_communes_part(visit, open_return):
    page = visit.page(width=360, height=740)
    open_return(page)
    type_in(cell(page, 0, 0), "10")
    type_in(cell(page, 0, 2), "12")

    told = page.locator(".cell:has(input[name^='households_committed.']) .cell-message").first
    told.wait_for()
    assert "lớn hơn số hộ gia đình (10)" in told.inner_text()

    type_in(page.locator("#v-schools"), "3")
    type_in(page.locator("#v-schools_informed"), "5")
    page.wait_for_selector("#m-v-schools_informed")
    assert "(5) lớn hơn" in page.inner_text("#m-v-schools_informed")


def test_a_hamlets_head_fills_in_a_row_on_a_phone(visit):
    page = visit.page(width=360, height=740)
    visit.sign_in(page, "causay")
    page.click("text=Phiếu thôn tháng 11/2026")
    page.wait_for_url("**/hamlet-reports/99001.001/2026-11/")
    first = "#v-99001-001-"

    page.fill(f"{first}households", "128")
    type_in(page.locator(f"{first}households_committed"), "130")

    told = page.locator("#m-v-99001-001-households_committed >> text=lớn hơn số hộ gia đình (128)")
    told.wait_for()
    assert page.inner_text("#entry-submit-label") == "Gửi về xã (còn 8 số, 1 lỗi)"
    type_in(page.locator(f"{first}households_committed"), "128")
    page.click("label[for=v-99001-001-hamlets_with_box_and_board-1]")
    told.wait_for(state="detached")
    # As a function: a bare expression is evaluated anew at each look, which the policy forbids.
    page.wait_for_function(
        "words => document.querySelector('#entry-submit-label').textContent === words",
        arg="Gửi về xã (còn 7 số)",
    )
    page.reload()
    assert page.is_checked(f"{first}hamlets_with_box_and_board-1")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert visit.errors == []


def test_sending_without_a_line_stays_on_the_page_and_says_so(visit):
    page = visit.page(width=360, height=740)
    visit.sign_in(page, "causay")
    page.goto(f"{visit.site}/hamlet-reports/99001.001/2026-11/")
    address = page.url
    page.context.set_offline(True)
    page.locator("#entry input.cell-value, #entry .card-input input").first.fill("131")

    page.click("button[value=send]")

    page.get_by_text("Chưa gửi – mất mạng.").wait_for()
    assert page.url == address
    assert page.locator("#entry .card-input input").first.input_value() == "131"


def test_what_was_taken_back_is_done_again(open_return):
    page = open_return()
    first = cell(page, 3, 0)
    was = first.input_value()
    type_in(first, "77")

    first.press("Control+z")
    back = first.input_value()
    first.press("Control+y")

    assert (back, first.input_value()) == (was, "77")


def test_what_the_server_says_of_a_text_stays_while_another_cell_is_typed_in(open_return):
    page = open_return()
    type_in(cell(page, 4, 0), "vài hộ")
    says(page, "Đã lưu lúc")
    told = page.locator(".rule", has_text="“vài hộ” không phải số")
    told.wait_for()

    page.evaluate("document.querySelector('form[data-autosave]').dataset.autosave = '/nowhere/'")
    type_in(cell(page, 5, 0), "50")

    assert told.is_visible()


def test_on_a_phone_an_error_goes_with_the_text_it_was_about(visit):
    page = visit.page(width=360, height=740)
    visit.sign_in(page, "causay")
    page.goto(f"{visit.site}/hamlet-reports/99001.001/2026-12/")
    number, said = (page.locator(f"#{at}v-99001-001-households") for at in ("", "m-"))

    type_in(number, "1e9")
    page.wait_for_selector("#m-v-99001-001-households.is-error")
    page.context.set_offline(True)
    number.fill("128")

    assert said.text_content().strip() == ""
    page.context.set_offline(False)
