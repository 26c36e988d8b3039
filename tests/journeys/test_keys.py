"""
What the pages gain with a script: keys on lists, the grid by arrows and from Excel, one sending.

Driven on the example pages, under the policy of the site; nothing here needs a database.
"""

import copy

import pytest
from django.test import override_settings

from tools.render_gallery import TEMPLATE_OPTIONS, render, serving

pytestmark = pytest.mark.browser


TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": copy.deepcopy(TEMPLATE_OPTIONS),
    }
]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """Serve the example pages; give their address."""
    folder = tmp_path_factory.mktemp("gallery")
    with override_settings(TEMPLATES=TEMPLATES, STATIC_URL="/static/"):
        render(folder)
    with serving(folder) as address:
        yield address


@pytest.fixture
def open_page(gallery, browser):
    """Open an example page; whatever its console complains of fails the test."""
    contexts = []
    complaints = []

    def opened(name, *, width=1366, height=768, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/autosave", lambda route: route.fulfill(status=204))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda one: one.type == "error" and complaints.append(one.text))
        page.goto(f"{gallery}/{name}.html", wait_until="load")
        return page

    yield opened
    for context in contexts:
        browser.end(context)
    assert complaints == []


def focused(page):
    return page.evaluate("document.activeElement.id")


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text', text);
            const event = new ClipboardEvent(
                'paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_j_and_k_choose_a_row_and_only_its_button_is_filled(open_page):
    page = open_page("work")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")

    chosen = page.locator("[data-row].is-selected")
    assert chosen.count() == 1
    assert "Biểu số liệu tháng 11" in chosen.inner_text()
    assert page.locator("[data-act].btn-primary").all_inner_texts() == ["Nhắc 3 thôn"]


def test_the_slash_goes_to_the_search_and_letters_typed_there_stay_letters(open_page):
    page = open_page("work")

    page.keyboard.press("/")
    page.keyboard.type("jk")

    assert page.input_value(".topsearch input") == "jk"
    assert "Ra quyết định" in page.locator("[data-row].is-selected").inner_text()


def test_escape_closes_an_open_menu_and_gives_the_focus_back(open_page):
    page = open_page("work")
    page.click(".usermenu > summary")
    assert page.locator("details[data-menu][open]").count() == 1

    page.keyboard.press("Escape")

    assert page.locator("details[data-menu][open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_only_one_menu_is_open_at_a_time(open_page):
    page = open_page("work")

    page.click(".usermenu > summary")
    page.click(".period .menu > summary")

    assert page.locator("details[data-menu][open]").count() == 1


def test_arrows_and_enter_move_in_the_grid_over_counted_cells(open_page):
    page = open_page("entry")
    page.focus("[id='v-Làng-Vực-population_resident']")

    page.keyboard.press("ArrowRight")
    assert focused(page) == "v-Làng-Vực-addicts"
    page.keyboard.press("Enter")
    assert focused(page) == "v-Nà-Hin-addicts"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "v-Làng-Vực-population_resident"


def test_enter_in_a_cell_does_not_send_the_form(open_page):
    page = open_page("entry")
    page.focus("[id='v-Vạn-Chài-users_present']")

    page.keyboard.press("Enter")

    assert page.url.endswith("/entry.html")
    assert focused(page) == "v-Vạn-Chài-users_present"


def test_a_block_from_excel_fills_cells_and_leaves_counted_ones(open_page):
    page = open_page("entry")
    page.focus("[id='v-Khe-Rinh-households']")

    paste(page, "74\t302\t999\r\n95\t1.388\t999\r\n")

    assert page.input_value("[id='v-Khe-Rinh-households']") == "74"
    assert page.input_value("[id='v-Khe-Rinh-population_resident']") == "302"
    assert page.input_value("[id='v-Đồng-Mít-population_resident']") == "1.388"
    assert page.inner_text("[id='v-Khe-Rinh-households_committed']") == "74"


def test_a_block_that_is_larger_than_the_table_says_what_was_left_out(open_page):
    page = open_page("entry")
    note = page.locator("[data-outside]")
    assert note.is_hidden()
    last = page.locator("[data-grid] tbody input.cell-value").last
    last.focus()

    paste(page, "5\t6\n7\t8\n")

    assert last.input_value() == "5"
    # The cell to the right is counted from registers; the line below lies outside.
    assert "dán vào: 2." in note.inner_text()
    paste(page, "5\t6")
    assert note.is_hidden()


def test_control_z_takes_a_pasted_block_back(open_page):
    page = open_page("entry")
    page.focus("[id='v-Khe-Rinh-households']")
    paste(page, "74\t302\n95\t388")

    page.keyboard.press("Control+z")

    assert page.input_value("[id='v-Khe-Rinh-households']") == ""
    assert page.input_value("[id='v-Đồng-Mít-population_resident']") == ""


def test_on_a_phone_enter_goes_to_the_next_number(open_page):
    page = open_page("entry-hamlet", width=360, height=740)
    page.focus("[id='v-Đồng-Mít-households']")

    page.keyboard.press("Enter")

    assert focused(page) == "v-Đồng-Mít-population_resident"


def test_the_error_summary_takes_the_focus(open_page):
    page = open_page("entry-hamlet")

    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_a_form_is_sent_once_and_its_button_says_so(open_page):
    page = open_page("sign-in")
    sent = []

    def answer(route):
        sent.append(route.request.method)
        route.fulfill(status=204)  # the page stays, as while one waits

    page.route("**/sign-in.html", answer)
    page.fill("#id_username", "lan")
    page.fill("#id_password", "mật khẩu")

    page.click(".box .btn-primary")
    page.wait_for_function("() => document.querySelector('.box .btn-primary').disabled")
    page.evaluate("document.querySelector('.box form').requestSubmit()")

    assert page.inner_text(".box .btn-primary") == "Đang đăng nhập…"
    assert sent == ["POST"]


def test_arrows_walk_through_the_matrix_and_the_panel_follows(open_page):
    page = open_page("criteria")

    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/criteria-cell.html?1-5a")

    assert focused(page) == "m-1-5a"
    assert page.locator("td.is-open").count() == 1
    assert page.locator("tr.is-selected th").inner_text() == "Xã Khe Rạng"


def test_escape_closes_the_panel_and_goes_back_to_its_cell(open_page):
    page = open_page("criteria")

    page.keyboard.press("Escape")

    assert focused(page) == "m-0-5a"
    assert page.locator("#criteria-panel").is_hidden()


def test_without_a_script_menus_open_and_the_grid_is_there(open_page):
    page = open_page("entry", javascript=False)

    page.click(".usermenu > summary")

    assert page.locator(".usermenu .menu-list").is_visible()
    assert page.locator("#entry button[value=submit]").is_visible()


@pytest.mark.parametrize("name", ["work", "entry", "criteria", "overview", "plan", "completeness"])
def test_a_page_is_never_wider_than_its_screen(open_page, name):
    page = open_page(name)
    widths = (360, 768, 1024, 1366, 1920)
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 768})
        found.append(page.evaluate("document.documentElement.scrollWidth"))

    assert [wide for wide, width in zip(found, widths, strict=True) if wide > width] == []
