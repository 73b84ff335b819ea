"""Which questions an attempt holds, and in which order things are shown.

The order is that of HMAC-SHA256(seed, question id, item text), so a seed gives the same page on
every device and in every year, and staff can draw it again. Nothing here looks at a key: two
quizzes that differ only in what is right give equal values for the same seed.
"""

import hmac
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import zip_longest

from lms.rules.answering import answer_from_form, field_names, form_values, order_doubts
from lms.rules.questions import Option, Question, Type
from lms.rules.shapes import Shown, sides
from lms.rules.words import fold

__all__ = [  # what is drawn, and the way from its places to an answer and back
    "Shown",
    "answer_from_form",
    "draw_questions",
    "field_names",
    "form_values",
    "order_doubts",
    "shown",
]


def draw_questions(
    questions: Sequence[Question],
    *,
    seed: bytes,
    draw: int | None,
    draw_by: str = "",
    shuffle: bool,
    avoid: Collection[str] = (),
) -> tuple[str, ...]:
    """Ids of the questions of an attempt, in the order shown.

    draw is how many, None for all; a smaller pool gives all it has. draw_by="objective" takes
    from each objective in turn, so that their numbers differ by one at most while the pool lasts.
    Questions in avoid (those of the last attempt) come only when no other is left, within their
    objective where it spreads. Without shuffle the order is that of the questions given.

    Raises ValueError when draw is below 1.
    """
    if draw is not None and draw < 1:
        raise ValueError(f"an attempt draws at least one question, not {draw}")
    shut = frozenset(avoid)
    ranked = sorted(questions, key=lambda one: _rank(seed, one.id))
    if draw is None or draw >= len(ranked):
        chosen = ranked
    else:
        fresh_first = sorted(ranked, key=lambda one: one.id in shut)
        spread = _in_turn(fresh_first) if draw_by == "objective" else fresh_first
        chosen = spread[:draw]
    ids = {one.id for one in chosen}
    return tuple(one.id for one in (ranked if shuffle else questions) if one.id in ids)


def shown(question: Question, *, seed: bytes, shuffle_options: bool) -> Shown:
    """What the question offers, in the order drawn for an attempt.

    Ordering items, right sides and listed gaps are drawn whatever shuffle_options says, for their
    order in the file is the key; `order=fixed` makes them alphabetical. Options and left sides
    are drawn with shuffle_options, and else keep the author's order; a pinned option keeps its
    place. True stands before false, always.
    """

    def drawn(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(texts, key=lambda text: _rank(seed, question.id, text)))

    hide: Callable[[Iterable[str]], tuple[str, ...]] = _alphabetical if question.fixed else drawn
    mix = drawn if shuffle_options and not question.fixed else tuple
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.CHOICE:
            return Shown(options=_around_pins(question.options, mix))
        case Type.TRUE_FALSE:
            texts = sorted((option.text for option in question.options), reverse=True)
            return Shown(options=tuple(Option(text=text) for text in texts))
        case Type.ORDERING:
            return Shown(items=hide(question.items))
        case Type.MATCHING:
            lefts, rights = sides(question)
            return Shown(lefts=mix(lefts), rights=hide(rights))
        case Type.GAPS:
            return Shown(
                choices=tuple(hide(set(gap.texts)) if gap.listed else () for gap in question.gaps)
            )
        case _:
            return Shown()


def _rank(seed: bytes, *parts: str) -> bytes:
    return hmac.digest(seed, "\0".join(parts).encode(), "sha256")


def _alphabetical(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: (fold(text), text)))


def _in_turn(ranked: Sequence[Question]) -> list[Question]:
    """One question of each objective after the other, in the order in which they were ranked."""
    groups: dict[str, list[Question]] = {}
    for question in ranked:
        groups.setdefault(question.objective, []).append(question)
    return [one for row in zip_longest(*groups.values()) for one in row if one]


def _around_pins(
    options: Sequence[Option], mix: Callable[[Iterable[str]], tuple[str, ...]]
) -> tuple[Option, ...]:
    """The options without their keys, those that are not pinned mixed among their places."""
    free = iter(mix([option.text for option in options if not option.pin]))
    return tuple(Option(text=option.text if option.pin else next(free)) for option in options)
