"""Between a form and an answer: its values are places in the order shown to this attempt.

Fields: `a` for choices (one value for each that is chosen) and typed lines, `m0`, `m1` … the right
side chosen for each left side, `o0`, `o1` … the position (from 1) given to each item, `g0`, `g1` …
the gaps. A place says nothing about the file or the key.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from lms.rules.questions import Answer, Question, Type
from lms.rules.refusal import Refusal, marked
from lms.rules.shapes import LINE, PROSE, Shown, fits_shape, whole_number
from lms.rules.texts import nfc

_CHOICES = frozenset({Type.SINGLE, Type.MULTIPLE, Type.TRUE_FALSE, Type.CHOICE})
_UNSAFE = ("Cc", "Cs")  # control characters and halves of signs
_OURS = re.compile(r"a|[mog][0-9]+")
_FORGED = marked(
    "This answer does not belong to the question. Open the question again, then answer."
)

Values = Mapping[str, Sequence[str]]


def field_names(question: Question, shown: Shown) -> tuple[str, ...]:
    """The names of the form's fields, in the order shown."""
    match question.type:
        case Type.MATCHING:
            return tuple(f"m{n}" for n in range(len(shown.lefts)))
        case Type.ORDERING:
            return tuple(f"o{n}" for n in range(len(shown.items)))
        case Type.GAPS:
            return tuple(f"g{n}" for n in range(len(question.gaps)))
        case _:
            return ("a",)


def answer_from_form(question: Question, shown: Shown, values: Values) -> Answer:
    """The answer that a form's values say; a blank one when nothing was filled in.

    An order is kept however it was numbered: items stand by their positions, those with the same
    position or none by their places on the page, the ones without a position last; `order_doubts`
    tells which to show to the officer. Typed text loses control characters and takes NFC; lines
    also lose white space at their ends. Values may hold other fields, which are not looked at.

    Raises Refusal for values that the question's form cannot send, for a line of over 1,000
    characters or an essay of over 20,000, and for a survey's number outside its range.
    """
    names = field_names(question, shown)
    if any(_OURS.fullmatch(name) and name not in names for name in values):
        raise Refusal(_FORGED)
    if question.type in _CHOICES:
        return Answer(chosen=_chosen(question, shown, values.get("a", ())))
    sent = [_one(values, name) for name in names]
    match question.type:
        case Type.MATCHING:
            rights = (_at(shown.rights, value) for value in sent)
            return Answer(
                pairs={
                    left: right for left, right in zip(shown.lefts, rights, strict=True) if right
                }
            )
        case Type.ORDERING:
            return Answer(order=_order(shown, sent))
        case Type.GAPS:
            filled = tuple(
                _at(listed, value) if listed else _line(value)
                for listed, value in zip(shown.choices, sent, strict=True)
            )
            return Answer(gaps=filled if any(filled) else ())
        case Type.ESSAY:
            return Answer(text=_prose(sent[0]))
        case Type.SCALE | Type.NUMBER:
            return Answer(text=_whole(question, _line(sent[0])))
        case _:
            return Answer(text=_line(sent[0]))


def form_values(question: Question, shown: Shown, answer: Answer) -> dict[str, list[str]]:
    """What the form holds for an answer: what `answer_from_form` reads back as the same answer.

    Fields without a value are left out. Raises ValueError when the answer is not one of this
    question.
    """
    if not fits_shape(question, answer):
        raise ValueError(f"not an answer to {question.id}")
    names = field_names(question, shown)
    match question.type:
        case Type.MATCHING:
            rights = [answer.pairs.get(left, "") for left in shown.lefts]
            sent = [_place(shown.rights, right) for right in rights]
        case Type.ORDERING:
            sent = _positions(shown.items, answer.order)
        case Type.GAPS:
            given = answer.gaps or ("",) * len(shown.choices)
            sent = [
                _place(listed, text) if listed else text
                for listed, text in zip(shown.choices, given, strict=True)
            ]
        case _ if question.type in _CHOICES:
            chosen = [str(n) for n, one in enumerate(shown.options) if one.text in answer.chosen]
            return {"a": chosen} if chosen else {}
        case _:
            sent = [answer.text]
    return {name: [value] for name, value in zip(names, sent, strict=True) if value}


def order_doubts(shown: Shown, values: Values) -> tuple[str, ...]:
    """The items whose position is shared or missing, as shown; () when all or none are placed.

    Raises Refusal for a position that is sent twice.
    """
    sent = [_one(values, f"o{n}") for n in range(len(shown.items))]
    if not any(sent):
        return ()
    return tuple(
        item
        for item, position in zip(shown.items, sent, strict=True)
        if not position or sent.count(position) > 1
    )


def _chosen(question: Question, shown: Shown, sent: Sequence[str]) -> frozenset[str]:
    places = [value for value in sent if value]
    several = question.type is Type.MULTIPLE
    if len(set(places)) < len(places) or (len(places) > 1 and not several):
        raise Refusal(_FORGED)
    return frozenset(_at([option.text for option in shown.options], one) for one in places)


def _one(values: Values, name: str) -> str:
    sent = values.get(name, ())
    if len(sent) > 1:
        raise Refusal(_FORGED)
    return sent[0] if sent else ""


def _at(texts: Sequence[str], place: str) -> str:
    """The text at a place; "" for none. Only plain digits count: int() would read ٣ and 1_0."""
    if not place:
        return ""
    if place not in map(str, range(len(texts))):
        raise Refusal(_FORGED)
    return texts[int(place)]


def _place(texts: Sequence[str], text: str) -> str:
    return str(texts.index(text)) if text else ""


def _order(shown: Shown, sent: Sequence[str]) -> tuple[str, ...]:
    if not any(sent):
        return ()
    last = len(sent) + 1
    positions = [str(n) for n in range(1, last)]
    if any(value and value not in positions for value in sent):
        raise Refusal(_FORGED)
    numbered = zip((int(value or last) for value in sent), shown.items, strict=True)
    return tuple(item for _, item in sorted(numbered, key=lambda pair: pair[0]))


def _positions(items: Sequence[str], order: Sequence[str]) -> list[str]:
    """For each item its place in the order, from 1; equal texts take theirs one after the other."""
    if not order:
        return [""] * len(items)
    left = list(enumerate(order, start=1))
    made = []
    for item in items:
        pair = next(one for one in left if one[1] == item)
        left.remove(pair)
        made.append(str(pair[0]))
    return made


def _line(value: str) -> str:
    text = " ".join(_clean(value).split("\n")).strip()
    if len(text) > LINE:
        raise Refusal("This answer is too long. Write at most {most} characters.", most=f"{LINE:,}")
    return text


def _prose(value: str) -> str:
    text = _clean(value)
    if len(text) > PROSE:
        raise Refusal("This text is too long. Write at most {most} characters.", most=f"{PROSE:,}")
    return text if text.strip() else ""


def _clean(value: str) -> str:
    """NFC, line ends as one sign, without control characters: databases refuse some of them."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in _UNSAFE)
    return nfc("".join(kept))


def _whole(question: Question, text: str) -> str:
    if not text:
        return ""
    number = whole_number(question, text)
    if number is None:
        raise Refusal(
            "Write a whole number from {low} to {high}.",
            low=question.scale.low if question.scale else 0,
            high=question.scale.high if question.scale else 0,
        )
    return number
