"""Answers become exact points, and reaching the pass mark exactly passes."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.grading import (
    Verdict,
    adds_up,
    band,
    by_objective,
    grade,
    is_number,
    missing_answers,
    outcome,
    per_cent,
    share,
    shown_points,
)
from lms.rules.questions import (
    Answer,
    Gap,
    Marking,
    NumberKey,
    Option,
    Pair,
    Question,
    Scale,
    Type,
    WordKey,
)
from tests.rules.strategies import GRADED, answered, answers, quizzes

quick = settings(max_examples=60, deadline=None)
F = Fraction


def make(type, id="q", **fields):
    return Question(id=id, type=type, heading="?", **fields)


def multiple(marking, right="abc", wrong="d", **fields):
    options = [Option(text=t, right=True) for t in right] + [Option(text=t) for t in wrong]
    return make(Type.MULTIPLE, options=tuple(options), marking=marking, **fields)


def single(id="q", **fields):
    options = (Option(text="x", right=True), Option(text="y"))
    return make(Type.SINGLE, id, options=options, **fields)


def chosen(texts):
    return Answer(chosen=frozenset(texts))


RIGHT, WRONG = chosen("x"), chosen("y")


@pytest.mark.parametrize(
    ("marking", "texts", "expected"),
    [
        (Marking.ALL, "abc", F(1)),
        (Marking.ALL, "ab", F(0)),
        (Marking.ALL, "abcd", F(0)),
        (Marking.NET, "abc", F(1)),
        (Marking.NET, "ab", F(2, 3)),
        (Marking.NET, "abd", F(1, 3)),
        (Marking.NET, "abcd", F(2, 3)),
        (Marking.NET, "d", F(0)),
        (Marking.NET, "ad", F(0)),
        (Marking.EACH, "abc", F(1)),
        (Marking.EACH, "ab", F(3, 4)),
        (Marking.EACH, "abcd", F(3, 4)),
        (Marking.EACH, "d", F(0)),
        (Marking.EACH, "", F(0)),
    ],
)
def test_several_choices_follow_their_marking(marking, texts, expected):
    assert share(multiple(marking), chosen(texts)) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [("a", F(1, 2)), ("ab", F(1)), ("abc", F(1)), ("ad", F(0)), ("d", F(0)), ("abd", F(1, 2))],
)
def test_weights_are_summed_and_held_within_nothing_and_all(texts, expected):
    weights = {"a": F(1, 2), "b": F(1, 2), "c": F(1, 2), "d": F(-1, 2)}
    options = tuple(Option(text=t, right=w > 0, weight=w) for t, w in weights.items())
    question = make(Type.MULTIPLE, options=options, marking=Marking.WEIGHTS)
    assert share(question, chosen(texts)) == expected


def test_one_choice_is_right_wrong_or_its_part():
    options = (Option(text="x", right=True), Option(text="p", weight=F(1, 2)), Option(text="y"))
    question = make(Type.SINGLE, options=options)
    assert [share(question, chosen(t)) for t in "xpy"] == [1, F(1, 2), 0]
    assert share(question, chosen("xp")) == 0


def test_true_or_false():
    options = (Option(text="true"), Option(text="false", right=True))
    question = make(Type.TRUE_FALSE, options=options)
    assert share(question, chosen(["false"])) == 1
    assert share(question, chosen(["true"])) == 0


def near(low, high, **fields):
    return NumberKey(low=F(low), high=F(high), **fields)


@pytest.mark.parametrize(
    "text", ["10,200", "10 200", "10.200", "10200 ha", "10200", "10,000", "10400 HA.", "10'400.0"]
)
def test_a_number_is_right_within_its_limits(text):
    question = make(Type.NUMERIC, numbers=(near(10000, 10400, units=("ha",)),))
    assert share(question, Answer(text=text)) == 1


@pytest.mark.parametrize("text", ["10400.01", "9,999.9", "10200 kg", "ten", "-10200"])
def test_a_number_is_wrong_outside_them(text):
    question = make(Type.NUMERIC, numbers=(near(10000, 10400, units=("ha",)),))
    assert outcome(question, Answer(text=text)).verdict is Verdict.WRONG


def test_the_best_of_several_keys_counts_each_with_its_own_unit():
    keys = (
        near(19, 20, units=("t",)),
        near(19000, 20000, units=("kg",)),
        near(10, 30, weight=F(1, 2)),
    )
    question = make(Type.NUMERIC, numbers=keys)
    typed = {"19 t": 1, "19500 kg": 1, "19 kg": 0, "12": F(1, 2), "19": 1, "12 t": 0}
    assert {text: share(question, Answer(text=text)) for text in typed} == typed


def test_the_page_can_ask_for_a_number():
    question = make(Type.NUMERIC, numbers=(near(1, 2, units=("t",)), near(1, 2, units=("kg",))))
    assert is_number(question, "500 kg")
    assert not is_number(question, "much")


def test_the_best_of_several_short_answers_counts():
    keys = (WordKey(pattern="acetic anhydride"), WordKey(pattern="*anhydride", weight=F(1, 2)))
    question = make(Type.SHORT, words=keys)
    typed = {"Acetic Anhydride": 1, "anhydride": F(1, 2), "acid": 0, "acetik anhydride": F(1, 2)}
    assert {text: share(question, Answer(text=text)) for text in typed} == typed


def test_typing_errors_and_case_follow_the_question():
    forgiving = make(Type.SHORT, words=(WordKey(pattern="Heroin"),), typos=1)
    strict = make(Type.SHORT, words=(WordKey(pattern="Tor"),), marking=Marking.EXACT)
    assert share(forgiving, Answer(text="heroine")) == 1
    assert (share(strict, Answer(text="Tor")), share(strict, Answer(text="tor"))) == (1, 0)


PAIRS = (Pair(left="a", right="1"), Pair(left="b", right="1"), Pair(left="c", right="2"))


@pytest.mark.parametrize(("marking", "expected"), [(Marking.SHARE, F(2, 3)), (Marking.ALL, F(0))])
def test_pairs_count_by_the_left_sides(marking, expected):
    question = make(Type.MATCHING, pairs=(*PAIRS, Pair(left="", right="3")), marking=marking)
    assert share(question, Answer(pairs={"a": "1", "b": "1", "c": "3"})) == expected
    assert share(question, Answer(pairs={"a": "1", "b": "1"})) == expected
    assert share(question, Answer(pairs={"a": "1", "b": "1", "c": "2"})) == 1


@pytest.mark.parametrize(("marking", "expected"), [(Marking.SHARE, F(1, 2)), (Marking.ALL, F(0))])
def test_gaps_count_one_by_one(marking, expected):
    gaps = (Gap(texts=("12", "twelve")), Gap(texts=("1988", "1971"), listed=True))
    question = make(Type.GAPS, gaps=gaps, marking=marking)
    assert share(question, Answer(gaps=("Twelve", "1971"))) == expected
    assert share(question, Answer(gaps=("", "1988"))) == expected
    assert share(question, Answer(gaps=("12", "1988"))) == 1


@pytest.mark.parametrize(
    ("order", "pairs"),
    [
        ("ABCD", F(1)),
        ("BACD", F(2, 3)),
        ("ABDC", F(2, 3)),
        ("BCDA", F(2, 3)),
        ("BADC", F(1, 3)),
        ("DCBA", F(0)),
        ("ABC", F(0)),
    ],
)
def test_an_order_is_right_whole_or_pair_by_pair(order, pairs):
    answer = Answer(order=tuple(order))
    whole = make(Type.ORDERING, items=tuple("ABCD"))
    assert share(whole, answer) == (order == "ABCD")
    assert share(make(Type.ORDERING, items=tuple("ABCD"), marking=Marking.PAIRS), answer) == pairs


def test_no_answer_is_omitted_and_not_wrong():
    assert outcome(single(), None).verdict is Verdict.OMITTED
    assert outcome(single(), Answer(text=" ")).verdict is Verdict.OMITTED
    assert outcome(single(), WRONG).verdict is Verdict.WRONG


def test_an_outcome_counts_points():
    one = outcome(multiple(Marking.NET, points=F(5, 2)), chosen("ab"))
    assert (one.verdict, one.share, one.points, one.possible) == (
        Verdict.PARTLY,
        F(2, 3),
        F(5, 3),
        F(5, 2),
    )


def test_reaching_the_pass_mark_exactly_passes():
    quiz = [single("q1"), single("q2"), single("q3"), single("q4"), single("q5")]
    four = dict.fromkeys(("q1", "q2", "q3", "q4"), RIGHT)
    assert grade(quiz, four, 80).passed is True
    assert grade(quiz, four, 81).passed is False


def test_the_pass_mark_is_compared_with_the_exact_value():
    """79.999… per cent is shown as 80 and does not pass."""
    quiz = [single("q1", points=F(79999)), single("q2", points=F(20001))]
    graded = grade(quiz, {"q1": RIGHT}, 80)
    assert shown_points(graded.earned / 1000) == "80"
    assert graded.passed is False


def test_thirds_add_up_to_a_whole():
    quiz = [multiple(Marking.NET, points=F(1, 3)) for _ in range(3)]
    graded = grade(quiz, {"q": chosen("abc")}, 100)
    assert (graded.earned, graded.passed) == (1, True)


def test_a_required_question_must_be_right_for_a_pass():
    quiz = [single("q1", required=True, points=F(1, 10)), single("q2", points=F(10))]
    assert grade(quiz, {"q1": WRONG, "q2": RIGHT}, 80).passed is False
    assert grade(quiz, {"q2": RIGHT}, 80).passed is False
    assert grade(quiz, {"q1": RIGHT, "q2": RIGHT}, 80).passed is True


def test_partly_right_is_not_right_for_a_required_question():
    quiz = [multiple(Marking.NET, required=True), single("q2", points=F(100))]
    assert grade(quiz, {"q": chosen("ab"), "q2": RIGHT}, 80).passed is False


def test_without_a_pass_mark_there_is_nothing_to_pass():
    graded = grade([single()], {"q": RIGHT}, None)
    assert (graded.passed, graded.waiting, graded.earned) == (None, False, 1)


ESSAY = make(Type.ESSAY, "essay", points=F(4))


def test_an_essay_waits_and_so_does_the_verdict():
    graded = grade([single(), ESSAY], {"q": RIGHT, "essay": Answer(text="Because.")}, 10)
    assert (graded.passed, graded.waiting, graded.earned, graded.possible) == (None, True, 1, 5)
    assert dict(graded.outcomes)["essay"].verdict is Verdict.WAITING


def test_a_marked_essay_counts_what_was_given():
    answers = {"q": RIGHT, "essay": Answer(text="Because.")}
    graded = grade([single(), ESSAY], answers, 80, awarded={"essay": F(3)})
    assert (graded.passed, graded.waiting, graded.earned) == (True, False, 4)
    assert dict(graded.outcomes)["essay"].verdict is Verdict.PARTLY


def test_an_essay_left_blank_does_not_wait():
    graded = grade([single(), ESSAY], {"q": RIGHT}, 80)
    assert (graded.passed, graded.waiting) == (False, False)


@pytest.mark.parametrize("points", [F(-1), F(5)])
def test_a_trainer_gives_no_more_than_the_question_has(points):
    with pytest.raises(ValueError, match="0 to 4"):
        grade([ESSAY], {"essay": Answer(text="x")}, 80, awarded={"essay": points})


def test_a_quiz_to_pass_is_worth_something():
    with pytest.raises(ValueError, match="more than nothing"):
        grade([], {}, 80)
    with pytest.raises(ValueError, match="0 to 100"):
        grade([single()], {}, 101)


def test_a_survey_is_not_graded():
    question = make(Type.SCALE, scale=Scale(low=1, high=5))
    one = outcome(question, Answer(text="3"))
    assert (one.verdict, one.points, one.possible) == (Verdict.UNGRADED, 0, 0)


def test_a_survey_waits_for_its_required_questions():
    questions = [make(Type.SCALE, "q1", required=True), make(Type.SCALE, "q2")]
    assert missing_answers(questions, {}) == ("q1",)
    assert missing_answers(questions, {"q1": Answer(text="3")}) == ()


def test_points_are_told_by_objective():
    quiz = [
        single("q1"),
        single("q2", objective="LO2", points=F(2)),
        single("q3", objective="LO1"),
        single("q4", objective="LO2"),
    ]
    graded = grade(quiz, {"q1": RIGHT, "q2": RIGHT, "q3": WRONG}, 50)
    told = by_objective(quiz, graded)
    assert told == {"LO2": (2, 3), "LO1": (0, 1), "": (1, 1)}
    assert list(told) == ["LO2", "LO1", ""]


@pytest.mark.parametrize(
    ("earned", "possible", "mark", "text"),
    [
        (7, 8, None, "88"),
        (7, 8, 80, "88"),
        (0, 0, None, "0"),
        (796, 1000, 80, "79.6"),
        (7996, 10000, 80, "79.96"),
        (79999, 100000, 80, "79.99"),
        (8, 10, 80, "80"),
        (1, 3, 80, "33"),
    ],
)
def test_rounding_never_shows_a_mark_that_was_not_reached(earned, possible, mark, text):
    assert per_cent(F(earned), F(possible), mark) == text


@pytest.mark.parametrize(
    ("earned", "text"), [(F(8), "Well done."), (F(7999, 1000), "Read again."), (F(1), "")]
)
def test_a_band_is_reached_exactly(earned, text):
    assert band(earned, F(10), [(40, "Read again."), (80, "Well done.")]) == text


def test_shown_parts_that_do_not_sum_are_told():
    assert adds_up([F(1, 2), F(1, 2)], F(1))
    assert not adds_up([F(1, 3)] * 3, F(1))


@quick
@given(answered(GRADED))
def test_an_answer_earns_between_nothing_and_the_points(pair):
    one = outcome(*pair)
    assert 0 <= one.share <= 1
    assert one.points == one.share * pair[0].points <= one.possible == pair[0].points
    assert (one.verdict is Verdict.OMITTED) == pair[1].blank
    assert (one.verdict is Verdict.RIGHT) <= (one.share == 1)


@quick
@given(quizzes(), st.integers(0, 100), st.data())
def test_a_grade_is_the_sum_of_its_outcomes(quiz, mark, data):
    given_ = {q.id: data.draw(answers(q)) for q in quiz if data.draw(st.booleans())}
    if not sum(q.points for q in quiz):
        return
    graded = grade(quiz, given_, mark)
    assert graded.earned == sum(one.points for _, one in graded.outcomes)
    assert 0 <= graded.earned <= graded.possible == sum(q.points for q in quiz)
    if graded.passed:
        assert graded.earned * 100 >= mark * graded.possible
    told = by_objective(quiz, graded)
    assert sum(earned for earned, _ in told.values()) == graded.earned


@quick
@given(answered())
def test_grading_survives_the_database(pair):
    question, answer = pair
    again = Question.from_dict(json.loads(json.dumps(question.as_dict())))
    kept = Answer.from_dict(json.loads(json.dumps(answer.as_dict())))
    assert outcome(again, kept) == outcome(question, answer)
