"""When a course counts as completed: by its own rules, and by nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.rules.outline import CompletionRules, UnitOutline, required_keys


class What(StrEnum):
    UNIT = "unit"  # a lesson to read or a quiz to pass
    EVALUATION = "evaluation"
    ATTENDANCE = "attendance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing still to do. key is the unit's; "" for the evaluation and the attendance."""

    what: What
    key: str = ""


def missing(
    rules: CompletionRules,
    units: Sequence[UnitOutline],
    done: Collection[str],
    *,
    evaluation_sent: bool,
    attended: int = 0,
) -> tuple[Missing, ...]:
    """What the course still asks for, in its order; () when it is completed.

    done are the keys of finished units; attended is per cent of the live sessions. A quiz that the
    rules name and the outline lacks stays missing: it cannot have been passed.
    """
    asked = required_keys(rules, units)
    asked += tuple(key for key in rules.quizzes if key not in asked)
    left = [Missing(what=What.UNIT, key=key) for key in asked if key not in done]
    if rules.evaluation and not evaluation_sent:
        left.append(Missing(what=What.EVALUATION))
    if attended < rules.attendance:
        left.append(Missing(what=What.ATTENDANCE))
    return tuple(left)


def is_complete(
    rules: CompletionRules,
    units: Sequence[UnitOutline],
    done: Collection[str],
    *,
    evaluation_sent: bool,
    attended: int = 0,
) -> bool:
    """Whether nothing is missing."""
    return not missing(rules, units, done, evaluation_sent=evaluation_sent, attended=attended)
