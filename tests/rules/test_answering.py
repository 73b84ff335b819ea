"""A form's values are places in the order shown, and lead back to the same answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.drawing import (
    Shown,
    answer_from_form,
    field_names,
    form_values,
    order_doubts,
    shown,
)
from lms.rules.grading import fits_shape
from lms.rules.questions import Answer, Gap, Option, Question, Scale, Type
from lms.rules.refusal import Refusal
from tests.rules.strategies import answered, questions, seeds

quick = settings(max_examples=80, deadline=None)

MULTIPLE = Question(
    id="q", type=Type.MULTIPLE, heading="?", options=tuple(Option(text=t) for t in "ABC")
)
SINGLE = Question(id="q", type=Type.SINGLE, heading="?", options=MULTIPLE.options)
CBA = Shown(options=tuple(Option(text=t) for t in "CBA"))
ORDERING = Question(id="q", type=Type.ORDERING, heading="?", items=tuple("ABC"))
ITEMS = Shown(items=tuple("CBA"))
MATCHING = Question(id="q", type=Type.MATCHING, heading="?")
SIDES = Shown(lefts=("l1", "l2"), rights=("r1", "r2", "r3"))
GAPS = Question(
    id="q",
    type=Type.GAPS,
    heading="?",
    gaps=(Gap(texts=("x",)), Gap(texts=("b", "a"), listed=True)),
)
LISTED = Shown(choices=((), ("a", "b")))
SHORT = Question(id="q", type=Type.SHORT, heading="?")
ESSAY = Question(id="q", type=Type.ESSAY, heading="?")
HOURS = Question(id="q", type=Type.NUMBER, heading="?", scale=Scale(low=0, high=2000))
SCALE = Question(id="q", type=Type.SCALE, heading="?", scale=Scale(low=1, high=5))


@quick
@given(answered(), seeds, st.booleans())
def test_an_answer_survives_the_form(pair, seed, mix):
    question, answer = pair
    page = shown(question, seed=seed, shuffle_options=mix)
    once = answer_from_form(question, page, form_values(question, page, answer))
    assert answer_from_form(question, page, form_values(question, page, once)) == once
    if question.type not in (Type.NUMERIC, Type.SHORT, Type.GAPS, Type.ESSAY):  # typed: cleaned
        assert once == answer


@quick
@given(questions(), seeds, st.data())
def test_whatever_is_sent_is_refused_or_fits_the_question(question, seed, data):
    page = shown(question, seed=seed, shuffle_options=True)
    fields = st.sampled_from((*field_names(question, page), "a", "m0", "o9", "csrf_token"))
    values = st.sampled_from(("", "0", "1", "2", "9", "-1", "00", "٣", " 1", "1_0", "x\x00"))
    sent = data.draw(st.dictionaries(fields, st.lists(values, max_size=2), max_size=5))
    try:
        answer = answer_from_form(question, page, sent)
    except Refusal:
        return
    assert fits_shape(question, answer)


@quick
@given(questions(), seeds)
def test_an_empty_form_is_blank(question, seed):
    page = shown(question, seed=seed, shuffle_options=True)
    assert answer_from_form(question, page, {}).blank
    assert answer_from_form(question, page, {n: [""] for n in field_names(question, page)}).blank


def test_a_place_is_one_on_the_page_and_not_in_the_file():
    assert answer_from_form(MULTIPLE, CBA, {"a": ["0", "2"]}) == Answer(chosen=frozenset("CA"))
    assert form_values(MULTIPLE, CBA, Answer(chosen=frozenset("CA"))) == {"a": ["0", "2"]}


@pytest.mark.parametrize(
    ("question", "page", "values"),
    [
        (SINGLE, CBA, {"a": ["0", "1"]}),
        (SINGLE, CBA, {"a": ["3"]}),
        (SINGLE, CBA, {"a": ["-1"]}),
        (SINGLE, CBA, {"a": ["٠"]}),
        (SINGLE, CBA, {"a": ["C"]}),
        (SINGLE, CBA, {"m0": ["0"]}),
        (MULTIPLE, CBA, {"a": ["1", "1"]}),
        (MATCHING, SIDES, {"m0": ["3"]}),
        (MATCHING, SIDES, {"m0": ["0", "1"]}),
        (MATCHING, SIDES, {"m2": ["0"]}),
        (ORDERING, ITEMS, {"o0": ["0"]}),
        (ORDERING, ITEMS, {"o0": ["4"]}),
        (ORDERING, ITEMS, {"o0": ["01"]}),
        (GAPS, LISTED, {"g1": ["2"]}),
        (GAPS, LISTED, {"g1": ["a"]}),
        (SHORT, Shown(), {"a": ["x", "y"]}),
        (SCALE, Shown(), {"a": ["6"]}),
    ],
)
def test_a_forged_value_is_refused(question, page, values):
    with pytest.raises(Refusal):
        answer_from_form(question, page, values)


def test_fields_of_others_are_not_looked_at():
    assert answer_from_form(SINGLE, CBA, {"csrf_token": ["x"], "do": ["leave"]}).blank


def test_pairs_hold_only_what_was_chosen():
    answer = answer_from_form(MATCHING, SIDES, {"m0": ["2"], "m1": [""]})
    assert answer == Answer(pairs={"l1": "r3"})


def test_an_order_is_read_from_positions():
    sent = {"o0": ["3"], "o1": ["1"], "o2": ["2"]}
    assert answer_from_form(ORDERING, ITEMS, sent).order == ("B", "A", "C")
    assert form_values(ORDERING, ITEMS, Answer(order=("B", "A", "C"))) == sent


def test_an_unclear_order_is_kept_whole_and_told():
    sent = {"o0": ["2"], "o1": ["2"], "o2": [""]}
    assert answer_from_form(ORDERING, ITEMS, sent).order == ("C", "B", "A")
    assert order_doubts(ITEMS, sent) == ("C", "B", "A")
    assert order_doubts(ITEMS, {"o0": ["2"], "o1": ["1"], "o2": ["3"]}) == ()
    assert order_doubts(ITEMS, {}) == ()


def test_a_gap_takes_a_place_or_a_text():
    answer = answer_from_form(GAPS, LISTED, {"g0": [" 12 "], "g1": ["1"]})
    assert answer == Answer(gaps=("12", "b"))
    assert form_values(GAPS, LISTED, answer) == {"g0": ["12"], "g1": ["1"]}


def test_typed_text_is_cleaned_and_an_essay_keeps_its_lines():
    assert answer_from_form(SHORT, Shown(), {"a": [" Ne\u0301\x00e\r\n"]}).text == "N\xe9e"
    assert answer_from_form(ESSAY, Shown(), {"a": ["one\r\n\ttwo\x0b\n"]}).text == "one\n\ttwo\n"
    assert answer_from_form(ESSAY, Shown(), {"a": [" \r\n "]}).blank


@pytest.mark.parametrize(("question", "most"), [(SHORT, 1_000), (ESSAY, 20_000)])
def test_a_text_that_is_too_long_is_refused_with_the_limit(question, most):
    assert len(answer_from_form(question, Shown(), {"a": ["x" * most]}).text) == most
    with pytest.raises(Refusal, match=f"{most:,} characters"):
        answer_from_form(question, Shown(), {"a": ["x" * (most + 1)]})


def test_a_surveys_number_is_kept_in_plain_digits():
    assert answer_from_form(HOURS, Shown(), {"a": ["1 500"]}).text == "1500"
    assert answer_from_form(HOURS, Shown(), {"a": ["١٢"]}).text == "12"
    with pytest.raises(Refusal, match="a whole number from 0 to 2000"):
        answer_from_form(HOURS, Shown(), {"a": ["2001"]})


def test_a_form_is_not_filled_with_another_questions_answer():
    with pytest.raises(ValueError, match="not an answer"):
        form_values(SINGLE, CBA, Answer(chosen=frozenset("Z")))


@quick
@given(answered())
def test_an_answer_fits_its_own_question(pair):
    assert fits_shape(*pair)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SINGLE, Answer(chosen=frozenset("AB"))),
        (MULTIPLE, Answer(chosen=frozenset("Z"))),
        (MULTIPLE, Answer(chosen=frozenset("A"), text="x")),
        (ORDERING, Answer(order=("A", "B"))),
        (ORDERING, Answer(order=("A", "B", "B"))),
        (GAPS, Answer(gaps=("x",))),
        (GAPS, Answer(gaps=("x", "c"))),
        (SHORT, Answer(text="x" * 1_001)),
        (SCALE, Answer(text="6")),
        (SCALE, Answer(text="05")),
        (HOURS, Answer(text="1.5")),
        (MATCHING, Answer(pairs={"l1": "r1"})),
    ],
)
def test_what_a_question_does_not_have_does_not_fit(question, answer):
    assert not fits_shape(question, answer)
