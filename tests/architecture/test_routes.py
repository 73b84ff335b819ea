"""Every address has its lock."""

import pytest
from flask import Flask

from lms.rules.access import GRANTS, Permission
from lms.web.access import check_doors, public

PUBLIC = {  # open to everybody, on purpose
    "about.accessibility",
    "about.alive",
    "about.csp_report",
    "about.front",
    "about.help",
    "about.privacy",
    "about.ready",
    "about.terms",
    "accounts.sign_in",
    "catalogue.course",
    "catalogue.courses",
    "certificates.verified",
    "certificates.verify",
    "joining.confirmed",
    "joining.invitation",
    "joining.join",
    "joining.register",
    "passwords.forgot",
    "passwords.reset",
    "profile.open_link",
    "static",
}


def test_every_view_says_who_may_use_it(app):
    locks = {name: getattr(view, "access", None) for name, view in app.view_functions.items()}

    assert {lock for lock in locks.values() if lock != "public"} <= set(Permission)
    assert None not in locks.values()


def test_an_application_with_an_unlocked_view_does_not_start():
    app = Flask("unlocked", static_folder=None)
    app.add_url_rule("/shut", "shut", public(lambda: ""))
    app.add_url_rule("/open", "open", lambda: "")

    with pytest.raises(RuntimeError, match="open"):
        check_doors(app)


def test_what_is_public_is_public_on_purpose(app):
    assert {name for name, view in app.view_functions.items() if view.access == "public"} == PUBLIC


def test_every_permission_is_granted_to_somebody():
    assert {one for grants in GRANTS.values() for one in grants} == set(Permission)


def test_no_address_shows_a_key(app):
    """A number in an address counts questions; all else is a word or a reference."""
    numbers = [rule.rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]

    assert numbers == ["/attempts/<ref:ref>/<int:number>"]
