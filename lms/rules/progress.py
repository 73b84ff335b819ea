"""How far an officer has come, and what is open next.

done are the keys of finished units: a lesson read, a quiz passed (or, where there is nothing to
pass, handed in), a survey sent. They are of the release the officer is on, `formerly` applied.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lms.rules.outline import Kind, ModuleOutline, UnitOutline


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Why a unit cannot be begun now."""

    first: tuple[str, ...] = ()  # keys of the units to finish first, in the outline's order
    closed: bool = False  # for good: a pre-test once a lesson is finished


def progress(required: Collection[str], done: Collection[str]) -> tuple[int, int]:
    """How many of the required units are done, and of how many. Both count units, never time."""
    wanted = set(required)
    return len(wanted & set(done)), len(wanted)


def open_units(
    modules: Sequence[ModuleOutline],
    units: Sequence[UnitOutline],
    required: Collection[str],
    done: Collection[str],
) -> Mapping[str, Locked | None]:
    """For every unit None when it is open, else why it is not.

    A module counts as finished when its required units are (`outline.required_keys`). A unit waits
    for the modules that its own `opens_after` and that of its module name, "all" being every
    module. A summative quiz of the course waits for all modules unless it says otherwise. What is
    done stays open whatever a later release asks for. A pre-test closes when a lesson is finished.
    """
    finished, wanted = set(done), set(required)
    gates = {module.slug: module.opens_after for module in modules}
    reading = any(unit.kind is Kind.LESSON and unit.key in finished for unit in units)

    def lock(unit: UnitOutline) -> Locked | None:
        if unit.kind is Kind.PRE_TEST and reading:
            return Locked(closed=True)
        if unit.key in finished:
            return None
        gate = _gate(unit, gates)
        first = tuple(
            one.key
            for one in units
            if one.module in gate
            and one.key in wanted
            and one.key not in finished
            and one.key != unit.key
        )
        return Locked(first=first) if first else None

    return {unit.key: lock(unit) for unit in units}


def _gate(unit: UnitOutline, gates: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The modules that a unit waits for."""
    own = unit.opens_after
    if own is None and unit.kind is Kind.SUMMATIVE and unit.module is None:
        own = "all"
    named = gates.keys() if own == "all" else own or ()
    return {*named, *(gates.get(unit.module, ()) if unit.module else ())}
