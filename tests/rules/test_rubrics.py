"""Rubrics and what their steps give."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lms.rules.rubrics import Rubric, points_of, read

SOURCE = """Look for the reason and the place.

- 2: names the reason
- 1.5: names the place
- 1/2: is dated
- a line that is no step
"""


def test_steps_are_lines_that_begin_with_points():
    rubric = read(SOURCE)

    assert rubric.text == "Look for the reason and the place.\n\n- a line that is no step"
    assert rubric.steps == (
        (Fraction(2), "names the reason"),
        (Fraction(3, 2), "names the place"),
        (Fraction(1, 2), "is dated"),
    )


def test_the_steps_that_are_chosen_add_up_and_stop_at_the_question():
    rubric = read(SOURCE)

    assert points_of(rubric, [0, 2], Fraction(4)) == Fraction(5, 2)
    assert points_of(rubric, [0, 1, 2], Fraction(3)) == 3
    assert points_of(rubric, [], Fraction(3)) == 0


def test_nothing_is_divided_by_nothing():
    assert read("- 1/0: is dated") == Rubric("- 1/0: is dated", ())


@given(st.text())
def test_any_text_can_be_read(source):
    assert all(words for _, words in read(source).steps)
