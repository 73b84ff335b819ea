"""The worker apart gives the same pages, refuses what takes too long, and goes on."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from lms.content.rendering import Media, Surroundings, TooMuch, render, render_inline, render_stem
from lms.content.structure import differences
from lms.content.workshop import (
    Workshop,
    differences_apart,
    render_apart,
    render_inline_apart,
    render_stem_apart,
)
from tests.content.lessons import lessons

SLOW = """
from lms.content import workshop
from lms.content.rendering import render
def slow(markdown, around, gaps):
    while markdown == "slow":
        pass
    if markdown == "large":
        bytearray(2**30)
    return workshop.asdict(render(markdown, around))
workshop.JOBS["render"] = slow
workshop.work()
"""
COURSE = Surroundings(
    course="x",
    media={"media/routes.svg": Media("/m/1", 3, 2, 1)},
    terms={"precursor": "precursor"},
    links=lambda path: f"/to/{path}" if path.startswith("20") else None,
    strings={"note": "Примечание"},
)


@pytest.fixture
def slow() -> Iterator[Workshop]:
    workshop = Workshop(SLOW)
    yield workshop
    workshop.end()


def test_a_page_made_apart_is_the_same_page():
    for lesson in [*lessons(5), "[a](20-x.md#b) [c](30-y.md)", "!!! note\n    x", "", "é\r\n- b"]:
        assert render_apart(lesson, COURSE) == render(lesson, COURSE)
    assert render_inline_apart("*a*") == render_inline("*a*")
    assert render_stem_apart("{{1}}", COURSE, ["<input>"]) == render_stem(
        "{{1}}", COURSE, ["<input>"]
    )
    assert differences_apart("<b>x</b>") == differences("<b>x</b>") != ()


def test_a_refusal_comes_back_as_it_was_made():
    with pytest.raises(TooMuch) as apart:
        render_apart("a\n\n" + "> " * 60)
    assert (apart.value.line, "50 levels" in apart.value.message) == (3, True)


@pytest.mark.parametrize("markdown", ["slow", "large"])
def test_what_takes_too_long_or_too_much_is_refused_and_the_next_is_served(slow, markdown):
    with pytest.raises(TooMuch):
        slow.do("render", markdown, None)
    assert slow.do("render", "quick", None)["html"] == "<p>quick</p>"


def test_a_worker_that_died_is_replaced():
    workshop = Workshop()
    workshop.do("render", "a", None)
    workshop.worker.kill()
    workshop.worker.wait()
    assert workshop.do("render", "b", None)["html"] == "<p>b</p>"
    workshop.end()


def test_a_worker_that_cannot_start_is_no_fault_of_the_text():
    workshop = Workshop("import nothing_of_this_name")
    with pytest.raises(RuntimeError, match="status 1"):
        workshop.do("render", "a", None)


def test_threads_share_one_worker():
    workshop, found, ids = Workshop(), {}, set()

    def one(number: int) -> None:
        found[number] = workshop.do("render", f"n{number}", None)["html"]
        ids.add(workshop.worker.pid)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workshop.end()
    assert found == {number: f"<p>n{number}</p>" for number in range(12)}
    assert len(ids) == 1


def test_a_resolver_that_fails_fails_here_and_spoils_no_later_job():
    def broken(path: str) -> str:
        raise KeyError(path)

    with pytest.raises(KeyError):
        render_apart("[a](20-x.md)", Surroundings(links=broken))
    assert render_apart("b").html == "<p>b</p>"


def test_the_worker_knows_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("LMS_SECRET_KEY", "canary")
    workshop = Workshop()
    workshop.do("render", "a", None)
    with open(f"/proc/{workshop.worker.pid}/environ", "rb") as environment:
        assert b"canary" not in environment.read()
    workshop.end()


def test_the_worker_ends_with_its_parent():
    parent = (
        "import os\n"
        "from lms.content import workshop\n"
        "workshop.render_apart('a')\n"
        "print(workshop._WORKSHOP.worker.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", parent], capture_output=True, env=environment, check=False
    )
    worker = int(done.stdout)
    for _ in range(100):
        if not _runs(worker):
            break
        threading.Event().wait(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
