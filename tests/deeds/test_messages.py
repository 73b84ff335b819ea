"""A message is written with its deed, once for each event and person."""

import pytest
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.deeds.messages import tell
from lms.models import Message
from lms.rules.messages import Kind
from tests.factories import NOON, make_person
from tests.threads import together

FACTS = {"course": "Precursors", "position": "2"}


def messages() -> int:
    return db.session.scalar(select(func.count()).select_from(Message))


def test_the_same_event_is_told_to_the_same_person_once(app):
    first, second = make_person(), make_person()
    for person in (first, first, second):
        with transaction() as session:
            tell(
                session,
                person_id=person.id,
                kind=Kind.RESERVE,
                event="enrolment:1:2",
                now=NOON,
                facts=FACTS,
                link="/learning",
            )

    assert messages() == 2


def test_a_deed_that_fails_tells_nothing(app):
    person = make_person()

    def deed() -> None:
        with transaction() as session:
            tell(session, person_id=person.id, kind=Kind.RESERVE, event="e", now=NOON, facts=FACTS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deed()

    assert messages() == 0


def test_of_eight_at_the_same_moment_one_is_written(app):
    person_id = make_person().id

    def deed() -> None:
        with transaction() as session:
            tell(session, person_id=person_id, kind=Kind.RESERVE, event="e", now=NOON, facts=FACTS)

    together(app, [deed] * 8)

    assert messages() == 1


@pytest.mark.parametrize(
    ("kind", "facts", "more"),
    [
        (Kind.RESERVE, {"course": "Precursors"}, {}),
        (Kind.RESERVE, FACTS, {"link": "https://elsewhere.example"}),
        (Kind.RESERVE, FACTS, {"token": "secret"}),
        (Kind.PASSWORD_RESET, {"until_at": NOON.isoformat()}, {"link": "/reset/"}),
    ],
)
def test_what_does_not_fit_the_kind_is_refused(app, kind, facts, more):
    person = make_person()
    with pytest.raises(ValueError, match=kind), transaction() as session:
        tell(session, person_id=person.id, kind=kind, event="e", now=NOON, facts=facts, **more)
