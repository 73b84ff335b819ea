"""A course's outline as far as the rules of progress ask: plain values, without any text."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    LESSON = "lesson"
    SUMMATIVE = "summative"
    FORMATIVE = "formative"
    PRE_TEST = "pre_test"
    POST_TEST = "post_test"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOutline:
    key: str  # "module/unit", or the slug alone for a quiz of the course
    kind: Kind
    module: str | None = None  # slug; None: a quiz of the course itself
    required: bool = False  # as its file says; `required_keys` says what the course asks for
    opens_after: tuple[str, ...] | Literal["all"] | None = None  # slugs of modules; None: not said


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleOutline:
    slug: str
    opens_after: tuple[str, ...] = ()  # slugs of modules


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRules:
    """What an officer must do to complete the course: `completion:` of course.md."""

    lessons: Literal["all", "required"] = "all"
    quizzes: tuple[str, ...] = ()  # unit keys; each must be passed
    evaluation: bool = False  # must be sent
    attendance: int = 0  # per cent of the live sessions


def required_keys(rules: CompletionRules, units: Iterable[UnitOutline]) -> tuple[str, ...]:
    """Keys of the units that the course asks for, in order: its lessons (all, or those marked
    `required`) and the quizzes its rules name."""
    return tuple(
        unit.key
        for unit in units
        if (unit.kind is Kind.LESSON and (rules.lessons == "all" or unit.required))
        or unit.key in rules.quizzes
    )
