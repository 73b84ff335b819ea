"""The `lms` command, as an operator types it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.app import cli
from lms.database import db
from lms.models import Activity, AuditEntry, LoginToken, Message, RoleGrant, SecondFactor, SignIn
from lms.rules.access import Role
from lms.rules.messages import Kind
from tests.factories import (
    JOINING,
    NOON,
    address_of,
    make_person,
    make_sign_in,
    make_staff,
    saved,
)
from tests.features.courses import publish_course, small_files

LMS = Path(sys.executable).with_name("lms")


def lms(*words, **env):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
    return subprocess.run(
        [str(LMS), *words], capture_output=True, text=True, env=clean | env, check=False
    )


def run(app, *words):
    return app.test_cli_runner().invoke(cli, list(words))


@pytest.mark.skipif(not LMS.exists(), reason="install with pip install -e . to try the command")
@pytest.mark.parametrize(
    ("words", "status"), [(["--help"], 0), (["courses", "--help"], 0), (["nonsense"], 2)]
)
def test_help_and_wrong_use_need_no_setting(words, status, tmp_path):
    done = lms(*words, LMS_DATABASE_URL="nonsense", LMS_DATA=str(tmp_path / "none"))

    assert (done.returncode, (tmp_path / "none").exists()) == (status, False)


@pytest.mark.skipif(not LMS.exists(), reason="install with pip install -e . to try the command")
def test_a_wrong_setting_stops_the_start_with_its_name():
    done = lms("db", "upgrade", LMS_DATABASE_URL="mysql://u:secret@h/d")

    assert done.returncode != 0
    assert "LMS_DATABASE_URL is wrong" in done.stderr
    assert "secret" not in done.stderr


def test_a_new_person_gets_a_link_for_one_use(app, browser):
    done = run(app, "people", "add", "Ana@Example.org", "--given", "Ana", "--family", "Marku",
               "--affiliation", "al", "--role", "administrator")  # fmt: skip
    link = re.search(r"/invitations/\S+", done.output)[0]
    words = "seven green boats by the river"
    sent = browser.submit(link, **{**JOINING, "password": words, "again": words})
    again = browser.get(link)

    assert (done.exit_code, sent.status_code, again.status_code) == (0, 303, 404)
    assert db.session.scalars(select(RoleGrant.role)).one().value == "administrator"


def test_the_link_itself_is_kept_nowhere(app):
    done = run(app, "people", "add", "ana@example.org", "--given", "Ana", "--family", "Marku",
               "--affiliation", "AL")  # fmt: skip
    token = re.search(r"/invitations/(\S+)", done.output)[1]

    assert token not in str(db.session.scalars(select(LoginToken.token_hash)).all())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["people", "add", "nonsense", "--given", "A", "--family", "B", "--affiliation", "AT"],
         "is no email address"),
        (["people", "add", "a@example.org", "--given", "A", "--family", "B", "--affiliation", "XX"],
         "There is no affiliation XX"),
        (["roles", "grant", "nobody@example.org", "coordinator"], "Nobody has the address"),
        (["activities", "open", "none", "--from", "2026-12-01", "--to", "2026-12-31"],
         "There is no published course none"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(app, words, said):
    done = run(app, *words)

    assert (done.exit_code, said in done.output) == (1, True)


def test_a_trainer_is_granted_a_course(app):
    publish_course()
    person = make_person()
    done = run(app, "roles", "grant", address_of(person), "trainer", "--course", "small")
    grant = db.session.scalars(select(RoleGrant)).one()

    assert done.exit_code == 0, done.output
    assert grant.reach.startswith("course:")


def last_entry():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()


def test_a_role_ends_after_its_last_day_in_vienna_and_is_not_given_twice(app, at):
    at(NOON)
    person = make_person()
    give = ("roles", "grant", address_of(person), "coordinator", "--reason", "stands in")
    past = run(app, *give, "--until", "2026-12-03")
    first = run(app, *give, "--until", "2026-12-31")
    again = run(app, *give)
    longer = run(app, *give, "--until", "2027-12-31")
    grant = db.session.scalars(select(RoleGrant)).one()

    assert [one.exit_code for one in (past, first, again, longer)] == [1, 0, 0, 1]
    assert "Nothing changed" in again.output
    assert (grant.until.isoformat(), grant.reason) == ("2026-12-31T23:00:00+00:00", "stands in")
    assert last_entry().after == {
        "role": "coordinator",
        "reach": "all",
        "until": "2026-12-31T23:00:00+00:00",
    }


def test_one_role_is_ended_with_its_reason_and_the_person_is_told(app):
    publish_course()
    publish_course("other")
    person = make_person()
    for course in ("small", "other"):
        run(app, "roles", "grant", address_of(person), "trainer", "--course", course)
    words = ("roles", "end", address_of(person), "trainer", "--course", "small")
    without = run(app, *words)
    done = run(app, *words, "--reason", "left the service")
    again = run(app, *words, "--reason", "left the service")
    ended = db.session.scalars(select(RoleGrant).where(RoleGrant.ended_at.is_not(None))).one()

    assert [one.exit_code for one in (without, done, again)] == [2, 0, 1], done.output
    assert ended.end_reason == "left the service"
    assert (last_entry().deed, last_entry().actor_id) == ("ended a role", None)
    assert db.session.scalars(select(Message.kind)).all() == [Kind.ROLE_ENDED]


def test_the_last_administrator_remains(app):
    last = make_staff(Role.ADMINISTRATOR)
    done = run(app, "roles", "end", address_of(last), "administrator", "--reason", "by mistake")

    assert (done.exit_code, "last administrator" in done.output) == (1, True)


def test_a_reach_that_the_role_does_not_have_is_refused(app):
    publish_course()
    words = (address_of(make_person()), "coordinator", "--course", "small")

    assert run(app, "roles", "grant", *words).exit_code == 1
    assert db.session.scalars(select(RoleGrant)).all() == []


def test_a_lost_second_factor_is_taken_out_of_use(app):
    last = make_staff(Role.ADMINISTRATOR)
    saved(SecondFactor(person_id=last.id, secret="x", made_at=NOON, confirmed_at=NOON))
    make_sign_in(last, "administrator")
    words = ("people", "reset-factor", address_of(last), "--reason", "a lost telephone")
    done = run(app, *words)
    again = run(app, *words)

    assert (done.exit_code, again.exit_code) == (0, 1), done.output
    assert None not in db.session.scalars(select(SecondFactor.ended_at)).all()
    assert None not in db.session.scalars(select(SignIn.ended_at)).all()
    assert (last_entry().deed, last_entry().why) == ("reset a second factor", "a lost telephone")
    assert db.session.scalars(select(Message.kind)).all() == [Kind.FACTOR_CHANGED]


def test_an_activity_lasts_to_the_end_of_its_last_day_in_vienna(app):
    publish_course()
    run(app, "activities", "open", "small", "--from", "2026-12-01", "--to", "2026-12-31")
    activity = db.session.scalars(select(Activity)).one()

    assert activity.slug == "small-2026-12"
    assert activity.ends_at.isoformat() == "2026-12-31T23:00:00+00:00"


def test_courses_with_an_error_are_left_out(app, tmp_path):
    for name, files in (
        ("good", small_files()),
        ("broken", small_files() | {"course.md": b"no front matter"}),
    ):
        for path, data in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    first = run(app, "courses", "load", str(tmp_path), "--publish")
    second = run(app, "courses", "load", str(tmp_path / "good"), "--publish")

    assert first.exit_code == 1
    assert "good: published version 1" in first.output
    assert "broken: not loaded" in first.output
    assert (second.exit_code, second.output) == (0, "good: nothing changed\n")


def test_what_is_exported_is_what_was_loaded(app, tmp_path):
    publish_course()
    done = run(app, "courses", "export", "small", str(tmp_path / "out"))
    out = {
        str(file.relative_to(tmp_path / "out")): file.read_bytes()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file()
    }

    assert (done.exit_code, out) == (0, small_files())
