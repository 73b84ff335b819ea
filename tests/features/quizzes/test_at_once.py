"""Eight processes on the last attempt, the same answer, the same hand-in: each happens once."""

from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.deeds.answers import Sent
from lms.features.quizzes import actions as quizzes
from lms.models import Answer, Attempt, AuditEntry, Ending, Grade, Message
from lms.rules import questions as values
from tests.factories import NOON, make_person
from tests.features.courses import CHECK, attempt_at, make_activity, make_place, publish_course
from tests.processes import rounds

pytestmark = pytest.mark.race
PROCESSES = 8
ROUNDS = 10
ONCE = CHECK.replace("kind: formative", "kind: formative\nattempts: 1")


@pytest.fixture
def places(app):
    """One place for each round, in a course whose check may be taken once."""
    activity = make_activity(publish_course(changes={"1-first/90-check.quiz.md": ONCE}))
    return [make_place(make_person(f"Officer Number{n}"), activity) for n in range(ROUNDS)]


def start(place):
    return quizzes.start(place.person_id, place.ref, "first/check", now=NOON)


def all_at_once(app, deeds):
    return rounds(app, [[deed] * PROCESSES for deed in deeds])


def count(table, **values):
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def test_the_last_attempt_begins_once(app, places):
    given = all_at_once(app, [partial(start, place) for place in places])

    assert [len(set(one)) for one in given] == [1] * ROUNDS
    assert count(Attempt) == ROUNDS


def test_the_same_hand_in_counts_once(app, places):
    attempts = [attempt_at(f"/attempts/{start(place)}/").id for place in places]
    hand_in = partial(quizzes.hand_in, ending=Ending.BUTTON, now=NOON)
    all_at_once(app, [partial(hand_in, one) for one in attempts])

    assert (count(Grade), count(Message, kind="quiz_handed_in")) == (ROUNDS, ROUNDS)
    assert count(AuditEntry, deed="handed in an attempt") == ROUNDS


def test_of_many_answers_at_once_the_highest_number_stays(app, places):
    attempts = [attempt_at(f"/attempts/{start(place)}/").id for place in places]

    def save(attempt, number):
        text = "A reason" if number == PROCESSES else "A feeling"
        answer = values.Answer(chosen=frozenset({text}))
        sent = Sent(question_id="c1", answer=answer, sequence=number, device=f"page{number}")
        quizzes.save(attempt, sent, now=NOON)

    rounds(app, [[partial(save, one, n + 1) for n in range(PROCESSES)] for one in attempts])
    db.session.remove()
    held = db.session.execute(select(Answer.sequence, Answer.value)).all()

    assert [tuple(row) for row in held] == [(PROCESSES, {"chosen": ["A reason"]})] * ROUNDS
