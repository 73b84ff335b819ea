"""From what a release keeps to the plain values that the rules of progress take."""

from collections.abc import Iterable, Mapping
from typing import Any

from lms.models.courses import Unit, UnitKind
from lms.rules.outline import CompletionRules, Kind, ModuleOutline, UnitOutline


def completion_rules(facts: Mapping[str, Any]) -> CompletionRules:
    """`completion:` of course.md, from the facts of a release."""
    kept = facts["completion"]
    return CompletionRules(
        lessons=kept["lessons"],
        quizzes=tuple(kept["quizzes"]),
        evaluation=kept["evaluation"],
        attendance=kept["attendance"],
    )


def module_outlines(facts: Mapping[str, Any]) -> tuple[ModuleOutline, ...]:
    return tuple(
        ModuleOutline(slug=one["slug"], opens_after=tuple(one["opens_after"]))
        for one in facts["modules"]
    )


def unit_outlines(units: Iterable[Unit], facts: Mapping[str, Any]) -> tuple[UnitOutline, ...]:
    """The units in their order. An evaluation of the course opens after its modules."""
    return tuple(
        UnitOutline(
            key=unit.key,
            kind=Kind(unit.kind.value),
            module=unit.module,
            required=unit.required,
            opens_after=_after(unit, facts["opens_after"].get(unit.key)),
        )
        for unit in units
    )


def _after(unit: Unit, said: Any) -> Any:
    if said is None:
        return "all" if unit.kind is UnitKind.SURVEY and unit.module is None else None
    return said if said == "all" else tuple(said)
