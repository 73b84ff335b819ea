"""`lms sample` fills the configured database."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from config import ROOT
from lms.app import cli
from lms.database import db
from lms.models import Activity, AuditEntry, Enrolment, Person
from lms.rules.enrolments import State
from tests.factories import NOON
from tests.features.courses import publish_course


@pytest.fixture
def course(app):
    return publish_course(now=NOON - timedelta(days=400))


@pytest.fixture
def lms(app):
    """Run a command as an operator does."""

    def run(*arguments):
        db.session.remove()
        return app.test_cli_runner().invoke(
            cli, list(arguments), obj=ScriptInfo(create_app=lambda: app)
        )

    return run


def count(model):
    return db.session.scalar(select(func.count(model.id)))


def test_the_command_says_what_it_made(lms, course):
    told = lms("sample", "--officers", "25", "--seed", "5")

    assert (told.exit_code, count(Person)) == (0, 25)
    assert told.output.startswith(f"Invented 25 officers with {count(Enrolment)} places, ")


def test_the_same_seed_is_not_made_twice(lms, course):
    lms("sample", "--officers", "3", "--seed", "5")
    again = lms("sample", "--officers", "3", "--seed", "5")

    assert (again.exit_code, count(Person)) == (1, 3)
    assert "Officers of seed 5 are in this database already." in again.output


def test_another_seed_adds_other_people_and_activities(lms, course):
    lms("sample", "--officers", "12", "--seed", "5")
    lms("sample", "--officers", "12", "--seed", "6")
    seated = dict(
        db.session.execute(
            select(Enrolment.activity_id, func.count(Enrolment.id))
            .where(Enrolment.state != State.WITHDRAWN)
            .group_by(Enrolment.activity_id)
        ).all()
    )

    assert (count(Person), count(Activity)) == (24, 8)
    assert {one.id: one.seats_held for one in db.session.scalars(select(Activity))} == {
        one: seated.get(one, 0) for one in db.session.scalars(select(Activity.id))
    }


def test_without_a_course_it_says_what_comes_first(lms):
    told = lms("sample")

    assert (told.exit_code, count(Person), count(AuditEntry)) == (1, 0, 0)
    assert "lms courses load --publish" in told.output


def test_production_is_filled_only_on_demand(lms, app, course, monkeypatch):
    monkeypatch.setitem(app.config, "ENV", "production")
    refused = lms("sample", "--officers", "2")
    wanted = lms("sample", "--officers", "2", "--yes")

    assert (refused.exit_code, wanted.exit_code, count(Person)) == (1, 0, 2)


@pytest.mark.parametrize("wrong", [("--officers", "0"), ("--seed", "-1"), ("--officers", "many")])
def test_wrong_use_is_said(lms, wrong):
    assert lms("sample", *wrong).exit_code == 2


def test_the_same_seed_fills_the_same_database_whatever_the_order_of_dictionaries():
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.features.sample.whole", seed],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": order, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, order in (("4", "1"), ("4", "2"))
    ]
    one, same = [run.communicate(timeout=60)[0] for run in runs]

    assert "certificate" in one
    assert one == same
