from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms.content.questions import read_question
from lms.content.questiontext import write_question
from lms.content.reading import read_course
from lms.content.writing import write_course
from lms.rules.questions import Option, Question, Type
from tests.content.strategies import courses, questions

# A whole course shrinks for minutes; what is wrong with a question shows in its own test.
LIGHT = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@LIGHT
@given(courses())
def test_a_course_that_was_written_is_read_with_equal_values(course):
    files = write_course(course)
    reading = read_course(files, course.slug)
    assert [str(one) for one in reading.findings if one.level == "error"] == []
    assert reading.course == course
    assert write_course(reading.course) == files


@settings(max_examples=100, deadline=None)
@given(st.booleans().flatmap(lambda survey: st.tuples(st.just(survey), questions(survey=survey))))
def test_a_question_that_was_written_is_read_as_itself(made):
    survey, question = made
    text = write_question(question, survey=survey)
    read, _ = read_question(text, survey=survey)
    assert read == question
    assert Question.from_dict(read.as_dict()) == read


@pytest.mark.parametrize(
    "question",
    [
        Question(id="q", type=Type.ESSAY, heading="Q", explanation="Rubric: no"),
        Question(id="q", type=Type.ESSAY, heading="Q", body="= a"),
        Question(id="q", type=Type.ESSAY, heading=""),
        Question(
            id="q",
            type=Type.SINGLE,
            heading="Q",
            options=(Option(text="a", right=True), Option(text="b", weight=Fraction(1, 3))),
        ),
    ],
)
def test_what_the_format_has_no_words_for_is_refused(question):
    with pytest.raises(ValueError, match="cannot be written"):
        write_question(question)
