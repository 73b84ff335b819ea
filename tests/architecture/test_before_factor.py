"""Until the second factor is shown, every door but a few answers as to the signed-out (A4).

The walk is that of the table of doors: every rule, every method, with a session of somebody who
has given the password alone.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.models import SecondFactor
from lms.rules.access import Role
from lms.web.viewer import BeforeFactor
from tests.architecture.test_doors import (
    EXPECTED,
    MAY_CHANGE,
    MAY_CHANGE_COLUMNS,
    address_of,
    fields_of,
    objects_of,
)
from tests.architecture.world import World, opened, send
from tests.conftest import Browser
from tests.factories import NOON, make_sign_in, make_staff, saved
from tests.keeping import digest

OPEN = {  # to those who have an app but have not shown the code
    "accounts.display": BeforeFactor.ALWAYS,
    "accounts.sign_out": BeforeFactor.ALWAYS,
    "factors.code": BeforeFactor.ALWAYS,
}
OPEN_WITHOUT_ONE = {"factors.confirm", "factors.overview", "factors.picture", "factors.set_up"}
OWN_ANSWERS = {"accounts.sign_in"}  # leads on to the code instead of asking for a password


@pytest.fixture(scope="module")
def world(the_app: Flask) -> Iterator[World]:
    with opened(the_app) as made:
        yield made


@pytest.fixture(scope="module", params=["with an app", "without one"])
def pending(request: pytest.FixtureRequest, world: World) -> tuple[Browser, str]:
    """Somebody who may do most, before the second factor; and where each door leads."""
    world.put_back()
    person = make_staff(Role.ADMINISTRATOR)
    if request.param == "with an app":
        saved(SecondFactor(person_id=person.id, secret="x", made_at=NOON, confirmed_at=NOON))
    browser = Browser(world.app)
    browser.client.set_cookie("lms", make_sign_in(person, "administrator", factor_at=None))
    return browser, "/sign-in/code" if request.param == "with an app" else "/account/factor"


def test_the_doors_that_open_before_it_are_few(the_app):
    early = {
        name: view.before_factor
        for name, view in the_app.view_functions.items()
        if getattr(view, "before_factor", BeforeFactor.NEVER) is not BeforeFactor.NEVER
    }
    assert early == OPEN | dict.fromkeys(OPEN_WITHOUT_ONE, BeforeFactor.WITHOUT_ONE)


def test_every_other_door_is_shut(world, pending):
    browser, leads_to = pending
    token = browser.token("/account/display")
    open_here = {*OPEN, *OWN_ANSWERS, *(OPEN_WITHOUT_ONE if "factor" in leads_to else ())}
    held = digest(MAY_CHANGE, MAY_CHANGE_COLUMNS)
    wrong, walked = [], 0
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in open_here:
            continue
        view = world.app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) & {"GET", "HEAD", "POST"}):
            for whose in objects_of(rule):
                url = address_of(world, rule, "officer", whose)
                data = None
                if method == "POST":
                    if view.access == "public":
                        continue  # as for everybody: not of this person
                    data = fields_of(world, rule, "officer", whose) | {"csrf_token": token}
                world.app.extensions.pop("limiter", None)  # people come slower than this walk
                answer = send(browser, method, url, data=data)
                walked += 1
                expected = EXPECTED[rule.rule, method, "anonymous", whose].status
                if answer.status_code != expected:
                    wrong.append(f"{method} {url}: {answer.status_code}, not {expected}")
                elif view.access != "public" and not answer.location.startswith(leads_to):
                    wrong.append(f"{method} {url} leads to {answer.location}")
    assert wrong == []
    assert digest(MAY_CHANGE, MAY_CHANGE_COLUMNS) == held
    assert walked > 150


def test_the_sign_in_page_leads_on(pending):
    browser, leads_to = pending

    assert browser.get("/sign-in").location == leads_to
