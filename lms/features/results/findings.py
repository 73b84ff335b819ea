"""Figures of the analysis made ready for the page: numbers as shown, remarks in words."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from lms.features.results.queries import Item, Quiz, Said
from lms.rules.analysis import Flag, ItemFigures, QuizFigures
from lms.rules.gains import LEAST, Gain, gain, shown_groups
from lms.rules.questions import Answer, Type
from lms.web import charts


def percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)}%"


def figure(value: float | None) -> str:
    """Two decimals with a true minus."""
    return "" if value is None else f"{value:.2f}".replace("-", "−")


def seconds(value: float | None) -> str:
    if value is None:
        return ""
    return _("%(n)s s", n=round(value)) if value < 600 else _("%(n)s min", n=round(value / 60))


def flag_words() -> dict[Flag, tuple[str, str]]:
    """Flag → (words, tone of the tag)."""
    return {
        Flag.BEATEN: (_("Look at the key"), "warn"),
        Flag.NEGATIVE: (_("Good officers answer it wrongly"), "warn"),
        Flag.HARD: (_("Too hard"), ""),
        Flag.EASY: (_("Too easy"), ""),
        Flag.UNUSED: (_("A wrong answer is never chosen"), ""),
    }


def kpis(quiz: Quiz, made: QuizFigures, *, first_only: bool) -> list[tuple[str, str, str]]:
    mark = _("pass mark %(mark)s%%", mark=quiz.pass_mark) if quiz.pass_mark is not None else ""
    found = [(_("Mean result"), percent(made.mean), mark)]
    if made.passed is not None:
        name = _("Passed at first attempt") if first_only else _("Passed")
        counted = _("%(n)s of %(of)s", n=made.passed, of=made.n)
        found.append((name, percent(made.passed / made.n), counted))
    error = "" if made.error is None else _("standard error %(error)s", error=percent(made.error))
    found.append((_("Reliability (alpha)"), figure(made.alpha) or "–", error))
    found.append((_("Median time"), seconds(made.seconds) or "–", ""))
    return found


def chart(made: QuizFigures, names: Mapping[str, str]) -> tuple[str, Sequence[charts.Bar]]:
    """(finding, bars): the share of points that each question earns, gold where it is flagged."""
    known = [one for one in made.items if one.facility is not None]
    flagged = [one for one in known if one.flags]
    bars = [
        charts.Bar(
            names[one.id],
            "c4" if one.flags else "c1",
            f"{100 * (one.facility or 0):.1f}%",
            percent(one.facility),
            None,
        )
        for one in known
    ]
    if not flagged:
        return _("No rule finds a question to look at"), bars
    finding = _("%(n)s of %(of)s questions to look at", n=len(flagged), of=len(known))
    return finding, bars


def option_table(one: ItemFigures, item: Item) -> list[dict[str, Any]]:
    plain = {"true": _("True"), "false": _("False")}
    is_plain = item.question.type is Type.TRUE_FALSE
    return [
        {
            "html": "" if is_plain else item.html["texts"].get(option.text, ""),
            "text": plain.get(option.text, "") if is_plain else option.text,
            "right": option.right,
            "thirds": [round(100 * share) for share in option.thirds],
        }
        for option in one.options
    ]


def gains(
    found: Mapping[str, Sequence[tuple[float, float]]], objectives: Mapping[str, str]
) -> list[tuple[str, int, Gain | None]]:
    """(name, officers, gain) of the whole and of each objective."""
    names = {"": _("Whole test"), **objectives}
    return [
        (names.get(key, key), len(held) if len(held) >= LEAST else 0, gain(held))
        for key, held in found.items()
        if key in names
    ]


def offered(said: Sequence[Said], titles: Sequence[str]) -> list[str]:
    """The activities whose evaluations may be shown alone."""
    counts = _counts(said, titles)
    return sorted(shown_groups(counts), reverse=True)


def _counts(said: Sequence[Said], slugs: Sequence[str]) -> dict[str, int]:
    """Evaluations of each activity, at least: the most answers that one question has."""
    return {
        slug: max((len(one.answers.get(slug, ())) for one in said), default=0) for slug in slugs
    }


def opinions(said: Sequence[Said], activity: str) -> list[dict[str, Any]]:
    """Each question of an evaluation with its figures; none of fewer than five answers.

    Nor where five are shown of one activity and the rest could be worked out from the whole.
    """
    return [_opinion(one, activity) for one in said]


def _opinion(one: Said, activity: str) -> dict[str, Any]:
    counts = {slug: len(held) for slug, held in one.answers.items()}
    if activity:
        answers = list(one.answers.get(activity, ()))
        may = activity in shown_groups(counts)
    else:
        answers = [answer for held in one.answers.values() for answer in held]
        may = len(answers) >= LEAST
    made: dict[str, Any] = {"heading": one.html["heading"], "n": len(answers) if may else None}
    if may:
        made |= _figures(one, answers)
    return made


def _figures(one: Said, answers: Sequence[Answer]) -> dict[str, Any]:
    match one.question.type:
        case Type.SCALE | Type.NUMBER:
            points = [int(answer.text) for answer in answers]
            held = Counter(points)
            scale = one.question.scale
            rows = [(str(point), held[point]) for point in sorted(held)]
            if scale is not None and one.question.type is Type.SCALE:
                rows = [(str(at), held[at]) for at in range(scale.low, scale.high + 1)]
            mean = f"{statistics.fmean(points):.1f}"
            return {"bars": charts.bars(rows, len(points)), "rows": rows, "mean": mean}
        case Type.CHOICE:
            picked = Counter(text for answer in answers for text in answer.chosen)
            rows = [(option.text, picked[option.text]) for option in one.question.options]
            return {"bars": charts.bars(rows, len(answers)), "rows": rows}
        case _:
            return {"texts": sorted(answer.text for answer in answers)}
