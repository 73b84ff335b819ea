"""An asked question as the macros take it: for answering, and for a result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from lms import clock
from lms.features.quizzes.queries import Asked
from lms.rules.answering import form_values
from lms.rules.grading import Outcome, Verdict, shown_points
from lms.rules.marking import Mark, Marks, marks
from lms.rules.questions import Answer, Question, Type
from lms.rules.reviewing import Review

GAP = "<gap-{}></gap-{}>"  # as deeds/rendering.py leaves it


def to_answer(
    asked: Asked,
    *,
    sent: Mapping[str, list[str]] | None = None,
    error: str = "",
    prefix: str = "",
) -> dict[str, Any]:
    """What macro question() takes. `sent` are values just typed, shown again beside an error.

    prefix begins all names, where several questions share a page.
    """
    question = asked.question
    held = sent or form_values(question, asked.shown, asked.answer)

    def first(name: str) -> str:
        return next(iter(held.get(name, [])), "")

    made: dict[str, Any] = {
        "type": question.type.value,
        "heading_html": Markup(asked.html["heading"]),
        "body_html": Markup(asked.html["body"]),
        "error": error,
        "text": first("a"),
        "unit": unit_of(question),
        "prefix": prefix,
    }
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.CHOICE:
            made["options"] = [
                (str(place), Markup(asked.words(option.text)), str(place) in held.get("a", []))
                for place, option in enumerate(asked.shown.options)
            ]
        case Type.TRUE_FALSE:
            words = {"true": _("True"), "false": _("False")}
            made["options"] = [
                (str(place), words[option.text], str(place) in held.get("a", []))
                for place, option in enumerate(asked.shown.options)
            ]
        case Type.SCALE:
            assert question.scale is not None
            made |= {
                "low": question.scale.low,
                "high": question.scale.high,
                "low_label": question.scale.low_label,
                "high_label": question.scale.high_label,
                "options": [
                    (str(point), str(point), str(point) == first("a"))
                    for point in range(question.scale.low, question.scale.high + 1)
                ],
            }
        case Type.MATCHING:
            made["rows"] = [
                (Markup(asked.words(left)), first(f"m{place}"))
                for place, left in enumerate(asked.shown.lefts)
            ]
            made["choices"] = [
                (str(place), Markup(asked.words(right)))
                for place, right in enumerate(asked.shown.rights)
            ]
        case Type.ORDERING:
            places = range(len(asked.shown.items))
            sent_as = [first(f"o{place}") for place in places]
            known = {str(place + 1) for place in places}
            by_position = sorted(
                places,
                key=lambda place: int(sent_as[place] if sent_as[place] in known else place + 1),
            )
            made["rows"] = [
                (place, Markup(asked.words(asked.shown.items[place]))) for place in by_position
            ]
        case Type.GAPS:
            made["body_html"] = with_fields(asked, held, prefix)
        case Type.ESSAY:
            if not question.rubric:
                made["hint"] = _("Write as much or as little as you like.")
    return made


def with_fields(asked: Asked, held: Mapping[str, list[str]], prefix: str = "") -> Markup:
    """The text of a gap question with its fields and lists inside the sentence."""
    field = get_template_attribute("parts/quiz.html", "gap_field")
    choice = get_template_attribute("parts/quiz.html", "gap_choice")
    html = asked.html["body"]
    for number, listed in enumerate(asked.shown.choices):
        value = next(iter(held.get(f"g{number}", [])), "")
        if listed:
            entries = [(str(at), Markup(asked.words(text))) for at, text in enumerate(listed)]
            made = choice(number, entries, value, prefix=prefix)
        else:
            made = field(number, value, prefix=prefix)
        html = html.replace(GAP.format(number, number), str(made))
    return Markup(html)


def number_hint(question: Question) -> str:
    unit = unit_of(question)
    if unit:
        return _("Write a number, with or without %(unit)s.", unit=unit)
    return _("Write a number.")


def milliseconds_left(deadline: datetime | None) -> int | None:
    """Until the deadline, never below 0; None without one. Pages count from there by themselves,
    so a device whose clock is wrong changes nothing."""
    if deadline is None:
        return None
    return max(int((deadline - clock.now()).total_seconds() * 1000), 0)


def in_words(asked: Asked, answer: Answer) -> list[Any]:
    """An answer in lines, as its officer gave it, without a word on what is right."""
    if answer.blank:
        return [_("Not answered.")]

    def words(text: str) -> Any:
        html = asked.words(text)
        return Markup(html) if html else text

    truths = {"true": _("True"), "false": _("False")}
    if asked.question.type is Type.TRUE_FALSE:
        return [truths[text] for text in answer.chosen]
    chosen = [words(one.text) for one in asked.shown.options if one.text in answer.chosen]
    pairs = [
        Markup("{}: {}").format(words(left), words(right))
        for left, right in answer.pairs.items()
        if right
    ]
    order = [
        Markup("{}. {}").format(place, words(item))
        for place, item in enumerate(answer.order, start=1)
    ]
    gaps = [
        _("Gap %(n)s", n=place) + f": {text}"
        for place, text in enumerate(answer.gaps, start=1)
        if text
    ]
    return [*chosen, *pairs, *order, *gaps, *([answer.text] if answer.text else [])]


def unit_of(question: Question) -> str:
    return next((key.units[0] for key in question.numbers if key.units), "")


def of_result(
    asked: Asked, outcome: Outcome | None, review: Review, *, comment: str = ""
) -> dict[str, Any]:
    """What the result page shows of a question that may be reviewed; None: it was left out."""
    points = ""
    if outcome is not None:
        points = ngettext(
            "%(earned)s of %(of)s point",
            "%(earned)s of %(of)s points",
            1 if outcome.possible == 1 else 2,
            earned=shown_points(outcome.points),
            of=shown_points(outcome.possible),
        )
    return {
        "number": asked.number,
        "heading": Markup(asked.html["heading"]),
        "body": Markup(_closed_gaps(asked)),
        "verdict": outcome.verdict.value if outcome else "left_out",
        "points": points or _("not counted"),
        "answers": answers_of(asked, marks(asked.question, asked.answer), outcome),
        "comment": comment,
        "explanation": Markup(asked.html["explanation"]) if review.explanation else "",
    }


def answers_of(asked: Asked, marked: Marks, outcome: Outcome | None) -> list[dict[str, Any]]:
    """Lines for macro answer(): (words, verdict, sentence, feedback) in the order shown."""
    if marked.options:
        verdicts = {
            Mark.CHOSEN_RIGHT: "right",
            Mark.CHOSEN_WRONG: "wrong",
            Mark.MISSED: "missed",
            Mark.PLAIN: "",
        }
        by_text = {one.text: one.mark for one in marked.options}
        words = {"true": _("True"), "false": _("False")}
        plain = asked.question.type is Type.TRUE_FALSE
        return [
            {
                "words": words[one.text] if plain else Markup(asked.words(one.text)),
                "verdict": verdicts[by_text[one.text]],
                "sentence": "",
                "feedback": Markup(asked.html["feedback"].get(one.text, "")),
            }
            for one in asked.shown.options
        ]
    if not marked.parts:
        text = asked.answer.text or _("Not answered.")
        waiting = outcome is not None and outcome.verdict is Verdict.WAITING
        said = _("A trainer reads this and gives points.") if waiting else ""
        return [{"words": text, "verdict": "", "sentence": said, "feedback": ""}]
    return [_part(asked, one) for one in marked.parts]


def _part(asked: Asked, one: Any) -> dict[str, Any]:
    def words(text: str) -> Any:
        html = asked.words(text)
        return Markup(html) if html else text

    given = words(one.given) if one.given else _("nothing")
    right = words(one.correct[0]) if one.correct else ""
    match asked.question.type:
        case Type.MATCHING:
            label: Any = words(one.part)
        case Type.ORDERING:
            label = _("Place %(number)s", number=one.part)
        case Type.GAPS:
            label = _("Gap %(n)s", n=one.part)
        case _:
            label = _("Your answer")
    line = Markup("{}: {}").format(label, given)
    if one.right:
        return {"words": line, "verdict": "right", "sentence": _("Correct."), "feedback": ""}
    said = Markup(_("Not correct. The correct answer is %s.")) % right
    return {"words": line, "verdict": "wrong", "sentence": said, "feedback": ""}


def _closed_gaps(asked: Asked) -> str:
    """The text of a gap question with numbers where the fields were."""
    html = asked.html["body"]
    for number in range(len(asked.question.gaps)):
        html = html.replace(GAP.format(number, number), f"<b>({number + 1})</b>")
    return html
