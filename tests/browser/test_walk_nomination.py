"""From an activity to a reserve that moves up: coordinator, focal point and officers in turn."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from tests.browser.driving import Walk, walking
from tests.factories import PASSWORD

COURSE = "afghan-opiates"
FILE = """first name;surname;service;order
Levan;Kapanadze;Border Police;2
Мариам;Gelashvili;Border Police;3
"""
BY_HAND, SECOND, RESERVE = "Tamar Lomidze", "Levan Kapanadze", "Mariam Gelashvili"


@pytest.mark.browser
def test_a_reserve_moves_up_when_an_officer_withdraws(chromium, fresh_demo):
    @contextmanager
    def somebody(role: str = "") -> Iterator[Walk]:
        with walking(chromium, fresh_demo, width=390, scripts=True, theme="light") as walk:
            if role:
                walk.sign_in(role)
            yield walk
            walk.verify_clean()

    with somebody("coordinator") as walk:
        slug = opens_an_activity(walk)
    with somebody("focal_point") as walk:
        nominates_one_by_hand(walk, slug)
        nominates_two_by_file(walk, slug)
    with somebody("coordinator") as walk:
        selects(walk, slug)
    with somebody("focal_point") as walk:
        codes = {name: prints_a_code(walk, slug, name) for name in (BY_HAND, RESERVE)}
    with somebody() as walk:
        joins(walk, codes[BY_HAND], "Lomidze")
        withdraws(walk)
    with somebody() as walk:
        joins(walk, codes[RESERVE], "Gelashvili")
        walk.go("/messages")
        walk.look("messages")
        assert "A place has become free for you" in walk.page.inner_text("main")
        walk.go("/learning")
        assert "lessons complete" in walk.page.inner_text("main")


def opens_an_activity(walk: Walk) -> str:
    """An activity by nomination with two places, that people can join from today on."""
    today = datetime.now(ZoneInfo("Europe/Vienna")).date()
    page = walk.page
    walk.go("/activities/new")
    walk.look("new activity")
    page.select_option("#course", COURSE)
    page.fill("#first", today.isoformat())
    page.fill("#last", (today + timedelta(days=30)).isoformat())
    page.fill("#cap", "2")
    page.check("input[name=route][value=nomination]")
    walk.press("main button.go")
    slug = page.url.rpartition("/")[2].partition("?")[0]
    walk.look("activity")
    page.fill("#join", (today + timedelta(days=20)).isoformat())
    walk.press("main button.go")
    return slug


def nominates_one_by_hand(walk: Walk, slug: str) -> None:
    page = walk.page
    walk.look("desk")
    walk.press(f"a[href='/state/activities/{slug}']")
    walk.look("nominate")
    given, family = BY_HAND.split()
    page.fill("#given_name", given)
    page.fill("#family_name", family)
    page.fill("#agency", "Border Police")
    page.check("input[name=gender][value=woman]")
    page.check("#agreed")
    walk.press("#nominate button.go")
    assert f"{BY_HAND}: Nominated" in page.inner_text("main")


def nominates_two_by_file(walk: Walk, slug: str) -> None:
    """One row is wrong at first; nothing is nominated before the file is right."""
    page = walk.page
    send(walk, slug, FILE)
    walk.look("rehearsal")
    assert "Use Latin letters, as in the passport." in page.inner_text("main")
    send(walk, slug, FILE.replace("Мариам", "Mariam"))
    page.check("input[name=how][value=all]")
    walk.press("main form button.go")
    page.get_by_role("heading", name="Result of the file").wait_for()
    walk.look("result")
    walk.press("main a.go")
    for name in (BY_HAND, SECOND, RESERVE):
        assert name in page.inner_text("#nominated")


def send(walk: Walk, slug: str, text: str) -> None:
    walk.go(f"/state/activities/{slug}/upload")
    walk.look("upload")
    file: Any = {"name": "officers.csv", "mimeType": "text/csv", "buffer": text.encode()}
    walk.page.set_input_files("#file", file)
    walk.press("main form button.go")


def selects(walk: Walk, slug: str) -> None:
    page = walk.page
    for names, deed in (((BY_HAND, SECOND), "select"), ((RESERVE,), "reserve")):
        walk.go(f"/activities/{slug}/nominations")
        walk.look("nominations")
        for name in names:
            page.get_by_label(name).check()
        walk.press(f"button[name=do][value={deed}]")
        assert "Not changed" not in page.inner_text("main")


def prints_a_code(walk: Walk, slug: str, name: str) -> str:
    """The code stands in the letter alone."""
    page = walk.page
    walk.go(f"/state/activities/{slug}")
    walk.press(f"#nominated tr:has-text('{name}') a")
    walk.look("place")
    walk.press("main a:has-text('print a letter with a code')")
    with page.expect_download() as started:
        page.click("form[action$='/letter'] button")
    with open(started.value.path(), "rb") as file:
        text = PdfReader(io.BytesIO(file.read())).pages[0].extract_text()
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", text)
    assert found, text
    return found[0]


def joins(walk: Walk, code: str, family_name: str) -> None:
    """The whole way in without any mail."""
    page = walk.page
    walk.go("/join")
    walk.look("code")
    page.fill("#code", code)
    page.fill("#who", family_name)
    walk.press("main button.go")
    walk.look("join")
    sign_in_name = page.locator("main bdi.code").first.inner_text()
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.check("#terms")
    walk.press("main button.go")
    page.fill("#address", sign_in_name)
    page.fill("#password", PASSWORD)
    walk.press("main button.go")


def withdraws(walk: Walk) -> None:
    walk.go(f"/courses/{COURSE}/leave")
    walk.look("leave")
    walk.page.fill("#reason", "Another duty")
    walk.press("main form button")
