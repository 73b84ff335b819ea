"""A course as one person has it before them: the release, the place, the units and their state.

Shared by the pages of a course, of lessons and of quizzes; two queries in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, and_, case, select

from lms import clock
from lms.database import db
from lms.models import Activity, Course, Enrolment, Release, Unit, UnitCompletion, UnitKind
from lms.models.outlines import completion_rules, module_outlines, unit_outlines
from lms.rules.enrolments import State
from lms.rules.outline import UnitOutline, required_keys
from lms.rules.progress import Locked, open_units, progress

PLACE_STATES = (State.ENROLLED, State.COMPLETED)
LISTED = ("TLP:CLEAR", "TLP:GREEN")  # handling of courses that every signed-in person may know of


@dataclass(frozen=True, slots=True)
class Place:
    """The officer's place, as far as pages show it."""

    id: int
    ref: str
    state: State
    activity: str  # slug
    activity_id: int
    begins_at: datetime
    ends_at: datetime
    began_at: datetime
    completed_at: datetime | None
    last_unit: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the outline."""

    id: int
    key: str
    module: str | None
    kind: UnitKind
    title: str
    minutes: int | None
    done_at: datetime | None
    lock: Locked | None
    href: str

    @property
    def state(self) -> str:
        return "done" if self.done_at else "locked" if self.lock else ""

    @property
    def is_lesson(self) -> bool:
        return self.kind is UnitKind.LESSON


@dataclass(frozen=True)
class CourseInHand:
    """One release of a course, for one person; `place` is None for those who only look."""

    course_id: int
    slug: str
    release_id: int
    release: int
    published_at: datetime
    title: str
    subject: str
    language: str
    facts: Mapping[str, Any]
    place: Place | None
    units: tuple[UnitLine, ...]
    outlines: tuple[UnitOutline, ...]

    @property
    def href(self) -> str:
        return url_for("catalogue.course", course=self.slug)

    @cached_property
    def done_keys(self) -> frozenset[str]:
        return frozenset(unit.key for unit in self.units if unit.done_at)

    @property
    def lessons(self) -> tuple[int, int]:
        return progress([unit.key for unit in self.units if unit.is_lesson], self.done_keys)

    @property
    def done(self) -> int:
        return self.lessons[0]

    @property
    def of(self) -> int:
        return self.lessons[1]

    @property
    def said(self) -> str:
        if self.place is None:
            return ""
        return _("%(done)s of %(of)s lessons complete", done=self.done, of=self.of)

    @cached_property
    def missing(self) -> tuple[UnitLine, ...]:
        rules = completion_rules(self.facts)
        keys = set(required_keys(rules, self.outlines)) - self.done_keys
        return tuple(
            unit
            for unit in self.units
            if unit.key in keys
            or (unit.kind is UnitKind.SURVEY and rules.evaluation and not unit.done_at)
        )

    @property
    def minutes_left(self) -> int:
        return sum(unit.minutes or 0 for unit in self.units if not unit.done_at)

    def unit(self, key: str) -> UnitLine | None:
        return next((unit for unit in self.units if unit.key == key), None)

    def neighbours(self, key: str) -> tuple[UnitLine | None, UnitLine | None]:
        """(previous, next) unit in the order of the course."""
        keys = [unit.key for unit in self.units]
        at = keys.index(key)
        before = self.units[at - 1] if at else None
        return before, self.units[at + 1] if at + 1 < len(keys) else None

    def resume(self) -> UnitLine | None:
        """Where to go on: the last unit while it is unfinished, else the first open one to do."""
        last = self.unit(self.place.last_unit) if self.place else None
        if last and not last.done_at and not last.lock:
            return last
        return next((unit for unit in self.units if not unit.done_at and not unit.lock), None)

    def module(self, slug: str) -> Mapping[str, Any] | None:
        return next((one for one in self.facts["modules"] if one["slug"] == slug), None)

    def module_number(self, slug: str) -> int:
        return [one["slug"] for one in self.facts["modules"]].index(slug) + 1

    def module_units(self, slug: str) -> tuple[UnitLine, ...]:
        return tuple(unit for unit in self.units if unit.module == slug)

    def module_state(self, slug: str) -> str:
        units = self.module_units(slug)
        if all(unit.done_at for unit in units):
            return "completed"
        return "in_progress" if any(unit.done_at for unit in units) else "not_started"

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Modules and quizzes of the course in their order, as the outline macro takes them."""
        made: list[dict[str, Any]] = []
        for unit in self.units:
            if unit.module is None:
                made.append({"title": "", "units": [unit]})
            elif made and made[-1].get("slug") == unit.module:
                made[-1]["units"].append(unit)
            else:
                title = f"{self.module_number(unit.module)}. {self.module(unit.module)['title']}"  # type: ignore[index]
                made.append({"slug": unit.module, "title": title, "units": [unit]})
        for part in made:
            finished = sum(bool(unit.done_at) for unit in part["units"])
            of = len(part["units"])
            part["said"] = _("%(done)s of %(of)s", done=finished, of=of) if self.place else ""
        return made

    def why_locked(self, lock: Locked) -> str:
        """One sentence: what comes first."""
        if lock.closed:
            return _("This test closed when you finished the first lesson.")
        before = [unit for unit in self.units if unit.key in lock.first]
        modules = list(dict.fromkeys(unit.module for unit in before if unit.module))
        if len(modules) == 1 and len(before) <= 3:
            return _("First finish: %(names)s.", names=", ".join(unit.title for unit in before))
        numbers = ", ".join(str(self.module_number(slug)) for slug in modules)
        return ngettext(
            "First finish module %(numbers)s.",
            "First finish the modules %(numbers)s.",
            len(modules),
            numbers=numbers,
        )


