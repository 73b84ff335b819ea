"""Several who decide the same thing at the same moment."""

from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.people import actions, duplicates
from lms.models import ChangeRequest, Person, PersonMerge
from lms.rules.access import Reach, Role, Scope
from tests.factories import NOON, make_person, make_staff, state
from tests.features.people.test_records import wish
from tests.threads import refusals, together

pytestmark = pytest.mark.race
EVERYWHERE = Reach(Scope.ALL)


def count(table):
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table))


def administrators(number):
    return [make_staff(Role.ADMINISTRATOR, name=f"Admin Number{n}").id for n in range(number)]


def test_a_registration_becomes_one_person(app):
    ref, admins = wish().ref, administrators(4)
    before = count(Person)
    given = together(
        app,
        [partial(actions.vouch, ref, reach=EVERYWHERE, now=NOON, actor=one) for one in admins],
    )
    assert len(refusals(given)) == 3
    assert count(Person) == before + 1


def test_two_records_are_merged_once(app):
    kept, gone, admins = make_person().ref, make_person("Nino Beridse").ref, administrators(4)
    given = together(
        app,
        [
            partial(duplicates.merge, *pair, "one person", now=NOON, actor=one)
            for one, pair in zip(admins, [(kept, gone), (gone, kept)] * 2, strict=True)
        ],
    )
    assert len(refusals(given)) == 3
    assert count(PersonMerge) == 1


def test_a_state_is_changed_by_two_and_by_no_more(app):
    person, admins = make_person(), administrators(5)
    actions.ask_affiliation(
        person.ref, "AL", "Moved", reach=EVERYWHERE, now=NOON, actor=admins.pop()
    )
    ref = db.session.scalars(select(ChangeRequest.ref)).one()
    given = together(
        app,
        [
            partial(
                actions.decide,
                ref,
                granted=True,
                answer="",
                reach=EVERYWHERE,
                now=NOON,
                actor=one,
            )
            for one in admins
        ],
    )
    assert (given.count(True), len(refusals(given))) == (1, 3)
    assert db.session.get_one(Person, person.id).affiliation_id == state("AL").id
