"""Every form is refused that no page of ours wrote for this very session."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.architecture.test_doors import EXPECTED, address_of, fields_of, objects_of
from tests.architecture.world import World, opened, send
from tests.keeping import digest

SAFE = {"GET", "HEAD", "OPTIONS"}
EXEMPT = {"/csp-reports"}  # browsers write it; it changes nothing but the log
OUR_OWN, FOREIGN = "http://localhost", "https://evil.example"
FORGERIES = {  # what is wrong → (token, headers)
    "no token": ("", {}),
    "half a token": ("half", {}),
    "another session's token": ("other", {}),
    "a token of nothing": ("0" * 64, {}),
    "a token in other letters": ("ñ" * 64, {}),
    "a foreign origin": ("own", {"Origin": FOREIGN}),
    "an origin that hides": ("own", {"Origin": "null"}),
    "an origin on another port": ("own", {"Origin": f"{OUR_OWN}:8080"}),
    "an origin that looks alike": ("own", {"Origin": f"{OUR_OWN}.evil.example"}),
    "a cross-site request": ("own", {"Sec-Fetch-Site": "cross-site"}),
    "a request of a sister site": ("own", {"Sec-Fetch-Site": "same-site"}),
}


@pytest.fixture(scope="module")
def world(the_app: Flask) -> Iterator[World]:
    with opened(the_app) as made:
        yield made


def unsafe(app):
    return [
        rule for rule in app.url_map.iter_rules() if rule.methods - SAFE and rule.rule not in EXEMPT
    ]


def token_of(world, role, kind):
    other = "auditor" if role == "officer" else "officer"
    own = world.tokens[role]
    return {"own": own, "other": world.tokens[other], "half": own[:32]}.get(kind, kind)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_form_changes_nothing(world, forgery):
    world.put_back()
    held = digest()
    kind, headers = FORGERIES[forgery]
    for rule in unsafe(world.app):
        for role in ("anonymous", "officer"):
            whose = objects_of(rule)[0]
            data = fields_of(world, rule, role, whose)
            if kind:
                data["csrf_token"] = token_of(world, role, kind)
            url = address_of(world, rule, role, whose)
            answer = send(world.browsers[role], "POST", url, data=data, headers=headers)
            assert answer.status_code == 403, (forgery, role, url)
            assert "This form is out of date" in answer.text
    assert digest() == held


def test_the_same_forms_are_taken_from_our_own_pages(world):
    """So that the refusals above are those of the forgery."""
    for rule in unsafe(world.app):
        world.put_back()
        whose = objects_of(rule)[0]
        data = fields_of(world, rule, "officer", whose)
        url = address_of(world, rule, "officer", whose)
        data["csrf_token"] = world.tokens["officer"]
        headers = {"Origin": OUR_OWN, "Sec-Fetch-Site": "same-origin"}
        answer = send(world.browsers["officer"], "POST", url, data=data, headers=headers)
        assert answer.status_code == EXPECTED[rule.rule, "POST", "officer", whose].status, url


@pytest.mark.parametrize("place", ["query", "json", "header"])
def test_a_token_counts_in_the_form_alone(world, place):
    world.put_back()
    token = world.tokens["officer"]
    sent = {
        "query": {"query_string": {"csrf_token": token}, "data": {"theme": "dark"}},
        "json": {"json": {"theme": "dark", "csrf_token": token}},
        "header": {"headers": {"X-CSRF-Token": token}, "data": {"theme": "dark"}},
    }[place]

    assert send(world.browsers["officer"], "POST", "/account/display", **sent).status_code == 403


def test_a_token_ends_with_its_session(world):
    world.put_back()
    browser, token = world.browsers["officer"], world.tokens["officer"]
    data = {"role": "officer", "csrf_token": token}
    assert send(browser, "POST", "/account/role", data=data).status_code == 303

    again = send(browser, "POST", "/account/display", data={"theme": "dark", "csrf_token": token})
    assert again.status_code == 403
