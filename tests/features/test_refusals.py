"""Bad input, one row each: what it answers, what it says, and that no table changes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms import clock
from lms.database import db, transaction
from lms.deeds import people
from lms.features.authoring.cli import courses
from lms.features.learning import actions as learning
from lms.features.quizzes import actions as quizzes
from lms.models import CourseFile, Ending, LoginToken, Person, RoleGrant, Route, SignIn
from lms.rules.access import Role
from tests.architecture.world import AMBER, certificate_of, send
from tests.conftest import Browser, restore
from tests.factories import JOINING, NOON, PASSWORD, make_person, make_sign_in, make_staff, saved
from tests.features.courses import (
    attempt_at,
    make_activity,
    make_place,
    publish_course,
    small_files,
)
from tests.keeping import Kept, digest

TIMED = """---
title: Against the clock
kind: formative
attempts: 2
wait: 1 h
time_limit: 10 min
navigation: forward
---
## One? {#t1}

- (x) Yes
- ( ) No

## Two? {#t2}

- (x) Yes
- ( ) No
"""
KINDS = """---
title: Several kinds
kind: formative
---
## Put in order. {#k1}

1. First
2. Second
3. Third

## Write. {#k2}

= …

> Rubric: anything.

## Match. {#k3}

- Vienna => Danube
- Paris => Seine

## How many? {#k4}

