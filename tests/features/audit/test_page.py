"""The audit log on screen: who sees what, how it is found again, how it leaves."""

import csv
import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.database import db, transaction
from lms.deeds import audit
from lms.features.audit import queries
from lms.models import AuditEntry
from lms.rules.access import Role
from tests.factories import NOON, make_person, make_staff

LMS = Path(__file__).parents[3] / "lms"


def act(actor=None, *, deed="changed the places", at=NOON, **values) -> None:
    with transaction() as session:
        audit.record(
            session, now=at, deed=deed, actor=actor.id if actor is not None else None, **values
        )


@pytest.fixture
def auditor(browser):
    return browser.sign_in(make_staff(Role.AUDITOR), "auditor")


def rows(page: str) -> int:
    return page.partition("<tbody")[2].count("<tr")


def test_an_entry_says_who_what_before_after_and_why(auditor):
    ingrid = make_person("Ingrid Solberg")
    act(ingrid, object="course:opiates", before={"places": 10}, after={"places": 12}, why="Asked")
    page = auditor.get("/audit").text

    for words in ("Ingrid Solberg", "places: 10", "places: 12", "Asked", "opiates"):
        assert words in page


def test_an_object_is_shown_by_the_word_people_know_and_never_by_its_key(auditor):
    person = make_person("Nino Beridze")
    act(object=f"person:{person.id}", deed="suspended a person")
    page = auditor.get("/audit").text

    assert f"Nino Beridze {person.ref}" in page
    assert f"person:{person.id}" not in page


def test_every_kind_of_object_with_a_key_has_a_word():
    kinds = {
        kind
        for file in LMS.rglob("*.py")
        for kind in re.findall(r'object=f"([a-z_]+):\{[a-z_]+(?:\.|_)id\}', file.read_text())
    }

    assert len(kinds) > 5
    assert kinds <= set(queries.TABLES)


def test_a_coordinator_sees_their_own_acts_alone(browser):
    me = make_staff(Role.COORDINATOR, name="Ingrid Solberg")
    act(me, deed="opened an activity")
    act(make_person("Lotte Peeters"), deed="added an attempt")
    browser.sign_in(me, "coordinator")
    page = browser.get("/audit").text

    assert (rows(page), "opened an activity" in page, "added an attempt" in page) == (
        1,
        True,
        False,
    )
    assert rows(browser.get("/audit?who=Lotte").text) == 0
    assert browser.get("/audit?deed=added+an+attempt").status_code == 400
    taken = browser.submit("/audit.csv", reason="To look").text
    assert "opened an activity" in taken
    assert "added an attempt" not in taken


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?who=ingrid", 1),
        ("?who=opiates", 1),
        ("?who=%25", 0),
        ("?deed=changed+the+places", 2),
        ("?from=2026-12-05", 1),
        ("?to=2026-12-04", 2),
        ("?who=ingrid&deed=signed+in", 0),
    ],
)
def test_filters_find_entries(auditor, query, found):
    act(make_person("Ingrid Solberg"))
    act(object="course:opiates")
    act(make_person("Lotte Peeters"), deed="signed in", at=NOON.replace(day=5))

    assert rows(auditor.get(f"/audit{query}").text) == found


def test_a_reference_finds_what_a_person_did_and_what_was_done_to_them(auditor):
    person = make_person()
    act(person)
    act(object=f"person:{person.id}")
    act(make_person())

    assert rows(auditor.get(f"/audit?who={person.ref.upper()}").text) == 2


@pytest.mark.parametrize(
    "query", ["from=yesterday", "deed=nothing", "who=a&who=b", "what=1", "who=" + "a" * 121]
)
def test_wrong_filters_show_no_entry(auditor, query):
    act()
    answer = auditor.get(f"/audit?{query}")

    assert (answer.status_code, rows(answer.text)) == (400, 0)


def test_entries_come_in_pages(auditor):
    for number in range(51):
        act(deed=f"deed {number:02}")

    assert (rows(auditor.get("/audit").text), rows(auditor.get("/audit?page=2").text)) == (50, 1)
    assert auditor.get("/audit?page=3").status_code == 404


def test_a_page_takes_the_same_queries_for_one_entry_and_many(auditor, count_queries):
    taken = []
    for number in range(3):
        for _ in range(number * 5 + 1):
            person = make_person()
            act(person, object=f"person:{person.id}")
        count_queries.clear()
        auditor.get("/audit")
        taken.append(len(count_queries))

    assert taken[0] == taken[2]


def test_the_page_says_in_words_whether_the_chain_holds(auditor):
    act()
    assert "has not been checked yet" in auditor.get("/audit").text

    assert auditor.submit("/audit/check", page="/audit").location == "/audit"

    assert "The chain is complete." in auditor.get("/audit").text


def test_the_file_names_people_by_key_and_its_taking_is_written_down(auditor):
    person = make_person("Nino Beridze")
    act(person, object=f"person:{person.id}", why="=1+1")
    answer = auditor.submit("/audit.csv", reason="Yearly check")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))

    assert (row["who"], row["object"], row["reason"]) == (
        f"person:{person.id}",
        f"person:{person.id}",
        "'=1+1",
    )
    assert "Nino" not in answer.text
    db.session.remove()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.deed, entry.why, entry.after["rows"]) == (
        "exported the audit log",
        "Yearly check",
        1,
    )
