"""What a completion report is worked out from.

`places` is the one query: the officers' table, the numbers, the charts and the file all read it,
so they cannot disagree.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Float,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import aliased

from lms.database import db
from lms.models import (
    PARTNERS,
    Activity,
    Affiliation,
    AffiliationKind,
    Attempt,
    Course,
    Enrolment,
    EnrolmentStep,
    Grade,
    Person,
    Release,
    Unit,
    UnitCompletion,
    UnitKind,
)
from lms.rules.access import Reach, Scope
from lms.rules.enrolments import State
from lms.rules.figures import COUNTED, ENDED, WORKING, Status, after, begin_of, month_of, months

PUBLIC = "TLP:CLEAR"  # handling of a course whose outline anybody may read
ROWS_A_PAGE = 25
MONTHS_SHOWN = 12  # side by side in the chart; its table has all


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose; absent is all. Days are days in Vienna, both inclusive."""

    state: str = ""  # code of an affiliation
    first: date | None = None
    last: date | None = None
    release: int | None = None  # its number
    status: Status | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The chosen ones under their names in the address and the audit log."""
        named = {
            "state": self.state,
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "release": self.release and str(self.release),
            "status": self.status and self.status.value,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Version:
    """A release of the course, as far as figures need it."""

    id: int
    number: int
    title: str
    modules: tuple[tuple[str, str], ...]  # (slug, title) in order
    final_quiz: str | None  # unit key
    scores_to_states: bool


@dataclass(frozen=True)
class ReportedCourse:
    id: int
    slug: str
    versions: tuple[Version, ...]  # newest first; at least one

    @property
    def title(self) -> str:
        return self.versions[0].title

    def scored(self, reach: Reach, *, sees_scores: bool) -> frozenset[int]:
        """The ids of the releases whose scores may be shown; empty hides the very column.

        A State sees scores while the course gives them out, and only those of places taken on a
        release that said so to its officers.
        """
        if sees_scores:
            return frozenset(one.id for one in self.versions)
        if reach.scope is Scope.AFFILIATION and self.versions[0].scores_to_states:
            return frozenset(one.id for one in self.versions if one.scores_to_states)
        return frozenset()


class CourseLine(NamedTuple):
    """A course in the list of reports, with the places within reach."""

    slug: str
    title: str
    archived: bool
    places: int
    completed: int


class Home(NamedTuple):
    """A State, Partner, structure or organization that holds places."""

    code: str
    name: str
    kind: AffiliationKind

    @property
    def is_partner(self) -> bool:
        return self.kind in PARTNERS

    @property
    def order(self) -> tuple[int, str]:
        """Participating States first, then Partners, then the others; by name within."""
        kinds = list(AffiliationKind)
        kind = kinds.index(PARTNERS[0]) if self.is_partner else kinds.index(self.kind)
        return kind, self.name.casefold()


def within(reach: Reach) -> ColumnElement[bool]:
    """The places a reach covers; nothing where it is empty."""
    match reach.scope:
        case Scope.ALL:
            return true()
        case Scope.COURSES:
            return Activity.course_id.in_(reach.ids)
        case Scope.AFFILIATION:
            return Enrolment.affiliation_id.in_(reach.ids)
        case _:
            return false()


def _taken() -> ColumnElement[bool]:
    """The places that were taken; a nomination or an offer that was given up is none."""
    never = exists().where(
        EnrolmentStep.enrolment_id == Enrolment.id,
        EnrolmentStep.to_state == State.WITHDRAWN,
        EnrolmentStep.from_state != State.ENROLLED,
    )
    return and_(Enrolment.state.in_(COUNTED), or_(Enrolment.state != State.WITHDRAWN, ~never))


def reportable(reach: Reach) -> ColumnElement[bool]:
    """The courses a reach covers. A State sees public ones and those it holds places in."""
    match reach.scope:
        case Scope.ALL:
            return true()
        case Scope.COURSES:
            return Course.id.in_(reach.ids)
        case Scope.AFFILIATION:
            own = (
                select(Enrolment.id)
                .join(Activity, Activity.id == Enrolment.activity_id)
                .where(
                    Activity.course_id == Course.id,
                    _taken(),
                    within(reach),
                )
            )
            newest = aliased(Release)
            public = select(newest.id).where(
                newest.course_id == Course.id, newest.handling == PUBLIC, _is_newest(newest)
            )
            return or_(own.exists(), public.exists())
        case _:
            return false()


def courses(reach: Reach) -> list[CourseLine]:
    """All published courses within reach, by title."""
    counts = (
        select(
            Activity.course_id.label("course_id"),
            func.count(Enrolment.id).label("places"),
            func.count(Enrolment.completed_at).label("completed"),
        )
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(_taken(), within(reach))
        .group_by(Activity.course_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Course.slug,
            Release.title,
            Course.archived_at.is_not(None),
            func.coalesce(counts.c.places, 0),
            func.coalesce(counts.c.completed, 0),
        )
        .join(Release, Release.course_id == Course.id)
        .outerjoin(counts, counts.c.course_id == Course.id)
        .where(_is_newest(Release), reportable(reach))
    ).all()
    return sorted((CourseLine(*row) for row in rows), key=lambda one: one.title.casefold())


def course(slug: str, reach: Reach) -> ReportedCourse | None:
    """The course with its releases, if the reach covers it."""
    rows = db.session.execute(
        select(Course.id, Release.id, Release.number, Release.title, Release.facts)
        .join(Release, Release.course_id == Course.id)
        .where(Course.slug == slug, reportable(reach))
        .order_by(Release.number.desc())
    ).all()
    if not rows:
        return None
    return ReportedCourse(rows[0][0], slug, tuple(_version(*row[1:]) for row in rows))


def _version(id: int, number: int, title: str, facts: dict[str, Any]) -> Version:
    quizzes = facts.get("completion", {}).get("quizzes", [])
    return Version(
        id=id,
        number=number,
        title=title,
        modules=tuple((one["slug"], one["title"]) for one in facts.get("modules", [])),
        final_quiz=quizzes[0] if quizzes else None,
        scores_to_states=bool(facts.get("scores_to_states")),
    )


def homes(course_id: int, reach: Reach) -> list[Home]:
    """Who holds places in the course within reach, in the order in which States are listed."""
    held = (
        select(Enrolment.affiliation_id)
        .join(Activity, Activity.id == Enrolment.activity_id)
        .where(Activity.course_id == course_id, _taken(), within(reach))
    )
    rows = db.session.execute(
        select(Affiliation.code, Affiliation.name, Affiliation.kind).where(Affiliation.id.in_(held))
    ).all()
    return sorted((Home(*row) for row in rows), key=lambda one: one.order)


def names(reach: Reach) -> dict[str, str]:
    """Code → name of all that a reader may filter by: everybody, or those within reach."""
    query = select(Affiliation.code, Affiliation.name)
    if reach.scope is Scope.AFFILIATION:
        query = query.where(Affiliation.id.in_(reach.ids))
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def places(
    course: ReportedCourse,
    filters: Filters,
    reach: Reach,
    *,
    scored: Collection[int],
    now: datetime,
) -> Select[Any]:
    """A row for every place that the filters and the reach leave, in no order.

    scored: ids of the releases whose scores are shown; all others read as none. `done` and `of`
    are lessons of the release that the place was taken on.
    """
    status = _status(now)
    query = (
        select(
            Enrolment.id,
            Enrolment.ref,
            Enrolment.release_id,
            Person.given_name,
            Person.family_name,
            Affiliation.code.label("state_code"),
            Affiliation.name.label("state"),
            Affiliation.kind.label("state_kind"),
            Release.number.label("version"),
            status.label("status"),
            _done().label("done"),
            _of().label("of"),
            case((_begun(), 1), else_=0).label("begun"),
            Enrolment.began_at,
            Enrolment.completed_at,
            _score(course, scored).label("score"),
        )
        .join(Activity, Activity.id == Enrolment.activity_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Affiliation, Affiliation.id == Enrolment.affiliation_id)
        .join(Release, Release.id == Enrolment.release_id)
        .where(Activity.course_id == course.id, _taken(), within(reach))
    )
    if filters.state:
        query = query.where(Affiliation.code == filters.state)
    if filters.release:
        query = query.where(Release.number == filters.release)
    if filters.status:
        query = query.where(status == filters.status.value)
    return query.where(_in_period(Enrolment.began_at, filters))


def _in_period(instant: Any, filters: Filters) -> ColumnElement[bool]:
    zone = current_app.config["TIME_ZONE"]
    limits: list[ColumnElement[bool]] = [true()]
    if filters.first:
        limits.append(instant >= begin_of(filters.first, zone))
    if filters.last:
        limits.append(instant < begin_of(date.fromordinal(filters.last.toordinal() + 1), zone))
    return and_(*limits)


def _status(now: datetime) -> ColumnElement[str]:
    """How the place stands, in the words of rules.figures.Status.

    Awaiting marking: a quiz is handed in, has no grade yet and is not finished otherwise. An
    evaluation is never marked.
    """
    waiting = (
        select(Attempt.id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .where(
            Attempt.enrolment_id == Enrolment.id,
            Attempt.handed_in_at.is_not(None),
            Unit.kind != UnitKind.SURVEY,
            ~exists().where(Grade.attempt_id == Attempt.id),
            ~exists().where(
                UnitCompletion.enrolment_id == Attempt.enrolment_id,
                UnitCompletion.unit_key == Attempt.unit_key,
            ),
        )
        .exists()
    )
    return case(
        (Enrolment.state != State.ENROLLED, type_coerce(Enrolment.state, String)),
        (waiting, literal(Status.AWAITING_MARKING.value)),
        (Activity.ends_at <= now, literal(Status.OVERDUE.value)),
        (_begun(), literal(Status.IN_PROGRESS.value)),
        else_=literal(Status.NOT_STARTED.value),
    )


def _begun() -> ColumnElement[bool]:
    """A unit is finished or a quiz was opened."""
    return or_(
        exists().where(UnitCompletion.enrolment_id == Enrolment.id),
        exists().where(Attempt.enrolment_id == Enrolment.id),
    )


def _done() -> ColumnElement[int]:
    return (
        select(func.count(UnitCompletion.id))
        .join(
            Unit,
            and_(Unit.key == UnitCompletion.unit_key, Unit.release_id == Enrolment.release_id),
        )
        .where(UnitCompletion.enrolment_id == Enrolment.id, Unit.kind == UnitKind.LESSON)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _of() -> ColumnElement[int]:
    return (
        select(func.count(Unit.id))
        .where(Unit.release_id == Enrolment.release_id, Unit.kind == UnitKind.LESSON)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _score(course: ReportedCourse, scored: Collection[int]) -> ColumnElement[float | None]:
    """Per cent of the best attempt at the final quiz, by the last marking of each attempt."""
    keys = {one.id: one.final_quiz for one in course.versions if one.id in scored}
    keys = {id: key for id, key in keys.items() if key}
    if not keys:
        return cast(null(), Float)
    later = aliased(Grade)
    return (
        select(func.max(Grade.percent))
        .join(Attempt, Attempt.id == Grade.attempt_id)
        .where(
            Attempt.enrolment_id == Enrolment.id,
            Attempt.unit_key == case(keys, value=Enrolment.release_id),
            ~exists().where(later.attempt_id == Grade.attempt_id, later.number > Grade.number),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


SORTS = ("name", "state", "status", "began", "completed", "progress", "score")


def ordered(query: Select[Any], sort: str) -> Select[Any]:
    """The rows by one of SORTS, a minus in front for downwards; equal ones by name, then key.

    Rows without the value (no score, not completed) come last either way.
    """
    row = query.subquery()
    ranks = {status.value: rank for rank, status in enumerate(Status)}
    name = (func.lower(row.c.family_name), func.lower(row.c.given_name))
    by: dict[str, tuple[ColumnElement[Any], ...]] = {
        "name": name,
        "state": (func.lower(row.c.state),),
        "status": (case(ranks, value=row.c.status),),
        "began": (row.c.began_at,),
        "completed": (row.c.completed_at,),
        "progress": (row.c.done * 1.0 / func.nullif(row.c.of, 0), row.c.done),
        "score": (row.c.score,),
    }
    down = sort.startswith("-")
    wanted = [
        (column.desc() if down else column.asc()).nulls_last() for column in by[sort.lstrip("-")]
    ]
    return select(row).order_by(*wanted, *name, row.c.id)


def page_of(query: Select[Any], sort: str, page: int) -> Sequence[Row[Any]]:
    """The rows of one page, from 1."""
    shown = ordered(query, sort).limit(ROWS_A_PAGE).offset(ROWS_A_PAGE * (page - 1))
    return db.session.execute(shown).all()


def how_many(query: Select[Any]) -> Select[Any]:
    """How many rows the query has; no order changes that."""
    return select(func.count()).select_from(query.order_by(None).subquery())


@dataclass(frozen=True)
class Counts:
    """Places by State, release and status."""

    by: dict[tuple[Home, int, Status], int]  # (where, release id, status) → places
    begun: int = 0  # places with a unit finished or a quiz opened

    @property
    def total(self) -> int:
        return sum(self.by.values())

    def of(self, *statuses: Status) -> int:
        return sum(n for (_, _, status), n in self.by.items() if status in statuses)

    @property
    def homes(self) -> list[Home]:
        return sorted({home for home, _, _ in self.by}, key=lambda one: one.order)

    @cached_property
    def by_home(self) -> dict[Home, tuple[int, int, int, int]]:
        """(completed, in progress, not started, ended without completion) of each State."""
        groups = ((Status.COMPLETED,), WORKING, (Status.NOT_STARTED,), ENDED)
        made = {}
        for home in self.homes:
            own = Counts({key: n for key, n in self.by.items() if key[0] == home})
            made[home] = tuple(own.of(*group) for group in groups)
        return made  # type: ignore[return-value]

    @property
    def by_release(self) -> Counter[int]:
        made: Counter[int] = Counter()
        for (_, release_id, _), n in self.by.items():
            made[release_id] += n
        return made


def counts(query: Select[Any]) -> Counts:
    row = query.subquery()
    group = (row.c.state_code, row.c.state, row.c.state_kind, row.c.release_id, row.c.status)
    found = db.session.execute(
        select(*group, func.count(), func.sum(row.c.begun)).group_by(*group)
    ).all()
    return Counts(
        {(Home(*one[:3]), one[3], Status(one[4])): one[5] for one in found},
        begun=sum(one[6] for one in found),
    )


def scores(query: Select[Any]) -> list[float]:
    """The final quiz of every place that has a grade for it, in per cent."""
    found = db.session.scalars(select(query.subquery().c.score))
    return [score for score in found if score is not None]


def days_taken(query: Select[Any]) -> list[int]:
    """From taking the place to completing it, in days in Vienna, of every completed place."""
    zone = current_app.config["TIME_ZONE"]
    row = query.subquery()
    found = db.session.execute(
        select(row.c.began_at, row.c.completed_at).where(row.c.completed_at.is_not(None))
    )
    return [
        (completed.astimezone(zone).date() - began.astimezone(zone).date()).days
        for began, completed in found
    ]


def completions(
    course: ReportedCourse, filters: Filters, reach: Reach, *, now: datetime
) -> dict[date, int]:
    """Places completed in each month of the period, whenever they were begun.

    Without a period: from the month of the first completion to this one. Months are Vienna's.
    """
    zone = current_app.config["TIME_ZONE"]
    begun_any_time = replace(filters, first=None, last=None)
    query = places(course, begun_any_time, reach, scored=(), now=now).where(
        Enrolment.completed_at.is_not(None), _in_period(Enrolment.completed_at, filters)
    )
    row = query.subquery()
    earliest: datetime | None = db.session.scalar(select(func.min(row.c.completed_at)))
    if earliest is None:
        return {}
    today = now.astimezone(zone).date()
    begin = filters.first or earliest.astimezone(zone).date()
    shown = months(month_of(begin), min(filters.last or today, today))
    if (
        len(shown) > MONTHS_SHOWN
    ):  # a long period begins to be of interest with the first completion
        shown = months(earliest.astimezone(zone).date(), shown[-1])
    if not shown:
        return {}
    which = case(
        *((row.c.completed_at < begin_of(after(month), zone), at) for at, month in enumerate(shown))
    )
    marked = select(which.label("month")).subquery()
    found = db.session.execute(select(marked.c.month, func.count()).group_by(marked.c.month))
    held: dict[int, int] = dict(found.all())  # type: ignore[arg-type]
    return {month: held.get(at, 0) for at, month in enumerate(shown)}


def finished_modules(query: Select[Any]) -> Counter[tuple[int, str]]:
    """Places that finished every unit of a module, by release id and slug."""
    row = query.subquery()
    done = (
        select(row.c.release_id, Unit.module, func.count(UnitCompletion.id).label("done"))
        .join(Unit, and_(Unit.release_id == row.c.release_id, Unit.module.is_not(None)))
        .join(
            UnitCompletion,
            and_(UnitCompletion.enrolment_id == row.c.id, UnitCompletion.unit_key == Unit.key),
        )
        .group_by(row.c.id, row.c.release_id, Unit.module)
        .subquery()
    )
    units = (
        select(Unit.release_id, Unit.module, func.count(Unit.id).label("units"))
        .where(Unit.module.is_not(None))
        .group_by(Unit.release_id, Unit.module)
        .subquery()
    )
    found = db.session.execute(
        select(done.c.release_id, done.c.module, func.count())
        .join(
            units,
            and_(
                units.c.release_id == done.c.release_id,
                units.c.module == done.c.module,
                units.c.units == done.c.done,
            ),
        )
        .group_by(done.c.release_id, done.c.module)
    )
    return Counter({(release_id, module): n for release_id, module, n in found})


def pass_mark(version: Version) -> int | None:
    """Of the final quiz, in per cent."""
    facts = db.session.scalar(
        select(Unit.facts).where(Unit.release_id == version.id, Unit.key == version.final_quiz)
    )
    return ((facts or {}).get("rules") or {}).get("pass_mark")


def _is_newest(release: type[Release]) -> ColumnElement[bool]:
    other = aliased(Release)
    return ~exists().where(other.course_id == release.course_id, other.number > release.number)
