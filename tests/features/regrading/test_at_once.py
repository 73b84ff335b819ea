"""Eight processes on the same regrade: each attempt is worked out once."""

from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.admin import doctor
from lms.features.regrading import actions, jobs, queries
from lms.models import AuditEntry, Grade, Message, Regraded
from lms.rules.access import Role
from lms.rules.questions import Answer
from lms.rules.regrading import Remedy
from tests.factories import NOON, make_person, make_staff
from tests.features.courses import make_activity, make_place, publish_course
from tests.features.sitting import sit
from tests.processes import rounds

pytestmark = pytest.mark.race
PROCESSES = 8
OFFICERS = 12


def test_eight_processes_regrade_each_attempt_once(app):
    made = publish_course()
    trainer = make_staff(Role.TRAINER, courses=(made.course.id,))
    activity = make_activity(made)
    for number in range(OFFICERS):
        place = make_place(make_person(f"Officer Number{number}"), activity)
        sit(place, "pre-test", answers={"f1": Answer(chosen=frozenset({"Anybody at all"}))})
    asked = queries.asked(made.course.id, "f1")
    units = [one.unit_id for one in asked.versions]
    decide = partial(
        actions.decide,
        trainer.id,
        asked,
        units,
        Remedy.FULL_MARKS,
        None,
        lowers=False,
        tells=True,
        why="The key was wrong.",
        once="a" * 32,
        now=NOON,
    )
    decided = rounds(app, [[decide] * PROCESSES])
    done = rounds(app, [[partial(jobs.apply_regrades, NOON)] * PROCESSES])
    db.session.remove()

    def count(table, **values):
        return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))

    assert len(set(decided[0])) == 1
    assert sum(done[0]) == OFFICERS
    assert (count(Regraded), count(Grade)) == (OFFICERS, 2 * OFFICERS)
    assert count(Message, kind="result_changed") == OFFICERS
    assert count(AuditEntry, deed="regraded an attempt") == OFFICERS
    assert count(AuditEntry, deed="finished a regrade") == 1
    assert list(doctor.grades()) == []