def is_listed(slug: str) -> bool:
    """Whether every signed-in person may know of the course, by its newest release."""
    newest = (
        select(Release.handling)
        .join(Course, Course.id == Release.course_id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    )
    return db.session.scalar(newest) in LISTED


def closed_to_readers() -> Select[tuple[int]]:
    """The activities whose last day to read the course has passed."""
    return select(Activity.id).where(Activity.access_until <= clock.now())


def course_in_hand(
    slug: str, person_id: int | None, *, activity: str = "", anybody: bool = False
) -> CourseInHand | None:
    """The course with this person's place and that place's release.

    Of several places the named activity's, else a running one, else the newest counts. Without a
    place: the newest release where `anybody` may look, else None.
    """
    found = (
        select(Release, Course.slug, Enrolment, Activity)
        .join(Course, Course.id == Release.course_id)
        .where(Course.slug == slug)
    )
    mine = and_(
        Enrolment.release_id == Release.id,
        Enrolment.person_id == person_id,
        Enrolment.state.in_(PLACE_STATES),
        Enrolment.activity_id.not_in(closed_to_readers()),
    )
    found = found.join(Enrolment, mine, isouter=anybody)
    found = found.outerjoin(Activity, Activity.id == Enrolment.activity_id).order_by(
        case((Activity.slug == activity, 0), else_=1),
        case((Enrolment.state == State.ENROLLED, 0), (Enrolment.id.is_not(None), 1), else_=2),
        Enrolment.began_at.desc(),
        Release.number.desc(),
    )
    row = db.session.execute(found.limit(1)).one_or_none()
    if row is None:
        return None
    release, course_slug, enrolment, held = row
    place = enrolment and Place(
        id=enrolment.id,
        ref=enrolment.ref,
        state=enrolment.state,
        activity=held.slug,
        activity_id=held.id,
        begins_at=held.begins_at,
        ends_at=held.ends_at,
        began_at=enrolment.began_at,
        completed_at=enrolment.completed_at,
        last_unit=enrolment.last_unit,
    )
    return in_hand(release, course_slug, place)


def in_hand(release: Release, slug: str, place: Place | None) -> CourseInHand:
    rows = db.session.execute(
        select(Unit, UnitCompletion.at)
        .outerjoin(
            UnitCompletion,
            and_(
                UnitCompletion.enrolment_id == (place.id if place else None),
                UnitCompletion.unit_key == Unit.key,
            ),
        )
        .where(Unit.release_id == release.id)
        .order_by(Unit.position)
    ).all()
    facts = release.facts
    outlines = unit_outlines([unit for unit, _at in rows], facts)
    done = {unit.key for unit, at in rows if at}
    required = required_keys(completion_rules(facts), outlines)
    closed = open_units(module_outlines(facts), outlines, required, done) if place else {}
    units = tuple(
        UnitLine(
            id=unit.id,
            key=unit.key,
            module=unit.module,
            kind=unit.kind,
            title=unit.title,
            minutes=unit.minutes,
            done_at=at,
            lock=None if at else closed.get(unit.key),  # what is finished stays open
            href=f"/courses/{slug}/{unit.key}",
        )
        for unit, at in rows
    )
    return CourseInHand(
        course_id=release.course_id,
        slug=slug,
        release_id=release.id,
        release=release.number,
        published_at=release.published_at,
        title=release.title,
        subject=release.subject,
        language=release.language,
        facts=facts,
        place=place,
        units=units,
        outlines=outlines,
    )
