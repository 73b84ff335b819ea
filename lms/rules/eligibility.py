"""Who can be nominated for an activity: each condition that is not met, and who can waive it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lms.rules.approvals import Side
from lms.rules.refusal import marked


class Condition(StrEnum):
    PREREQUISITE = "prerequisite"
    LANGUAGE = "language"
    FUNCTION = "function"
    CLASH = "clash"
    CERTIFIED = "certified"
    SUSPENDED = "suspended"


# Who can waive a condition; None: nobody.
WAIVED_BY: dict[Condition, Side | None] = {
    Condition.PREREQUISITE: Side.SPMU,
    Condition.LANGUAGE: Side.SPMU,
    Condition.FUNCTION: Side.SPMU,
    Condition.CLASH: Side.SPMU,
    Condition.CERTIFIED: Side.SPMU,
    Condition.SUSPENDED: None,
}
CONDITION_WORDS = {
    Condition.PREREQUISITE: marked("Earlier course"),
    Condition.LANGUAGE: marked("Language"),
    Condition.FUNCTION: marked("Function"),
    Condition.CLASH: marked("Dates of another activity"),
    Condition.CERTIFIED: marked("Certificate that is still valid"),
    Condition.SUSPENDED: marked("Account"),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an activity asks of officers; empty asks nothing."""

    prerequisite: str = ""  # slug of a course that must be completed
    prerequisite_months: int = 0  # completed at most so many months before; 0: any time
    languages: tuple[str, ...] = ()  # BCP 47 tags; one of them is enough
    functions: tuple[str, ...] = ()  # words; one must stand in the officer's function

    def as_dict(self) -> dict[str, Any]:
        return {
            "prerequisite": self.prerequisite,
            "prerequisite_months": self.prerequisite_months,
            "languages": list(self.languages),
            "functions": list(self.functions),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Conditions":
        return cls(
            prerequisite=kept.get("prerequisite", ""),
            prerequisite_months=kept.get("prerequisite_months", 0),
            languages=tuple(kept.get("languages", ())),
            functions=tuple(kept.get("functions", ())),
        )


@dataclass(frozen=True, slots=True)
class Officer:
    """What is known of one officer, as far as conditions ask."""

    languages: Sequence[str] = ()
    function: str = ""
    completed: Mapping[str, datetime] = field(default_factory=dict)  # course → last completion
    other: Sequence[tuple[str, datetime, datetime]] = ()  # live activities: name, begin, end
    certified: bool = False  # of this course
    certified_until: date | None = None  # None, with certified: without end
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that is not met."""

    condition: Condition
    sentence: str  # to translate, with {names} that values fill
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def waived_by(self) -> Side | None:
        return WAIVED_BY[self.condition]


def months_before(instant: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last one of that month."""
    count = instant.year * 12 + instant.month - 1 - months
    year, month = divmod(count, 12)
    for day in range(instant.day, instant.day - 4, -1):
        try:
            return instant.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def findings(
    conditions: Conditions,
    officer: Officer,
    *,
    begins: datetime,
    ends: datetime,
    live: bool,
    waived: Collection[Condition] = (),
) -> tuple[Finding, ...]:
    """The conditions that are not met and not waived; begins and ends are the activity's own.

    A self-paced activity (not live) clashes with nothing.
    """
    found: list[Finding] = []
    if officer.suspended:
        found.append(Finding(Condition.SUSPENDED, marked("This account is suspended.")))
    if conditions.prerequisite:
        found += _prerequisite(conditions, officer, begins)
    if conditions.languages and not set(conditions.languages) & set(officer.languages):
        found.append(
            Finding(
                Condition.LANGUAGE,
                marked("One of these languages is needed: {languages}."),
                {"languages": ", ".join(conditions.languages)},
            )
        )
    words = officer.function.casefold()
    if conditions.functions and not any(one.casefold() in words for one in conditions.functions):
        found.append(
            Finding(
                Condition.FUNCTION,
                marked("The function must be one of: {functions}."),
                {"functions": ", ".join(conditions.functions)},
            )
        )
    if live:
        clash = next((one[0] for one in officer.other if one[1] < ends and begins < one[2]), None)
        if clash is not None:
            found.append(
                Finding(
                    Condition.CLASH,
                    marked("The officer takes part in {activity} on these dates."),
                    {"activity": clash},
                )
            )
    until = officer.certified_until
    if officer.certified and (until is None or until > begins.date()):
        found.append(
            Finding(
                Condition.CERTIFIED,
                marked("The officer already holds a valid certificate of this course."),
            )
        )
    return tuple(one for one in found if one.condition not in waived)


def _prerequisite(conditions: Conditions, officer: Officer, begins: datetime) -> list[Finding]:
    done = officer.completed.get(conditions.prerequisite)
    course = {"course": conditions.prerequisite}
    if done is None:
        sentence = marked("The officer must first complete the course {course}.")
        return [Finding(Condition.PREREQUISITE, sentence, course)]
    months = conditions.prerequisite_months
    if months and done < months_before(begins, months):
        sentence = marked("The course {course} was completed more than {months} months before.")
        values = {**course, "months": str(months)}
        return [Finding(Condition.PREREQUISITE, sentence, values)]
    return []
