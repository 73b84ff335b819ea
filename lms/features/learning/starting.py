"""What an officer must know before a quiz begins, in words."""

from collections import Counter
from fractions import Fraction
from typing import Any, NamedTuple

from flask_babel import gettext as _

from lms import clock
from lms.features.learning import queries
from lms.models import Unit, UnitKind
from lms.rules.attempts import attempts_left
from lms.rules.questions import Marking, Type
from lms.rules.quizrules import QuizRules
from lms.web.outlines import CourseInHand, UnitLine

MINUTES_A_QUESTION = 1.5  # to say how long it takes, where the file does not


class Asked(NamedTuple):
    """What the start page must know of a question: nothing that helps to answer it."""

    type: Type
    marking: Marking
    points: Fraction


def start_facts(course: CourseInHand, unit: UnitLine, text: Unit) -> dict[str, Any]:
    """The numbers and sentences of the start page of a quiz."""
    rules = QuizRules.from_dict(text.facts["rules"])
    asked = [
        Asked(Type(kind), Marking(marking), Fraction(points))
        for kind, marking, points in text.facts["asked"]
    ]
    count = min(rules.draw or len(asked), len(asked))
    tries = queries.tries(course.place.id, unit.key) if course.place else None
    used = len(tries.handed_in) if tries else 0
    left = attempts_left(used, allowed=rules.attempts, granted=tries.granted if tries else 0)
    wait_until = None
    if tries and tries.handed_in and rules.wait and not tries.open_ref:
        wait_until = tries.handed_in[-1] + rules.wait
        wait_until = wait_until if wait_until > clock.now() else None
    return {
        "rules": rules,
        "count": count,
        "minutes": unit.minutes or max(1, round(count * MINUTES_A_QUESTION)),
        "tries": tries,
        "left": left,
        "wait_until": wait_until,
        "promises": promises(unit.kind, rules, asked),
        "may_start": bool(
            course.place
            and count
            and ((tries and tries.open_ref) or ((left is None or left > 0) and not wait_until))
        ),
    }


def promises(kind: UnitKind, rules: QuizRules, asked: list[Asked]) -> list[str]:
    """How it works: saving, going back, marking, when results show, lost connection."""
    said = [
        _(
            "Each answer is saved when you change it or continue. You can leave and come back, "
            "also on another device."
        ),
        _("You go forward only: an answer cannot be changed after you continue.")
        if rules.forward_only
        else _("You can go back and change answers until you submit."),
    ]
    if kind is UnitKind.SURVEY:
        said.append(
            _(
                "Nobody can see who wrote what. Your answers are kept without your name, your "
                "State or the time."
            )
        )
    else:
        said += marking_rules(asked)
        said.append(review_rule(rules))
    said.append(
        _(
            "If the connection is lost, your saved answers stay. Most browsers keep new ones on "
            "the device and send them when you are online again."
        )
    )
    return said


def marking_rules(asked: list[Asked]) -> list[str]:
    """How points are given, for the kinds of question that occur."""
    points = {question.points for question in asked}
    said = [_("One point for each question.") if points == {1} else _("Points: see each question.")]
    words = {
        (Type.MULTIPLE, Marking.ALL): _("Questions with several answers need all correct answers."),
        (Type.MULTIPLE, Marking.NET): _(
            "Where several answers are right, a wrong one takes away what a right one gives."
        ),
        (Type.MULTIPLE, Marking.EACH): _("Where several answers are right, each choice counts."),
        (Type.MULTIPLE, Marking.WEIGHTS): _(
            "Where several answers are right, each has its own weight."
        ),
        (Type.ORDERING, Marking.ALL): _("Items to put in order need the whole order to be right."),
        (Type.ORDERING, Marking.PAIRS): _("Items to put in order: each neighbouring pair counts."),
        (Type.MATCHING, Marking.SHARE): _("Rows to match: each right row counts."),
        (Type.MATCHING, Marking.ALL): _("Rows to match need every row to be right."),
        (Type.GAPS, Marking.SHARE): _("Gaps: each right gap counts."),
        (Type.GAPS, Marking.ALL): _("Gaps need every gap to be right."),
        (Type.ESSAY, Marking.ALL): _("A trainer reads your texts and gives points."),
    }
    kinds = Counter((question.type, question.marking) for question in asked)
    return said + [words[kind] for kind in words if kind in kinds]


def review_rule(rules: QuizRules) -> str:
    return {
        "never": _("You see your result by topic. The answers are not shown."),
        "after_submission": _("You see your result and the correct answers at once."),
        "after_passing": _(
            "You see your result at once. You see the correct answers after you "
            "pass, or when no attempt is left."
        ),
        "after_close": _(
            "You see your result at once. You see the correct answers when the activity is over."
        ),
    }[rules.review]
