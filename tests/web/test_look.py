"""The composed pages in a real browser: widths, themes, directions, rules of accessibility."""

import threading
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web import look

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "browser" / "axe.min.js").read_text()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = (1280, 390, 320)


class Silent(WSGIRequestHandler):
    def log(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = make_server("127.0.0.1", 0, look.gallery(), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(chromium, site, request):
    """A function that opens a page at a width; complaints of the browser fail the test."""
    complaints, contexts = [], []

    def open_page(name, width=1280, query="", **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = page.goto(f"{site}/{name}?{query}")
        assert answer.status == 200
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def too_wide(page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def violations(page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("async rules => (await axe.run(document, rules)).violations", RULES)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", look.all_pages())
def test_a_page_fits_and_breaks_no_rule(opened, name):
    page = opened(name, reduced_motion="reduce")  # no colour is measured on its way
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert too_wide(page) == 0, (theme, width)
            assert violations(page) == [], (theme, width)


def test_the_rules_find_what_is_wrong(opened):
    """Else no violation would prove nothing."""
    page = opened("dashboard")
    page.evaluate(
        """() => { document.querySelector('main').append(document.createElement('button'));
        document.querySelector('h1').style.color = '#ccc'; }"""
    )
    assert {one.split(":")[0] for one in violations(page)} == {"button-name", "color-contrast"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_follows_the_device_when_nothing_is_chosen(opened, scheme):
    page = opened("dashboard", color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(246, 244, 239)", "dark": "rgb(15, 23, 32)"}[scheme]


@pytest.mark.parametrize("name", look.all_pages())
def test_a_page_turns_round_without_loss(opened, name):
    page = opened(name, query="direction=rtl")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) == 0, width


@pytest.mark.parametrize("name", look.all_pages())
def test_text_of_32_pixels_and_more_space_lose_nothing(opened, name):
    page = opened(name, 1280)
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`html { font-size: 32px } * { letter-spacing: .12em !important;
          word-spacing: .16em !important; line-height: 1.5 !important }`);
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert too_wide(page) == 0


@pytest.mark.parametrize("name", look.all_pages())
def test_without_scripts_nothing_is_missing(opened, name):
    """But the buttons for print and copy, which only scripts can serve."""
    with_scripts = opened(name).locator("main").inner_text()
    without = opened(name, java_script_enabled=False).locator("main").inner_text()
    for word in ("Print", "Copy link"):
        with_scripts = with_scripts.replace(f"{word}\n", "")
    assert without.split() == with_scripts.split()


@pytest.mark.parametrize("name", look.all_pages())
def test_every_tab_stop_shows_its_focus(opened, name):
    page = opened(name, 390)
    stops = page.locator("a[href]:visible, button:visible, input:visible, summary:visible").count()
    for _ in range(min(stops, 60)):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => { const on = document.activeElement;
            const style = getComputedStyle(on.closest('.option') || on);
            return on === document.body || `${style.outlineStyle} ${style.outlineWidth}`; }"""
        )
        assert ring in ("solid 3px", True)


def test_the_summary_of_mistakes_takes_the_focus(opened):
    page = opened("form_error")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_a_menu_closes_with_escape_and_gives_the_focus_back(opened):
    page = opened("dashboard")
    page.locator("summary", has_text="Account").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert "Account" in page.evaluate("document.activeElement.textContent")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("menu", ["Language", "Account"])
def test_an_open_menu_stays_on_the_page(opened, menu, width):
    page = opened("dashboard", width)
    page.locator("summary", has_text=menu).click()
    box = page.locator("details[open] > div").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert too_wide(page) == 0


def test_an_arrow_moves_a_row_and_says_so(opened):
    page = opened("quiz_types")
    page.get_by_role("button", name="Move down: Stop the shipment").click()
    rows = page.locator(".order li")
    assert rows.nth(1).locator("span").inner_text() == "Stop the shipment"
    assert [rows.nth(n).locator("select").input_value() for n in range(3)] == ["1", "2", "3"]
    assert page.locator("#q6say").inner_text() == "Stop the shipment: position 2 of 3"
    assert "Stop the shipment" in page.evaluate("document.activeElement.ariaLabel")
    page.get_by_role("button", name="Move up: Compare the papers").click()
    assert page.locator("#q6say").inner_text() == "Already first"


def test_a_changed_answer_is_not_left_unasked(opened):
    page = opened("quiz")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Destroy the chemical at the border.").check()
    page.get_by_role("link", name="Question 1").click()
    assert asked == ["beforeunload"]
    assert page.get_by_label("Destroy the chemical at the border.").is_checked()


def test_enter_saves_an_answer_and_moves_nothing(opened):
    page = opened("quiz")
    with page.expect_request("**/attempt/4") as sent:
        page.get_by_label("Mark this question to review later").press("Enter")
    assert "move" not in sent.value.post_data
    assert "csrf_token=t0ken" in sent.value.post_data


def test_filters_open_on_a_phone_without_a_script(opened):
    page = opened("catalogue", 390, java_script_enabled=False)
    assert not page.get_by_role("button", name="Apply filters").is_visible()
    page.get_by_role("link", name="Filters (1)").click()
    assert page.get_by_role("button", name="Apply filters").is_visible()
    page.get_by_role("link", name="Close filters").click()
    assert not page.get_by_role("button", name="Apply filters").is_visible()


def test_the_certificate_prints_on_one_page(opened):
    page = opened("certificate")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