= 4
"""
AT_WORK = ("audit_entry", "audit_head", "sign_in", "sign_in_failure")
LINK = "a-link-that-was-not-used"


@dataclass
class Office:
    """An officer at work, a colleague, and what belongs to either."""

    app: Flask
    kept: Any
    officer: Person
    staff: Person
    names: dict[str, str]  # what the addresses and fields of the rows name
    place_id: int

    def attempt(self, name: str) -> int:
        return attempt_at(f"/attempts/{self.names[name]}/").id


@pytest.fixture(scope="module")
def office(the_app: Flask) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch, the_app.app_context():
        patch.setattr(clock, "now", lambda: NOON)
        restore(the_app)
        yield open_office(the_app)


def open_office(app: Flask) -> Office:
    made = publish_course(
        changes={"1-first/95-timed.quiz.md": TIMED, "1-first/96-kinds.quiz.md": KINDS}
    )
    other = publish_course("elsewhere")
    closed = publish_course("closed", {"course.md": AMBER})
    day = timedelta(days=1)
    activities = {
        "here": make_activity(made),
        "full": make_activity(other, capacity=1, seats_held=1),
        "future": make_activity(other, begins_at=NOON + day),
        "over": make_activity(other, ends_at=NOON),
        "nominated": make_activity(other, route=Route.NOMINATION),
        "elsewhere": make_activity(other),
        "secret": make_activity(closed),
    }
    finished = publish_course("finished")
    past = make_activity(finished, ends_at=NOON - day)
    officer, foreign = make_person("Nino Beridze"), make_person("Arta Hoxha", state_code="AL")
    staff = make_staff(Role.COORDINATOR)
    names = {name: activity.slug for name, activity in activities.items()}
    for whose, person in (("", officer), ("foreign_", foreign)):
        place = make_place(person, activities["here"])
        names[f"{whose}place"] = place.ref
        for key in ("first/check", "first/timed", "first/kinds"):
            db.session.remove()
            ref = quizzes.start(person.id, place.ref, key, now=NOON)
            names[f"{whose}{key.partition('/')[2]}"] = str(ref)
        names[f"{whose}code"] = certificate_of(person, place, past, finished.release.id)
        if not whose:
            own = place.id
    hashes = db.session.execute(select(CourseFile.path, CourseFile.sha256)).all()
    names["picture"] = next(sha for path, sha in hashes if path == "media/street.svg")[:16]
    names["quiz"] = next(sha for path, sha in hashes if path == "9-final.quiz.md")[:16]
    saved(
        LoginToken(
            token_hash=hashlib.sha256(LINK.encode()).hexdigest(),
            person_id=foreign.id,
            made_at=NOON,
            expires_at=NOON + people.INVITATION_LASTS,
        )
    )
    names["link"] = LINK
    return Office(app, Kept(app), officer, staff, names, own)


# What came before, by name


def read_one(office: Office) -> None:
    finish(office, "first/one")


def read_all(office: Office) -> None:
    for key in ("first/one", "first/two", "second/three"):
        finish(office, key)


def finish(office: Office, key: str) -> None:
    browser = Browser(office.app).sign_in(office.officer)
    assert browser.submit(f"/courses/small/{key}").status_code == 303


def handed_in(office: Office) -> None:
    hand_in(office, "check")


def hand_in(office: Office, name: str) -> None:
    quizzes.hand_in(office.attempt(name), ending=Ending.BUTTON, now=clock.now())


def timed_once(office: Office) -> None:
    hand_in(office, "timed")


def timed_twice(office: Office) -> None:
    quizzes.hand_in(office.attempt("timed"), ending=Ending.BUTTON, now=NOON)
    ref = office.names["place"]
    again = quizzes.start(office.officer.id, ref, "first/timed", now=NOON + timedelta(hours=1))
    quizzes.hand_in(attempt_at(f"/attempts/{again}/").id, ending=Ending.BUTTON, now=NOON)


def answered_one(office: Office) -> None:
    browser = Browser(office.app).sign_in(office.officer)
    address = f"/attempts/{office.names['timed']}/1"
    assert browser.submit(address, a="0").status_code == 303


def evaluated(office: Office) -> None:
    read_all(office)
    browser = Browser(office.app).sign_in(office.officer)
    ref = quizzes.start(office.officer.id, office.names["place"], "evaluation", now=NOON)
    browser.submit(f"/attempts/{ref}/3", a="0")
    assert browser.submit(f"/attempts/{ref}/check").status_code == 303


def left(office: Office) -> None:
    learning.withdraw(office.officer.id, office.names["place"], reason="", now=NOON)


def suspended(office: Office) -> None:
    change(update(Person).where(Person.id == office.officer.id).values(suspended_at=NOON))


def signed_out(office: Office) -> None:
    change(update(SignIn).values(ended_at=NOON))


def role_ended(office: Office) -> None:
    change(update(RoleGrant).values(ended_at=NOON))


def link_used(office: Office) -> None:
    change(update(LoginToken).values(used_at=NOON))


def link_too_old(office: Office) -> None:
    change(update(LoginToken).values(expires_at=NOON))


def change(statement: Any) -> None:
    db.session.remove()
    with transaction() as session:
        session.execute(statement)


def begun(unit: Any) -> dict[str, Any]:
    return {"place": "{place}", "unit": unit}


def chosen(password: str) -> dict[str, Any]:
    return {**JOINING, "password": password, "again": password}


Row = tuple[str, str, dict[str, Any] | str | None, int, str]
Given = Callable[[Office], None]
AT_ONCE = timedelta(0)
QUIZ = "---\ntitle: A\nkind: formative\n---\n## Q? {#a}\n\n"
LESSON = "---\ntitle: A\n---\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">'
CHECK_FILE, LESSON_FILE = "1-first/90-check.quiz.md", "1-first/10-one.md"
DISPLAY, PLACE = "/account/display", "/courses/elsewhere/place"
UNREAD = "This request cannot be read"
NOT_HERE = "Page not found"
SIGN_IN = "/sign-in"

# (what, address, fields of a form or None for a page, status, words of the page or of the address)
REQUESTS: list[Row] = [
    # forms: what is missing, doubled, forged
    ("a field that nobody offered", DISPLAY, {"theme": "dark", "role": "auditor"}, 400, UNREAD),
    ("a column as a field", DISPLAY, {"theme": "dark", "person_id": "1"}, 400, UNREAD),
    ("a doubled field", DISPLAY, {"theme": ["dark", "light"]}, 400, UNREAD),
    ("no value at all", DISPLAY, {}, 303, "saved=1"),
    ("a value that nobody offered", DISPLAY, {"theme": "pink"}, 200, "Not a valid choice"),
    ("a role that is none", "/account/role", {"role": "king"}, 400, UNREAD),
    ("two roles", "/account/role", {"role": ["officer", "auditor"]}, 400, UNREAD),
    ("a role not held", "/account/role", {"role": "auditor"}, 409, "do not hold this role"),
    ("a lesson with a score", "/courses/small/first/one", {"score": "100"}, 400, UNREAD),
    ("a quiz pressed as a lesson", "/courses/small/first/check", {}, 404, NOT_HERE),
    ("a lesson that is not there", "/courses/small/first/nine", {}, 404, NOT_HERE),
    ("a reason of two lines", "/courses/small/leave", {"reason": "a\nb"}, 200, "Write one line"),
    ("a reason too long", "/courses/small/leave", {"reason": "a" * 401}, 200, "400 characters"),
    # places
    ("an activity to come", PLACE, {"activity": "{future}"}, 409, "has not begun"),
    ("an activity that is over", PLACE, {"activity": "{over}"}, 409, "is over"),
    ("a route not open", PLACE, {"activity": "{nominated}"}, 409, "not open to everybody"),
    ("an activity of nothing", PLACE, {"activity": "none-2026-12"}, 409, "not open to everybody"),
    ("another course's activity", PLACE, {"activity": "{here}"}, 409, "not open to everybody"),
    ("an activity twice", PLACE, {"activity": ["{full}", "{elsewhere}"]}, 400, UNREAD),
    ("no activity", PLACE, {}, 400, UNREAD),
    ("a restricted one", "/courses/closed/place", {"activity": "{secret}"}, 404, NOT_HERE),
    ("by another door", PLACE, {"activity": "{secret}"}, 409, "not open to everybody"),
    # attempts: beginning
    ("no unit", "/attempts", {"place": "{place}"}, 400, UNREAD),
    (
        "a deadline",
        "/attempts",
        {"place": "{place}", "unit": "first/check", "deadline": "9"},
        400,
        UNREAD,
    ),
    ("two units", "/attempts", begun(["first/check", "final"]), 400, UNREAD),
    ("a unit of nothing", "/attempts", begun("first/nine"), 404, NOT_HERE),
    ("a lesson begun as a quiz", "/attempts", begun("first/one"), 404, NOT_HERE),
    (
        "a foreign place",
        "/attempts",
        {"place": "{foreign_place}", "unit": "first/check"},
        404,
        NOT_HERE,
    ),
    ("a locked quiz", "/attempts", begun("final"), 409, "Finish what comes before"),
    ("a locked evaluation", "/attempts", begun("evaluation"), 409, "not open yet"),
    ("a locked lesson", "/courses/small/second/three", {}, 409, "not open yet"),
    # attempts: answering
    ("an option that was not shown", "/attempts/{check}/1", {"a": "7"}, 409, "does not belong"),
    ("an option in other digits", "/attempts/{check}/1", {"a": "٠"}, 409, "does not belong"),
    ("two options of one", "/attempts/{check}/1", {"a": ["0", "1"]}, 409, "does not belong"),
    ("another question's field", "/attempts/{check}/1", {"m0": "0"}, 400, UNREAD),
    ("another button", "/attempts/{check}/1", {"a": "0", "do": "pass"}, 400, UNREAD),
    ("an arrow where nothing moves", "/attempts/{check}/1", {"move": "0:up"}, 400, UNREAD),
    ("a right side too many", "/attempts/{kinds}/3", {"m0": "2"}, 409, "does not belong"),
    ("an order of words", "/attempts/{kinds}/1", {"o0": "one"}, 409, "does not belong"),
    ("an order beyond the items", "/attempts/{kinds}/1", {"o0": "4"}, 409, "does not belong"),
    ("an item that is not there", "/attempts/{kinds}/1", {"move": "3:up", "o0": "1"}, 400, UNREAD),
    (
        "a number no computer reads",
        "/attempts/{kinds}/1",
        {"move": "0:up", **{f"o{n}": "9" * 5_000 for n in range(3)}},
        400,
        UNREAD,
    ),
    ("arrows without positions", "/attempts/{kinds}/1", {"move": "0:up"}, 400, UNREAD),
    (
        "two arrows",
        "/attempts/{kinds}/1",
        {"move": ["0:up", "1:up"], "o0": "1", "o1": "2", "o2": "3"},
        400,
        UNREAD,
    ),
    ("an essay without end", "/attempts/{kinds}/2", {"a": "a" * 20_001}, 409, "too long"),
    ("a line without end", "/attempts/{kinds}/4", {"a": "4" * 1_001}, 409, "too long"),
    ("a question out of turn", "/attempts/{timed}/2", {"a": "0"}, 303, "/attempts/{timed}/1"),
    ("a question zero", "/attempts/{check}/0", None, 404, NOT_HERE),
    ("a question too many", "/attempts/{check}/3", {"a": "0"}, 404, NOT_HERE),
    ("a question over 2^63", f"/attempts/{{check}}/{2**70}", {"a": "0"}, 404, NOT_HERE),
    ("a question below zero", "/attempts/{check}/-1", None, 404, NOT_HERE),
    ("an answer with the last button", "/attempts/{check}/check", {"a": "0"}, 400, UNREAD),
    ("a foreign attempt's answer", "/attempts/{foreign_check}/1", {"a": "0"}, 404, NOT_HERE),
    ("a foreign attempt's end", "/attempts/{foreign_check}/check", {}, 404, NOT_HERE),
    ("a foreign result", "/attempts/{foreign_check}/result", None, 404, NOT_HERE),
    ("an attempt that is none", "/attempts/1/1", None, 404, NOT_HERE),
    # certificates, media, other files
    ("a foreign certificate", "/certificates/{foreign_code}", None, 404, NOT_HERE),
    ("a foreign paper", "/certificates/{foreign_code}.pdf", None, 404, NOT_HERE),
    ("a code that is none", "/certificates/%2e%2e", None, 404, NOT_HERE),
    (
        "a picture of elsewhere",
        "/courses/elsewhere/media/{picture}/street.svg",
        None,
        404,
        NOT_HERE,
    ),
    ("a quiz as a picture", "/courses/small/media/{quiz}/9-final.quiz.md", None, 404, NOT_HERE),
    ("half a hash", "/courses/small/media/{picture:.8}/street.svg", None, 404, NOT_HERE),
    (
        "any hash",
        "/courses/small/media/%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25/street.svg",
        None,
        404,
        NOT_HERE,
    ),
    ("part of a name", "/courses/small/media/{picture}/treet.svg", None, 404, NOT_HERE),
    (
        "a way up in media",
        "/courses/small/media/{picture}/..%2f..%2fcourse.md",
        None,
        404,
        NOT_HERE,
    ),
    ("a way up in static files", "/static/..%2f..%2fconfig.py", None, 404, NOT_HERE),
    ("a way up, spelt plainly", "/static/../../../etc/passwd", None, 404, NOT_HERE),
    # addresses
    ("an unknown address", "/wp-login.php", None, 404, NOT_HERE),
    ("an unknown course", "/courses/%F0%9F%92%A3", None, 404, NOT_HERE),
    ("NUL in an address", "/courses/small%00", None, 400, UNREAD),
    ("NUL in a query", "/courses/small?activity=%00", None, 400, UNREAD),
    ("NUL in a form", PLACE, {"activity": "a\0b"}, 400, UNREAD),
    ("NUL in a field's name", PLACE, {"activity\0": "a"}, 400, UNREAD),
    ("no UTF-8 in a query", "/courses?q=%c3%28", None, 400, UNREAD),
    ("no UTF-8 in a form", PLACE, "activity=%ff", 400, UNREAD),
    ("a code without end", "/verify/" + "A" * 5_000, None, 404, "No certificate has this code"),
    ("a link that is none", "/invitations/none", None, 404, "used"),
    ("a link that is none, sent", "/invitations/none", chosen(PASSWORD), 404, "used"),
    # passwords
    ("a short password", "/invitations/{link}", chosen("short"), 200, "at least 15"),
    ("one sign repeated", "/invitations/{link}", chosen("a" * 20), 200, "more different signs"),
    ("the own name", "/invitations/{link}", chosen("arta hoxha 2026 osce"), 200, "Use other words"),
    (
        "two passwords",
        "/invitations/{link}",
        {"password": PASSWORD, "again": PASSWORD + "x"},
        200,
        "differ",
    ),
    ("a password without end", "/invitations/{link}", chosen("ab1!xy" * 40), 200, "200"),
    (
        "an address of two lines",
        "/sign-in",
        {"address": "a@b.org\nc", "password": "x"},
        200,
        "Write one line",
    ),
    ("an address without end", "/sign-in", {"address": "a" * 300, "password": "x"}, 200, "254"),
    (
        "a wrong password",
        "/sign-in",
        {"address": "person1@example.org", "password": "wrong"},
        409,
        "do not fit together",
    ),
    # size
    ("a huge body", PLACE, "activity=" + "a" * 1_000_001, 413, "too large"),
    ("many fields", PLACE, "&".join(["a=1"] * 1_001), 413, "too large"),
    ("a large form", PLACE, "activity=" + "a" * 500_001, 413, "too large"),
]

# (what, what came before, address, fields, status, words, how long after noon)
LATER: list[tuple[str, Given | None, str, dict[str, Any] | None, int, str, timedelta]] = [
    (
        "a closed pre-test",
        read_one,
        "/attempts",
        begun("pre-test"),
        409,
        "closed when you finished",
        AT_ONCE,
    ),
    (
        "a second hand-in",
        handed_in,
        "/attempts/{check}/check",
        {},
        303,
        "/attempts/{check}/result",
        AT_ONCE,
    ),
    (
        "a save after hand-in",
        handed_in,
        "/attempts/{check}/1",
        {"a": "1"},
        303,
        "/attempts/{check}/result",
        AT_ONCE,
    ),
    (
        "a wait not over",
        timed_once,
        "/attempts",
        begun("first/timed"),
        409,
        "You can try again from",
        timedelta(minutes=59),
    ),
    (
        "no attempt left",
        timed_twice,
        "/attempts",
        begun("first/timed"),
        409,
        "No attempt is left",
        timedelta(days=2),
    ),
    (
        "an answer before",
        answered_one,
        "/attempts/{timed}/1",
        {"a": "1"},
        303,
        "/attempts/{timed}/2",
        AT_ONCE,
    ),
    (
        "an evaluation sent twice",
        evaluated,
        "/attempts",
        begun("evaluation"),
        409,
        "sent once",
        AT_ONCE,
    ),
    (
        "a lesson after leaving",
        left,
        "/courses/small/first/one",
        {},
        303,
        "/courses/small?next=",
        AT_ONCE,
    ),
    ("a save after leaving", left, "/attempts/{check}/1", {"a": "0"}, 409, "has ended", AT_ONCE),
    ("a hand-in after leaving", left, "/attempts/{check}/check", {}, 409, "has ended", AT_ONCE),
    ("a start after leaving", left, "/attempts", begun("first/check"), 409, "has ended", AT_ONCE),
    ("leaving twice", left, "/courses/small/leave", {}, 404, NOT_HERE, AT_ONCE),
    (
        "a lesson of an activity that is over",
        None,
        "/courses/small/first/one",
        {},
        409,
        "is over",
        timedelta(days=31),
    ),
    (
        "a start when it is over",
        None,
        "/attempts",
        begun("pre-test"),
        409,
        "is over",
        timedelta(days=31),
    ),
    ("a suspended person", suspended, "/learning", None, 303, SIGN_IN, AT_ONCE),
    ("a session that was ended", signed_out, "/learning", None, 303, SIGN_IN, AT_ONCE),
    ("a form after it was ended", signed_out, DISPLAY, {"theme": "dark"}, 303, SIGN_IN, AT_ONCE),
    ("a used link", link_used, "/invitations/{link}", chosen(PASSWORD), 404, "used", AT_ONCE),
    ("a link too old", link_too_old, "/invitations/{link}", chosen(PASSWORD), 404, "used", AT_ONCE),
]

# (what, address, status, words) of a coordinator's reports
REPORTS: list[tuple[str, str, int, str]] = [
    ("a state that is none", "/reports/small?state=XX", 400, "Choose a State"),
    ("a day that is none", "/reports/small?from=2026-02-30", 400, "Write the day"),
    ("a column that is none", "/reports/small?sort=password_hash", 400, "cannot be sorted"),
    ("a page beyond the last", "/reports/small?page=99", 400, "no such page"),
    ("a page over 2^63", f"/reports/small?page={2**70}", 400, "no such page"),
    ("a filter twice", "/reports/small?state=GE&state=AL", 400, "stands in it twice"),
    ("a filter nobody offered", "/reports/small.csv?rows=all", 400, UNREAD),
    ("a way up in exports", "/reports/..%2f..%2finstance.csv", 404, NOT_HERE),
]


def browser_of(office: Office, person: Person, role: str, now: Any) -> Browser:
    browser = Browser(office.app)
    soon = now - timedelta(minutes=1)
    cookie = make_sign_in(person, role, started_at=soon, last_seen=soon)
    browser.client.set_cookie("lms", cookie)
    return browser


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return value.format(**names) if "{" in value else value


def ask(office: Office, browser: Browser, address: str, fields: Any) -> Any:
    """A page, or a form with its token; a text is sent as the form's body."""
    url = filled(address, office.names)
    if fields is None:
        return send(browser, "GET", url)
    sent = {"csrf_token": browser.token("/account/display")}
    if isinstance(fields, str):
        body = f"{urlencode(sent)}&{fields}"
        type_ = "application/x-www-form-urlencoded"
        return send(browser, "POST", url, data=body, content_type=type_)
    sent |= {name: filled(value, office.names) for name, value in fields.items()}
    return send(browser, "POST", url, data=sent)


