"""A course with releases, and places on it that have come as far as a test needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from lms.database import db
from lms.models import (
    Activity,
    Attempt,
    Course,
    Ending,
    Enrolment,
    Grade,
    Person,
    Release,
    ReleaseReason,
    Route,
    Unit,
    UnitCompletion,
    UnitKind,
)
from lms.rules.enrolments import State
from tests.factories import NOON, make_person, numbers, reference, saved, state

OUTLINE = {  # module → its units; "" holds the quizzes of the course
    "markets": {"output": UnitKind.LESSON, "prices": UnitKind.LESSON},
    "routes": {"families": UnitKind.LESSON, "check": UnitKind.FORMATIVE},
    "": {"final": UnitKind.SUMMATIVE},
}
LESSONS = ("markets/output", "markets/prices", "routes/families")
ALL_UNITS = ("markets/output", "markets/prices", "routes/families", "routes/check", "final")


@dataclass
class Made:
    """Rows of one course; the activity runs from a month before to a month after noon."""

    course: Course
    releases: list[Release]
    activity: Activity

    @property
    def release(self) -> Release:
        return self.releases[-1]

    @property
    def address(self) -> str:
        return f"/reports/{self.course.slug}"


def make_course(slug: str = "opiates", *, title: str = "Afghan opiates", **values: Any) -> Made:
    course = saved(Course(slug=slug, created_at=NOON - timedelta(days=400)))
    release = make_release(course, title=title, **values)
    return Made(course, [release], make_activity(course))


def make_release(
    course: Course,
    number: int = 1,
    *,
    title: str = "Afghan opiates",
    outline: dict[str, dict[str, UnitKind]] = OUTLINE,
    final: str | None = "final",
    pass_mark: int = 80,
    handling: str = "TLP:CLEAR",
    scores_to_states: bool = False,
) -> Release:
    release = saved(
        Release(
            course_id=course.id,
            number=number,
            content_hash=f"{number:064x}",
            reason=ReleaseReason.CONTENT,
            published_at=NOON - timedelta(days=300 - number),
            renderer="test",
            title=title,
            summary="",
            subject="drugs",
            level="basic",
            format="self_paced",
            language="en",
            code="SPMU-1",
            minutes=60,
            handling=handling,
            body="",
            search_text="",
            glossary=[],
            facts={
                "modules": [{"slug": slug, "title": slug.title()} for slug in outline if slug],
                "completion": {
                    "lessons": "all",
                    "quizzes": [final] if final else [],
                    "evaluation": False,
                },
                "scores_to_states": scores_to_states,
            },
        )
    )
    units = [
        (module, name, kind) for module, held in outline.items() for name, kind in held.items()
    ]
    saved(
        *(
            Unit(
                release_id=release.id,
                key=f"{module}/{name}" if module else name,
                module=module or None,
                position=position,
                kind=kind,
                title=name,
                required=False,
                html="",
                facts={"rules": {"pass_mark": pass_mark}} if name == final else {},
            )
            for position, (module, name, kind) in enumerate(units)
        )
    )
    return release


def make_activity(
    course: Course, *, slug: str = "", ends_at: datetime = NOON + timedelta(days=30)
) -> Activity:
    return saved(
        Activity(
            course_id=course.id,
            slug=slug or f"{course.slug}-{next(numbers)}",
            route=Route.OPEN,
            begins_at=NOON - timedelta(days=400),
            ends_at=ends_at,
            capacity=None,
            created_at=NOON - timedelta(days=400),
        )
    )


def make_place(
    made: Made,
    name: str = "Nino Beridze",
    *,
    home: str = "GE",
    person: Person | None = None,
    kept: State = State.ENROLLED,
    began_at: datetime = NOON - timedelta(days=20),
    completed_at: datetime | None = None,
    done: tuple[str, ...] = (),
    release: Release | None = None,
    activity: Activity | None = None,
    score: float | None = None,
) -> Enrolment:
    """A place; `score` gives it a graded attempt at the final quiz."""
    person = person or make_person(name, state_code=home)
    if kept is State.COMPLETED:
        completed_at = completed_at or NOON - timedelta(days=1)
    place = saved(
        Enrolment(
            ref=reference(),
            activity_id=(activity or made.activity).id,
            person_id=person.id,
            affiliation_id=state(home).id,
            release_id=(release or made.release).id,
            state=kept,
            began_at=began_at,
            completed_at=completed_at,
            offered_until=began_at if kept is State.OFFERED else None,
        )
    )
    finish(place, *done)
    if score is not None:
        make_attempt(place, percents=(score,))
    return place


def unit_of(place: Enrolment, key: str) -> Unit:
    return db.session.scalars(select(Unit).filter_by(release_id=place.release_id, key=key)).one()


def finish(place: Enrolment, *keys: str) -> None:
    units = [unit_of(place, key).id for key in keys]
    if keys:
        saved(
            *(
                UnitCompletion(enrolment_id=place.id, unit_key=key, unit_id=unit, at=NOON)
                for key, unit in zip(keys, units, strict=True)
            )
        )


def make_attempt(
    place: Enrolment,
    key: str = "final",
    *,
    number: int = 1,
    handed_in: bool = True,
    percents: tuple[float, ...] = (),
) -> Attempt:
    """A try at the quiz; percents are its markings, the last of which counts."""
    unit = unit_of(place, key)
    attempt = saved(
        Attempt(
            ref=reference(),
            enrolment_id=place.id,
            unit_id=unit.id,
            unit_key=key,
            number=number,
            seed=b"seed",
            drawn=[],
            language="en",
            started_at=NOON - timedelta(hours=2),
            handed_in_at=NOON - timedelta(hours=1) if handed_in else None,
            ending=Ending.BUTTON if handed_in else None,
        )
    )
    if percents:
        saved(
            *(
                Grade(
                    attempt_id=attempt.id,
                    number=at,
                    earned=Fraction(percent),
                    possible=Fraction(100),
                    percent=percent,
                    passed=percent >= 80,
                    at=NOON,
                )
                for at, percent in enumerate(percents, 1)
            )
        )
    return attempt
