"""Nothing that is shown depends on a key, and an attempt looks the same whenever it is drawn."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.drawing import draw_questions, shown
from lms.rules.questions import Gap, Option, Pair, Question, Type
from tests.rules.strategies import questions, quizzes, rekeyed, seeds

SEED = b"one attempt's seed"
quick = settings(max_examples=60, deadline=None)


def single(*texts, pinned=(), **fields):
    options = tuple(Option(text=text, pin=text in pinned) for text in texts)
    return Question(id="q", type=Type.SINGLE, heading="?", options=options, **fields)


def offered(question, seed=SEED, mix=True):
    return tuple(one.text for one in shown(question, seed=seed, shuffle_options=mix).options)


def pool(count, **fields):
    return [Question(id=f"q{n}", type=Type.ESSAY, heading="?", **fields) for n in range(count)]


def spread_pool(**counts):
    return [
        Question(id=f"{lo}-{n}", type=Type.ESSAY, heading="?", objective=lo)
        for lo, count in counts.items()
        for n in range(count)
    ]


@quick
@given(st.data(), seeds, st.booleans())
def test_another_key_shows_the_same(data, seed, mix):
    one = data.draw(questions())
    other = data.draw(rekeyed(one))
    assert shown(one, seed=seed, shuffle_options=mix) == shown(
        other, seed=seed, shuffle_options=mix
    )


@quick
@given(st.data(), seeds, st.booleans(), st.none() | st.integers(1, 9))
def test_other_keys_draw_the_same_questions_in_the_same_order(data, seed, shuffle, draw):
    quiz = data.draw(quizzes())
    others = [data.draw(rekeyed(one)) for one in quiz]
    how = {"seed": seed, "draw": draw, "draw_by": "objective", "shuffle": shuffle}
    assert draw_questions(quiz, **how) == draw_questions(others, **how)


@quick
@given(quizzes(), seeds, st.randoms())
def test_a_shuffled_draw_does_not_depend_on_places_in_the_file(quiz, seed, random):
    moved = list(quiz)
    random.shuffle(moved)
    how = {"seed": seed, "draw": 3, "draw_by": "objective", "shuffle": True}
    assert draw_questions(quiz, **how) == draw_questions(moved, **how)


@quick
@given(questions(), seeds)
def test_what_is_shown_holds_no_key(question, seed):
    for option in shown(question, seed=seed, shuffle_options=True).options:
        assert option == Option(text=option.text)


def test_the_order_is_the_same_on_every_machine():
    """Worked out with `openssl dgst`: an attempt of last year is drawn as it was."""
    assert offered(single("A", "B", "C", "D")) == ("C", "A", "D", "B")


def test_another_attempt_has_another_order():
    orders = {offered(single(*"ABCDEF"), seed=bytes([n])) for n in range(20)}
    assert len(orders) > 15


def test_every_place_is_equally_likely():
    first = Counter(offered(single(*"ABCD"), seed=n.to_bytes(2))[0] for n in range(400))
    assert all(70 < first[text] < 130 for text in "ABCD")


def test_options_keep_the_authors_order_without_shuffling():
    assert offered(single(*"CAB"), mix=False) == ("C", "A", "B")


def test_a_fixed_question_keeps_the_authors_order():
    assert offered(single(*"CAB", fixed=True)) == ("C", "A", "B")


def test_a_pinned_option_keeps_its_place():
    question = single(*"ABCD", pinned="BD")
    for n in range(20):
        order = offered(question, seed=bytes([n]))
        assert (order[1], order[3]) == ("B", "D")


def test_true_stands_before_false():
    options = (Option(text="false"), Option(text="true", right=True))
    question = Question(id="q", type=Type.TRUE_FALSE, heading="?", options=options)
    assert offered(question) == ("true", "false")


ORDERING = Question(id="q", type=Type.ORDERING, heading="?", items=tuple("ABCDEF"))
MATCHING = Question(
    id="q",
    type=Type.MATCHING,
    heading="?",
    pairs=(
        Pair(left="one", right="Vienna"),
        Pair(left="two", right="Almaty"),
        Pair(left="three", right="Vienna"),
        Pair(left="", right="Belgrade"),
    ),
)
GAPS = Question(
    id="q",
    type=Type.GAPS,
    heading="?",
    gaps=(Gap(texts=("12",)), Gap(texts=("1988", "1971", "1961"), listed=True)),
)


def test_items_are_drawn_even_when_nothing_is_shuffled():
    orders = {shown(ORDERING, seed=bytes([n]), shuffle_options=False).items for n in range(20)}
    assert len(orders) > 15


def test_equal_right_sides_are_one_choice_and_one_too_many_is_a_choice():
    drawn = shown(MATCHING, seed=SEED, shuffle_options=False)
    assert sorted(drawn.rights) == ["Almaty", "Belgrade", "Vienna"]
    assert drawn.lefts == ("one", "two", "three")


def test_left_sides_are_drawn_where_options_are_shuffled():
    orders = {shown(MATCHING, seed=bytes([n]), shuffle_options=True).lefts for n in range(30)}
    assert len(orders) == 6


def test_a_listed_gap_offers_its_entries_and_a_typed_one_none():
    drawn = shown(GAPS, seed=SEED, shuffle_options=False)
    assert drawn.choices[0] == ()
    assert sorted(drawn.choices[1]) == ["1961", "1971", "1988"]


def test_equal_entries_of_a_list_are_one_choice():
    gaps = (Gap(texts=("b", "a", "b"), listed=True),)
    assert sorted(shown(replace(GAPS, gaps=gaps), seed=SEED, shuffle_options=True).choices[0]) == [
        "a",
        "b",
    ]


@pytest.mark.parametrize("mix", [True, False])
def test_fixed_shows_what_is_always_drawn_in_alphabetical_order(mix):
    ordering = replace(ORDERING, items=("b", "É", "a", "Z"), fixed=True)
    matching, gaps = replace(MATCHING, fixed=True), replace(GAPS, fixed=True)
    assert shown(ordering, seed=SEED, shuffle_options=mix).items == ("a", "b", "É", "Z")
    assert shown(matching, seed=SEED, shuffle_options=mix).rights == (
        "Almaty",
        "Belgrade",
        "Vienna",
    )
    assert shown(gaps, seed=SEED, shuffle_options=mix).choices[1] == ("1961", "1971", "1988")


def test_all_questions_come_in_the_files_order_unless_something_is_asked_for():
    assert draw_questions(pool(3), seed=SEED, draw=None, shuffle=False) == ("q0", "q1", "q2")


def test_a_draw_without_shuffling_keeps_the_files_order():
    drawn = draw_questions(pool(9), seed=SEED, draw=4, shuffle=False)
    assert len(drawn) == 4
    assert list(drawn) == sorted(drawn)


def test_a_pool_that_is_too_small_gives_all_it_has():
    assert len(draw_questions(pool(3), seed=SEED, draw=10, shuffle=True)) == 3


def test_no_attempt_draws_nothing():
    with pytest.raises(ValueError, match="at least one"):
        draw_questions(pool(3), seed=SEED, draw=0, shuffle=True)


@quick
@given(seeds, st.integers(1, 12))
def test_a_draw_by_objective_is_spread_evenly(seed, draw):
    quiz = spread_pool(LO1=9, LO2=9, LO3=9)
    drawn = draw_questions(quiz, seed=seed, draw=draw, draw_by="objective", shuffle=True)
    counts = Counter(id[:3] for id in drawn)
    assert sum(counts.values()) == draw
    assert max(counts.values()) - min(counts[lo] for lo in ("LO1", "LO2", "LO3")) <= 1


def test_a_small_objective_gives_all_it_has_and_the_others_the_rest():
    quiz = spread_pool(LO1=1, LO2=9)
    drawn = draw_questions(quiz, seed=SEED, draw=6, draw_by="objective", shuffle=True)
    assert Counter(id[:3] for id in drawn) == {"LO1": 1, "LO2": 5}


def test_the_last_attempts_questions_do_not_come_again_while_others_are_left():
    quiz = pool(10)
    first = draw_questions(quiz, seed=SEED, draw=5, shuffle=True)
    second = draw_questions(quiz, seed=b"next", draw=5, shuffle=True, avoid=first)
    assert not set(first) & set(second)


def test_they_come_again_when_the_pool_is_too_small():
    quiz = pool(6)
    first = draw_questions(quiz, seed=SEED, draw=4, shuffle=True)
    second = draw_questions(quiz, seed=b"next", draw=4, shuffle=True, avoid=first)
    assert len(set(second) - set(first)) == 2


def test_an_objective_keeps_its_share_though_its_questions_were_seen():
    quiz = spread_pool(LO1=2, LO2=8)
    seen = ("LO1-0", "LO1-1", "LO2-0")
    drawn = draw_questions(quiz, seed=SEED, draw=4, draw_by="objective", shuffle=True, avoid=seen)
    assert Counter(id[:3] for id in drawn) == {"LO1": 2, "LO2": 2}
    assert "LO2-0" not in drawn
