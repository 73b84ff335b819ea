"""What the result page of a quiz says, as far as its policy allows."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from lms.features.quizzes import queries, showing
from lms.features.quizzes.queries import Asked, Sitting
from lms.models import Ending
from lms.rules.grading import Outcome, Verdict, adds_up, by_objective, per_cent, shown_points
from lms.rules.questions import Type
from lms.rules.regrading import corrected
from lms.rules.reviewing import may_review
from lms.web.times import moment

ORDER = (Verdict.WRONG, Verdict.OMITTED, Verdict.PARTLY, Verdict.WAITING, Verdict.RIGHT)


def result_page(sitting: Sitting, *, now: datetime) -> dict[str, Any]:
    """Verdict, score, topics, next step; and the answers, wrong ones first, where allowed."""
    asked = queries.asked(sitting)
    standing = queries.standing(sitting)
    kept = standing.grade
    questions = [one.question for one in asked]
    given = {one.question.id: one.answer for one in asked}
    worth, corrections = queries.worth(sitting, questions, given, kept)
    # the marking that counts is the row's: a result that would have fallen is kept
    earned, possible = (kept.earned, kept.possible) if kept else (worth.earned, worth.possible)
    passed = kept.passed if kept else None
    left = standing.attempts_left
    review = may_review(
        sitting.rules.review,
        handed_in=True,
        passed=standing.passed,
        attempts_left=left is None or left > 0,
        closed=now >= sitting.ends_at,
        another_open=standing.another_open,
    )
    outcomes = dict(worth.outcomes)
    shown = []
    if review.right_wrong:
        texts = any(one.question.type is Type.ESSAY for one in asked)
        comments = queries.comments(sitting) if texts else {}
        ranked = sorted(asked, key=lambda one: (_rank(outcomes.get(one.question.id)), one.number))
        shown = [
            showing.of_result(
                replace(one, question=corrected(one.question, corrections)),
                outcomes.get(one.question.id),
                review,
                comment=comments.get(one.question.id, ""),
            )
            for one in ranked
        ]
    counted = [one for one in questions if one.id in outcomes]
    percent = per_cent(earned, possible, sitting.rules.pass_mark)
    retry_at = None
    if passed is False and (left is None or left > 0) and standing.handed_in:
        retry_at = max(standing.handed_in) + sitting.rules.wait
    return {
        "receipt": _receipt(sitting, asked),
        "waiting": kept is None and worth.waiting,
        "passed": passed,
        "earned": shown_points(earned),
        "possible": shown_points(possible),
        "percent": percent,
        "needed": _needed(sitting, possible),
        "rounded": not adds_up([one.points for one in outcomes.values()], earned),
        "topics": [
            {
                "name": sitting.objectives.get(objective, _("Other questions")),
                "earned": shown_points(got),
                "possible": shown_points(of),
                "percent": int(got * 100 // of) if of else 0,
                "weak": of and got < of,
            }
            for objective, (got, of) in by_objective(counted, worth).items()
        ]
        if review.objectives
        else [],
        "band": Markup(_band(sitting, percent)),
        "left": left,
        "ever_passed": standing.passed,
        "retry_at": retry_at if retry_at and retry_at > now else None,
        "may_retry": passed is False and (left is None or left > 0),
        "review": review,
        "answers": shown,
        "why": kept.why if kept else "",
        "later_ref": standing.later_ref,
    }


def _receipt(sitting: Sitting, asked: list[Asked]) -> str:
    """What was handed in, when, and by which cause."""
    assert sitting.handed_in_at is not None
    answered = sum(not one.answer.blank for one in asked)
    causes = {
        Ending.TIME: _("The time was over, so it was handed in for you."),
        Ending.CLOSE: _("It had to close, so it was handed in for you."),
        Ending.STAFF: _("A trainer handed it in for you."),
    }
    said = _(
        "Receipt: attempt %(n)s, handed in %(moment)s, %(answered)s of %(of)s questions answered.",
        n=sitting.number,
        moment=moment(sitting.handed_in_at),
        answered=answered,
        of=len(asked),
    )
    cause = causes.get(sitting.ending) if sitting.ending else None
    return f"{said} {cause}" if cause else said


def _rank(outcome: Outcome | None) -> int:
    """Wrong answers first; a question that was left out afterwards comes last."""
    return ORDER.index(outcome.verdict) if outcome else len(ORDER)


def _needed(sitting: Sitting, possible: Any) -> str:
    if sitting.rules.pass_mark is None:
        return ""
    return shown_points(possible * sitting.rules.pass_mark / 100)


def _band(sitting: Sitting, percent: str) -> str:
    """The feedback for this range of results; "" where the quiz has none."""
    reached = float(percent)
    return next((html for from_, html in sitting.rules.feedback if reached >= from_), "")
