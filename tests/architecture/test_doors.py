"""Every rule of the URL map, every method, every role, every object: nothing is off the table.

The table stands in doors.csv and is written by hand. The walk is made from the application's own
map, so a rule that the table does not know fails here, and so does a line without a rule.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.architecture.world import ROLES, Things, World, opened, send
from tests.factories import JOINING, PASSWORD
from tests.keeping import digest

TABLE = Path(__file__).with_name("doors.csv")
GROUPS = {
    "*": ROLES,
    "signed-in": ROLES[1:],
    "staff": tuple(role for role in ROLES if role not in ("anonymous", "officer")),
}
OF_COURSES = ("own", "assigned", "unassigned", "restricted", "missing")
OF_PEOPLE = ("own", "state", "other", "missing")
OBJECTS = {  # what an address names → whose it can be
    "activity": ("own", "other", "missing"),
    "course": OF_COURSES,
    "ref": OF_PEOPLE,
    "code": OF_PEOPLE,
    "token": ("own", "missing"),
    "kind": ("own", "missing"),
    "name": ("own", "missing"),
    "": ("-",),
}
NAMED_BY_THE_FORM = {"/attempts": OF_PEOPLE}
MAY_CHANGE = ("audit_entry", "audit_head", "sign_in")
MAY_CHANGE_COLUMNS = ("enrolment.last_unit", "enrolment.last_at")
AUTOMATIC = ("OPTIONS",)  # answered by the framework, without a view
WRITTEN_BY_GET = {  # and why
    "/certificates/<code>.pdf": "the file is made at the first download; its hash is kept",
}
OWN_PAGE = {  # a miss has a page of its own, the same for every miss
    "/verify/<code>",
    "/<any(de,es,fr,it,ru):language>/verify/<code>",
    "/invitations/<token>",
    "/reset/<token>",
    "/account/addresses/<token>",
    "/static/<path:name>",
}
ACTIVITIES = {  # by nomination: the State takes part, it does not
    "own": "nominating",
    "other": "barred",
}
NEW_OFFICER = {
    "given_name": "Tamar",
    "family_name": "Lomidze",
    "gender": "woman",
    "language": "en",
    "agreed": "y",
    "once": "a" * 32,
}
NOWHERE = "AAAA-AAAA-AAAA-AAAA"
NO_CODE = {"code": "AAAA-AAAA-AAAA", "who": "Nobody"}
REGISTERING = {
    "state": "GE",
    "given_name": "Ketevan",
    "family_name": "Abashidze",
    "gender": "woman",
    "agency_type": "",
    "rank_band": "",
    "address": "k@mia.gov.ge",
    "time_zone": "Asia/Tbilisi",
    "language": "en",
    "privacy": "y",
}


@dataclass(frozen=True)
class Line:
    rule: str
    method: str
    role: str
    whose: str
    status: int
    to: str  # how the address begins that the answer leads to


def lines() -> Iterator[Line]:
    """The table, spelt out: one line for one method, role and object."""
    named: set[tuple[str, str, str, str]] = set()
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if not row[0].startswith("#")]
    for rule, methods, roles, objects, status in rows:
        code, _, to = status.partition(" >")
        here = set()
        for method in methods.split():
            for whose in objects.split():
                for role in roles_of(roles, rule, method, whose, named):
                    here.add((rule, method, role, whose))
                    yield Line(rule, method, role, whose, int(code), to)
        twice = named & here
        assert not twice, f"two lines say what {sorted(twice)[0]} answers"
        named |= here


def roles_of(
    words: str, rule: str, method: str, whose: str, named: set[tuple[str, str, str, str]]
) -> list[str]:
    if words == "others":
        return [role for role in ROLES if (rule, method, role, whose) not in named]
    return [role for word in words.split() for role in GROUPS.get(word, (word,))]


def rules(app: Flask) -> dict[str, Rule]:
    return {rule.rule: rule for rule in app.url_map.iter_rules()}


def objects_of(rule: Rule) -> tuple[str, ...]:
    first = next((name for name in OBJECTS if name in rule.arguments), "")
    return NAMED_BY_THE_FORM.get(rule.rule) or OBJECTS[first]


EXPECTED = {(one.rule, one.method, one.role, one.whose): one for one in lines()}


def test_the_table_names_every_door_and_no_other(the_app):
    walked = {
        (rule.rule, method, role, whose)
        for rule in the_app.url_map.iter_rules()
        for method in sorted(rule.methods - {*AUTOMATIC})
        for role in ROLES
        for whose in objects_of(rule)
    }
    assert sorted(walked - EXPECTED.keys()) == []
    assert sorted(EXPECTED.keys() - walked) == []


@pytest.fixture(scope="module")
def world(the_app: Flask) -> Iterator[World]:
    with opened(the_app) as made:
        yield made


def values_of(world: World, rule: Rule, role: str, whose: str) -> dict[str, Any]:
    """What fills the address."""
    things = world.things_of(role, whose) or world.things["officer"]
    missing = whose == "missing"
    attempt = things.closed if rule.rule.endswith("result") else things.running
    own = {
        "course": world.courses.get(whose, "no-such-course"),
        "module": "first",
        "key": "first/check",
        "unit": "one",
        "sha_start": world.media,
        "name": world.stylesheet if rule.endpoint == "static" else "street.svg",
        "ref": NOWHERE if missing else attempt,
        "number": 1,
        "code": "A" * 20 if missing else things.code,
        "token": "no-such-token" if missing else world.invitation,
        "language": "de",
        "kind": "no-such-kind" if missing else "reserve",
        "question": "f1",
        "activity": world.activities.get(ACTIVITIES.get(whose, ""), "no-such-2026-12"),
        "ending": "csv",
    }
    if rule.rule.startswith("/author/<course>/regrades/"):
        own["ref"] = world.regrades.get(whose, NOWHERE)
    if rule.rule.startswith("/author/<course>/marking/"):
        own["ref"] = world.essays.get(whose, NOWHERE)
    if rule.rule.startswith("/admin/messages/"):
        own |= {"language": "en"} | ({} if missing else {"ref": things.message})
    if rule.rule.startswith("/admin/erasures/") and not missing:
        own["ref"] = things.wish
    if rule.rule.startswith("/admin/roles/") and not missing:
        own["ref"] = things.person if "grant" in rule.rule else things.grant
    if rule.rule.startswith(("/people/", "/state/officers/")):
        own["other"] = NOWHERE if missing else world.things["officer"].person
        own["ref"] = NOWHERE if missing else ref_of_people(world, rule, things, whose)
    if rule.rule.startswith("/reset/") and not missing:
        own["token"] = world.reset
    if rule.rule.startswith("/account/addresses/") and not missing:
        own["token"] = world.address
    if rule.rule.startswith(("/learning/places/", "/activities/")) and not missing:
        own["ref"] = things.nomination
    if rule.rule.startswith("/state/places/") and not missing:
        own["ref"] = things.decided if rule.rule.endswith("letter.pdf") else things.nomination
    if rule.rule.startswith("/state/uploads/") and not missing:
        own["ref"] = things.upload
    if missing and rule.endpoint == "static":
        own["name"] = "no-such.css"
    return {name: own[name] for name in rule.arguments}


def ref_of_people(world: World, rule: Rule, things: Things, whose: str) -> str:
    if "/registrations/" in rule.rule:
        return world.wishes[whose]
    if "/requests/" in rule.rule:
        return world.requests[whose]
    return world.merge if "/merges/" in rule.rule else things.person


def fields_of(world: World, rule: Rule, role: str, whose: str) -> dict[str, str]:
    """The least that the form of this rule must hold."""
    things = world.things_of(role, whose) or world.things["officer"]
    fields: dict[str, dict[str, str]] = {
        "/sign-in": {"address": "nobody@example.org", "password": "wrong"},
        "/account/role": {"role": "officer"},
        "/account/display": {"theme": "dark"},
        "/admin/erasures/<ref:ref>": {"decision": "accept", "reason": ""},
        "/audit.csv": {"reason": "Yearly report"},
        "/reports/<course>.csv": {"reason": "Yearly report"},
        "/forgot": {"address": "nobody@example.org"},
        "/reset/<token>": {"password": PASSWORD, "again": PASSWORD},
        "/people/<ref:ref>/sign-in": {"what": "sessions", "reason": "a lost laptop"},
        "/admin/roles/grant/<ref:ref>": {"role": "auditor", "reason": "a new colleague"},
        "/admin/roles/<ref:ref>": {"reason": "left the service"},
        "/account/sessions": {"end": "others"},
        "/account/password": {"old": "wrong", "password": PASSWORD, "again": PASSWORD},
        "/account/confirm": {"password": "wrong"},
        "/account/factor/set-up": {"code": "000000"},
        "/admin/messages/words/<kind>/<language>": {
            "subject": "The list",
            "body": "{course} {position}",
        },
        "/author/<course>/questions/<question>/regrade": {
            "what": "full_marks",
            "also": "",
            "versions": "",
            "lower": "",
            "why": "The key was wrong.",
            "once": "a" * 32,
        },
        "/author/<course>/regrades/<ref:ref>/confirm": {"do": "confirm"},
        "/author/<course>/marking": {"text": world.essays.get(whose, NOWHERE), "by": "question"},
        "/author/<course>/marking/names": {"names": "shown"},
        "/author/<course>/marking/<ref:ref>": {"do": "draft", "by": "person", "points": "1"},
        "/attempts": {
            "place": NOWHERE if whose == "missing" else things.place,
            "unit": "first/more",
        },
        "/attempts/<ref:ref>/answers": {"number": "1", "sequence": "7", "device": "k7wq", "a": "0"},
        "/courses/<course>/place": {"activity": world.activities.get(whose, "no-such-2026-12")},
        "/invitations/<token>": JOINING,
        "/join": NO_CODE,
        "/join/confirmed": NO_CODE,
        "/register": REGISTERING,
        "/account/profile": {
            name: REGISTERING[name]
            for name in ("gender", "agency_type", "rank_band", "time_zone", "language")
        },
        "/account/profile/name": {
            "given_name": "Ketevan",
            "family_name": "Marku",
            "reason": "Married",
        },
        "/account/profile/state": {"state": "AT", "reason": "Moved"},
        "/account/addresses": {"address": "second@mia.gov.ge"},
        "/account/addresses/main": {"address": "nobody@mia.gov.ge"},
        "/account/addresses/remove": {"address": "nobody@mia.gov.ge"},
        "/state/domains": {"domains": "mia.gov.ge"},
        "/people/<ref:ref>/state": {"state": "AT", "reason": "Moved"},
        "/people/<ref:ref>/merge/<ref:other>": {"reason": "One person"},
        "/learning/places/<ref:ref>": {"do": "withdraw"},
        "/activities/new": {
            "course": "small",
            "first": "2027-01-11",
            "last": "2027-02-26",
            "route": "open",
        },
        "/activities/<activity>": {
            "first": "2027-01-11",
            "last": "2027-02-26",
            "route": "nomination",
            "order": "either",
            "language": "en",
            "prerequisite": "",
        },
        "/activities/<activity>/nominations": {
            "ref": world.things["state"].nomination,
            "do": "select",
        },
        "/activities/<activity>/invitations": {"address": "nobody@example.org"},
        "/activities/<activity>/places/<ref:ref>": {"do": "withdraw", "reason": "Ill"},
        "/state/activities/<activity>": NEW_OFFICER,
        "/state/activities/<activity>/officers": {"person": world.spare, "once": "a" * 32},
        "/state/activities/<activity>/order": {"move": f"{world.things['state'].nomination}:up"},
        "/state/activities/<activity>/women": {"reason": "No other officer is free."},
        "/state/activities/<activity>/officers.<any(csv,xlsx):ending>": {"reason": "A list"},
        "/state/officers.<any(csv,xlsx):ending>": {"reason": "A list"},
        "/state/places/<ref:ref>/withdraw": {"reason": "Ill"},
        "/state/places/<ref:ref>/replace": {
            "person": world.spare,
            "reason": "Ill",
            "once": "a" * 32,
        },
        "/state/places/<ref:ref>/reject": {"why": "places"},
        "/state/uploads/<ref:ref>": {"how": "valid"},
        "/state/uploads/<ref:ref>/reading": {"encoding": "utf-8-sig", "delimiter": "comma"},
    }
    if rule.rule.startswith(("/people/", "/state/officers/")):
        last = rule.rule.rpartition("/")[2]
        person = {name: REGISTERING[name] for name in REGISTERING if name != "privacy"}
        by_page: dict[str, dict[str, str]] = {
            "new": person | {"address": "new@mia.gov.ge"},
            "edit": {name: person[name] for name in person if name not in ("state", "address")},
            "access": {"reason": "Left the service"},
        }
        if rule.rule.startswith("/state/") and last == "new":
            del by_page["new"]["state"]
        if "/registrations/" in rule.rule or "/requests/" in rule.rule:
            return {"decision": "yes"}
        return fields.get(rule.rule) or by_page.get(last, {})
    return fields.get(rule.rule, {})


def address_of(world: World, rule: Rule, role: str, whose: str) -> str:
    values = values_of(world, rule, role, whose)
    return world.app.url_map.bind("localhost").build(rule.endpoint, values)


def knock(world: World, line: Line) -> tuple[str, TestResponse]:
    """Send the request of this line; gives its address and the answer."""
    world.app.extensions.pop("limiter", None)  # people come slower than this walk
    rule = rules(world.app)[line.rule]
    url = address_of(world, rule, line.role, line.whose)
    data = None
    if line.method == "POST":
        data = fields_of(world, rule, line.role, line.whose)
        data["csrf_token"] = world.tokens[line.role]
    return url, send(world.browsers[line.role], line.method, url, data=data)


def in_order(rule: str, *methods: str) -> list[Line]:
    return [one for one in EXPECTED.values() if one.rule == rule and one.method in methods]


@pytest.mark.parametrize("rule", sorted({one.rule for one in EXPECTED.values()}))
def test_nothing_is_off_the_table(world, rule):
    world.put_back()
    held = digest(MAY_CHANGE, MAY_CHANGE_COLUMNS)
    wrong = []
    for line in in_order(rule, "GET", "HEAD"):
        url, answer = knock(world, line)
        wrong += off(line, url, answer)
        assert line.method == "GET" or answer.data == b""
    if rule not in WRITTEN_BY_GET:
        assert digest(MAY_CHANGE, MAY_CHANGE_COLUMNS) == held
    for line in in_order(rule, "POST"):
        url, answer = knock(world, line)
        wrong += off(line, url, answer)
        if is_denied(line):
            assert digest(MAY_CHANGE, MAY_CHANGE_COLUMNS) == held, line
        else:
            world.put_back()
    assert wrong == []


def off(line: Line, url: str, answer: TestResponse) -> list[str]:
    """What is wrong with the answer, in words."""
    to = answer.location or ""
    if answer.status_code == line.status and to.startswith(line.to):
        return []
    return [f"{line.method} {url} as {line.role} ({line.whose}): {answer.status_code} {to}"]


def is_denied(line: Line) -> bool:
    led_to_sign_in = (line.role, line.to) == ("anonymous", "/sign-in")
    return line.status == 404 or (led_to_sign_in and line.rule not in OWN_PAGE)


@pytest.mark.parametrize("rule", sorted({one.rule for one in EXPECTED.values()} - OWN_PAGE))
def test_what_is_foreign_reads_like_what_is_nowhere(world, rule):
    world.put_back()
    for line in in_order(rule, "GET"):
        if line.status != 404:
            continue
        url, answer = knock(world, line)
        if line.whose == "-":
            nowhere = send(world.browsers[line.role], "GET", f"{url}/-/-/-/-/-")
        else:
            _, nowhere = knock(world, replace(line, whose="missing"))
        assert nowhere.status_code == 404
        assert without_reference(answer.text) == without_reference(nowhere.text), line


def without_reference(page: str) -> str:
    return re.sub(r'(<span class="code" dir="ltr">)[0-9a-f]{8}<', r"\1<", page)


def addresses(world: World) -> Iterator[str]:
    """One address of every rule."""
    for rule in world.app.url_map.iter_rules():
        yield address_of(world, rule, "officer", objects_of(rule)[0])


def test_the_methods_that_an_address_lacks_are_refused(world):
    world.put_back()
    held = digest(MAY_CHANGE)
    for url in addresses(world):
        known = world.app.url_map.bind("localhost").allowed_methods(url)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(known):
            for role, sent in (
                ("anonymous", {}),
                ("officer", {"csrf_token": world.tokens["officer"]}),
            ):
                answer = send(world.browsers[role], method, url, data=sent)
                assert answer.status_code == 405, (method, url, role)
    assert digest(MAY_CHANGE) == held


def test_asking_for_the_methods_of_an_address_tells_nothing_else(world):
    for url in addresses(world):
        known = world.app.url_map.bind("localhost").allowed_methods(url)
        answer = send(world.browsers["anonymous"], "OPTIONS", url)
        assert (answer.status_code, answer.data) == (200, b""), url
        assert {one.strip() for one in answer.headers["Allow"].split(",")} == set(known)
