"""Whatever the order in which answers arrive, the newest of each question is held."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms.database import db, transaction
from lms.deeds.answers import Sent
from lms.features.quizzes import actions as quizzes
from lms.models import Answer, Attempt, LateAnswer
from lms.rules import questions as values
from tests.factories import NOON, make_person
from tests.features.courses import attempt_at, make_activity, make_place, publish_course

QUESTIONS = ("f4", "f5", "f8")
DEVICES = ("laptop", "phone")


@pytest.fixture
def attempt(app):
    """A running attempt at a quiz with typed answers."""
    place = make_place(make_person(), make_activity(publish_course(changes=OPEN)))
    db.session.remove()
    ref = quizzes.start(place.person_id, place.ref, "first/check", now=NOON)
    return attempt_at(f"/attempts/{ref}/").id


OPEN = {
    "1-first/90-check.quiz.md": "---\ntitle: Typed\nkind: formative\ntime_limit: 30 min\n---\n"
    + "".join(f"## Number {key}? {{#{key}}}\n\n= 1\n\n" for key in QUESTIONS)
}


def sent(question, sequence, device, text):
    return Sent(
        question_id=question, answer=values.Answer(text=text), sequence=sequence, device=device
    )


@st.composite
def arrivals(draw):
    """What two devices give, each numbering above all it has seen, and the order of arrival.

    A device sees its own answers, and those of the other whenever it asks; what it sends may come
    late, twice, or after what it sent later.
    """
    seen = dict.fromkeys(DEVICES, 0)
    given_ = []
    for turn in range(draw(st.integers(1, 12))):
        device = draw(st.sampled_from(DEVICES))
        if draw(st.booleans()):
            seen[device] = max(seen.values())
        seen[device] += 1
        question = draw(st.sampled_from(QUESTIONS))
        given_.append(sent(question, seen[device], device, f"answer {turn}"))
    again = draw(st.lists(st.sampled_from(given_), max_size=6))
    return given_, draw(st.permutations(given_ + again))


def newest(given_):
    """The answer of each question with the highest (sequence, device)."""
    held = {}
    for one in sorted(given_, key=lambda one: (one.sequence, one.device)):
        held[one.question_id] = one.answer.text
    return held


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(flow=arrivals())
def test_the_highest_number_of_each_question_is_held(attempt, flow):
    given_, arriving = flow
    db.session.remove()
    with transaction() as session:
        session.execute(delete(Answer))
    for one in arriving:
        quizzes.save(attempt, one, now=NOON)
    db.session.remove()
    held = {row.question_id: row.value["text"] for row in db.session.scalars(select(Answer))}

    assert held == newest(given_)


def test_an_answer_after_the_time_is_kept_apart(attempt):
    quizzes.save(attempt, sent("f4", 1, "laptop", "in time"), now=NOON)
    late = NOON + timedelta(minutes=31, seconds=1)
    first = quizzes.save(attempt, sent("f4", 3, "laptop", "too late"), now=late)
    second = quizzes.save(attempt, sent("f4", 2, "laptop", "before that"), now=late)
    repeat = quizzes.save(attempt, sent("f4", 1, "laptop", "in time"), now=late)
    db.session.remove()

    assert (first.late, second.late, repeat.late) == (True, True, True)
    assert db.session.scalars(select(Answer)).one().value == {"text": "in time"}
    assert db.session.scalars(select(LateAnswer)).one().value == {"text": "too late"}


def test_an_answer_within_the_grace_counts(attempt):
    quizzes.save(attempt, sent("f4", 1, "laptop", "just"), now=NOON + timedelta(minutes=31))
    db.session.remove()

    assert db.session.scalars(select(Answer)).one().value == {"text": "just"}
    assert db.session.get_one(Attempt, attempt).handed_in_at is None