def said(answer: Any) -> str:
    return answer.location or answer.text


@pytest.mark.parametrize(
    ("what", "address", "fields", "status", "words"), REQUESTS, ids=[row[0] for row in REQUESTS]
)
def test_bad_input_is_refused(office, what, address, fields, status, words):
    office.kept.put_back()
    office.app.extensions.pop("limiter", None)
    browser = browser_of(office, office.officer, "officer", NOON)
    held = digest(AT_WORK)
    answer = ask(office, browser, address, fields)

    assert answer.status_code == status
    assert filled(words, office.names) in said(answer)
    assert digest(AT_WORK) == held


@pytest.mark.parametrize(
    ("what", "given", "address", "fields", "status", "words", "later"),
    LATER,
    ids=[row[0] for row in LATER],
)
def test_what_comes_too_late_is_refused(
    office, what, given, address, fields, status, words, later, monkeypatch
):
    office.kept.put_back()
    monkeypatch.setattr(clock, "now", lambda: NOON + later)
    browser = browser_of(office, office.officer, "officer", NOON + later)
    token = browser.token("/account/display")
    if given:
        given(office)
    held = digest(AT_WORK)
    url = filled(address, office.names)
    if fields is None:
        answer = send(browser, "GET", url)
    else:
        sent = {name: filled(value, office.names) for name, value in fields.items()}
        answer = send(browser, "POST", url, data={**sent, "csrf_token": token})

    assert answer.status_code == status
    assert filled(words, office.names) in said(answer)
    assert digest(AT_WORK) == held


