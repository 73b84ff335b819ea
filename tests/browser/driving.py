"""Driving the demo in Chromium as an officer would, with the keys read from the course files."""

import html
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from lms.content.files import read_folder
from lms.content.reading import read_course
from lms.content.rendering import render_inline
from lms.content.values import Course, Quiz
from lms.rules.questions import Question, Type

ROOT = Path(__file__).parents[2]
AXE = (Path(__file__).parent / "axe.min.js").read_text()
PATIENCE = 20_000  # milliseconds for one page on a busy machine
READY_WITHIN = 120  # seconds, on a busy machine; the demo itself needs a few


@dataclass
class Demo:
    """A running demo and the accounts it printed: role → (address, password)."""

    base: str
    accounts: dict[str, tuple[str, str]]
    log: Path

    def policy_reports(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if "policy:" in line]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_demo(data: Path, log: Path) -> Iterator[Demo]:
    """`lms serve --demo` on this data folder, ended by its process when the block is left."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("lms")), "serve", "--demo", "--port", str(port)]
    env = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
    env |= {"LMS_DATA": str(data), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    with log.open("w") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=ROOT
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/readyz", server, log)
            yield Demo(f"http://127.0.0.1:{port}", printed_accounts(log.read_text()), log)
        finally:
            server.terminate()
            server.wait(10)


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the demo did not answer: {log.read_text()}")


def printed_accounts(text: str) -> dict[str, tuple[str, str]]:
    """Role word → (address, password) from the table that the start prints."""
    found = re.findall(r"([A-Z][a-z ]+?)\s+\W*\s*(\S+@demo\.example)\s+\W*\s*(\S{16})\b", text)
    return {role.strip().lower().replace(" ", "_"): (at, word) for role, at, word in found}


@dataclass
class Walk:
    """One person's way through the pages, with what was wrong on it."""

    demo: Demo
    page: Page
    lens: Page  # where pages are measured: axe needs scripts, the walk may have none
    console: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        self.page.goto(self.demo.base + path)

    def press(self, selector: str) -> None:
        """Click what leads to another page, and wait until that page is there."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def sign_in(self, role: str, then: str = "") -> None:
        address, password = self.demo.accounts[role]
        self.go(f"/sign-in?next={then}" if then else "/sign-in")
        self.look("sign-in")
        self.page.fill("#address", address)
        self.page.fill("#password", password)
        self.press("main button.go")

    def look(self, kind: str) -> None:
        """Check a page of this kind once: axe, width, title, one h1, no inline anything."""
        if kind in self.seen:
            return
        self.seen.add(kind)
        if self.lens is not self.page:
            self.lens.context.clear_cookies()
            self.lens.context.add_cookies(self.page.context.cookies())
            self.lens.goto(self.page.url)
        found = self.lens.evaluate(
            AXE
            + """;axe.run(document, {resultTypes: ['violations']}).then(found =>
              found.violations.map(one =>
                one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(', ')))"""
        )
        self.faults += [f"{kind}: {one}" for one in found]
        wide = self.lens.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.faults.append(f"{kind}: {wide} px wider than the window")
        if self.page.locator("h1").count() != 1:
            self.faults.append(f"{kind}: {self.page.locator('h1').count()} h1")

    def verify_clean(self) -> None:
        assert self.faults == []
        assert self.console == []
        assert self.demo.policy_reports() == []


@contextmanager
def walking(
    browser: Browser, demo: Demo, *, width: int, scripts: bool, theme: str
) -> Iterator[Walk]:
    """A fresh browser at this width, with or without scripts, in this theme."""
    settings: dict[str, Any] = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": "dark" if theme == "dark" else "light",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**settings, java_script_enabled=scripts)
    lens = context if scripts else browser.new_context(**settings)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    walk = Walk(demo, page, page if scripts else lens.new_page())
    page.on("console", lambda said: walk.console.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: walk.console.append(f"{page.url}: {error}"))
    try:
        yield walk
    finally:
        context.close()
        lens.close()


def course_from_files(slug: str) -> Course:
    course = read_course(read_folder(ROOT / "courses" / slug), slug).course
    assert course is not None
    return course


def words(markdown: str) -> str:
    """The text that the page shows for a piece of inline Markdown."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", render_inline(markdown).html))
    return " ".join(plain.split())


def take_quiz(walk: Walk, course: Course, quiz: Quiz) -> None:
    """Start the quiz that is open, answer every question right, look before handing in."""
    page = walk.page
    walk.look("start")
    walk.press("main form button.go")
    by_heading = {words(one.heading): one for one in course.questions_of(quiz)}
    while not page.url.endswith("/check"):
        question = by_heading[" ".join(page.locator("h1").inner_text().split())]
        answer(page, question)
        walk.look(f"question {question.type}")
        walk.press("main button.btn.go")
    walk.look("check")
    walk.press("main button.btn.go")
    walk.look("result" if quiz.kind != "survey" else "sent")


def answer(page: Page, question: Question) -> None:
    """Fill in the right answer; surveys get the last point and a sentence."""
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE:
            plain = question.type is Type.TRUE_FALSE
            right = {
                one.text.capitalize() if plain else words(one.text)
                for one in question.options
                if one.right
            }
            for label in page.locator("label.option").all():
                if " ".join(label.inner_text().split()) in right:
                    label.click()
        case Type.CHOICE | Type.SCALE:
            page.locator("label.option").last.click()
        case Type.NUMERIC:
            key = question.numbers[0]
            page.fill("#a", str((key.low + key.high) / 2))
        case Type.SHORT:
            page.fill("#a", question.words[0].pattern)
        case Type.NUMBER | Type.ESSAY:
            page.fill("#a", "3" if question.type is Type.NUMBER else "I will use the contact map.")
        case Type.MATCHING:
            right_of = {words(pair.left): words(pair.right) for pair in question.pairs}
            for row in page.locator(".match li").all():
                left = " ".join(row.locator("label").inner_text().split())
                row.locator("select").select_option(label=right_of[left])
        case Type.ORDERING:
            order = [words(item) for item in question.items]
            for row in page.locator(".order li").all():
                item = " ".join(row.locator("span").first.inner_text().split())
                row.locator("select").select_option(str(order.index(item) + 1))
        case Type.GAPS:
            for number, gap in enumerate(question.gaps):
                field_ = page.locator(f"#g{number}")
                if gap.listed:
                    field_.select_option(label=words(gap.texts[0]))
                else:
                    field_.fill(gap.texts[0])