@pytest.mark.parametrize(
    ("what", "address", "status", "words"), REPORTS, ids=[row[0] for row in REPORTS]
)
def test_reports_refuse_what_they_did_not_offer(office, what, address, status, words):
    office.kept.put_back()
    browser = browser_of(office, office.staff, "coordinator", NOON)
    held = digest(("sign_in",))
    answer = ask(office, browser, address, None)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert digest(("sign_in",)) == held


def test_a_role_taken_away_closes_its_pages(office):
    office.kept.put_back()
    browser = browser_of(office, office.staff, "coordinator", NOON)
    assert ask(office, browser, "/reports/small.csv", None).status_code == 200
    role_ended(office)

    assert SIGN_IN in ask(office, browser, "/reports/small.csv", None).location


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_saved_in_time_counts_and_nothing_after(office, monkeypatch, number):
    office.kept.put_back()
    answered_one(office)
    late = NOON + timedelta(minutes=11, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    browser = browser_of(office, office.officer, "officer", late)
    held = digest()["answer"]
    answer = ask(office, browser, f"/attempts/{{timed}}/{number}", {"a": "1"})

    assert answer.location == f"/attempts/{office.names['timed']}/result"
    assert digest()["answer"] == held
    assert "of 2" in ask(office, browser, "/attempts/{timed}/result", None).text


def test_an_address_that_is_no_utf_8_is_refused(office):
    answer = send(Browser(office.app), "GET", "/", environ_overrides={"PATH_INFO": "/courses/\xff"})

    assert (answer.status_code, UNREAD in answer.text) == (400, True)


def test_many_parts_are_refused(office):
    office.kept.put_back()
    browser = browser_of(office, office.officer, "officer", NOON)
    parts = {f"part{n}": "x" for n in range(1_001)}
    answer = send(browser, "POST", PLACE, data=parts, content_type="multipart/form-data")

    assert (answer.status_code, "too large" in answer.text) == (413, True)


def test_the_eleventh_code_in_a_minute_waits(office):
    office.app.extensions.pop("limiter", None)
    browser = Browser(office.app)
    statuses = [browser.get("/verify/AAAA-AAAA-AAAA-AAAA-AAAA").status_code for _ in range(11)]
    office.app.extensions.pop("limiter", None)

    assert statuses == [404] * 10 + [429]


@pytest.mark.parametrize("way", ["{}", "{}%0A", "%D0%90{}", "{}%22"])
def test_a_code_typed_in_any_way_makes_no_header(office, way):
    """A line end, a quotation mark or a Cyrillic letter would break the file's name."""
    office.kept.put_back()
    browser = browser_of(office, office.officer, "officer", NOON)
    code = office.names["code"]
    answer = send(browser, "GET", f"/certificates/{way.format(code)}.pdf")

    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        named = answer.headers["Content-Disposition"]
        assert named.isascii()
        assert "\n" not in named


# Course files, through the commands


BROKEN: list[tuple[str, dict[str, str | bytes | None], str]] = [
    ("no course.md", {"course.md": None}, "course.md"),
    ("no front matter", {"course.md": "A course\n"}, "front matter"),
    ("a key nobody knows", {"course.md": "---\ntitel: A\n---\n"}, "`titel`"),
    ("a key twice", {LESSON_FILE: "---\ntitle: A\ntitle: B\n---\n"}, "title"),
    ("an alias", {LESSON_FILE: "---\ntitle: &a A\nobjectives: *a\n---\n"}, "anchor"),
    ("a tag", {LESSON_FILE: "---\ntitle: !!python/object/apply:os.system [id]\n---\n"}, "tag"),
    ("no UTF-8", {LESSON_FILE: b"---\ntitle: \xff\n---\n"}, "UTF-8"),
    ("NUL", {LESSON_FILE: LESSON + "a\0b\n"}, "U+0000"),
    ("no right answer", {CHECK_FILE: QUIZ + "- ( ) A\n- ( ) B\n"}, "right"),
    ("two right answers", {CHECK_FILE: QUIZ + "- (x) A\n- (x) B\n"}, "mark one option"),
    ("a script in a picture", {"media/street.svg": SVG + "<script>1</script></svg>"}, "script"),
    (
        "a picture of another site",
        {"media/street.svg": SVG + '<image href="https://evil.example/a.png"/></svg>'},
        "media/street.svg",
    ),
    ("a link to nowhere", {LESSON_FILE: LESSON + "See [it](../nowhere.md).\n"}, "nowhere.md"),
    (
        "a link that leaves the folder",
        {LESSON_FILE: LESSON + "See [it](../../../etc/passwd).\n"},
        "passwd",
    ),
    (
        "a draw beyond the pool",
        {CHECK_FILE: QUIZ.replace("formative", "formative\ndraw: 9") + "- (x) A\n- ( ) B\n"},
        "draw",
    ),
    ("too much of one sign", {LESSON_FILE: LESSON + "" + "[" * 2_001 + "\n"}, "2,000"),
    ("an unknown file", {"1-first/run.sh": "#!/bin/sh\n"}, "run.sh"),
]


@pytest.mark.parametrize(("what", "changes", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_course_is_neither_checked_nor_loaded(office, tmp_path, what, changes, words):
    folder = tmp_path / "broken"
    for path, data in small_files(changes).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    db.session.remove()
    held = digest()
    runner = office.app.test_cli_runner()
    checked = runner.invoke(courses, ["check", str(folder)])
    loaded = runner.invoke(courses, ["load", str(folder), "--publish"])

    assert (checked.exit_code, words in checked.output) == (1, True), checked.output
    assert loaded.exit_code == 1, loaded.output
    assert digest() == held
