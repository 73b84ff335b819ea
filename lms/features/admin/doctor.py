"""What must always be true, worked out again from the facts and compared with what is kept."""

from collections.abc import Callable, Iterator
from functools import cache

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import chain, finishing
from lms.deeds.kept import kept_of
from lms.models import (
    Activity,
    Affiliation,
    Attempt,
    Certificate,
    Enrolment,
    EnrolmentStep,
    Grade,
    Quota,
    Release,
    SurveyReceipt,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.models.outlines import completion_rules, unit_outlines
from lms.rules.completion import missing
from lms.rules.enrolments import HOLDS_A_SEAT, State
from lms.rules.outline import UnitOutline
from lms.web import migrating


def tables() -> Iterator[str]:
    """The tables are those of this code."""
    if not migrating.is_current(db.engine):
        yield "the tables are behind: run lms db upgrade"


def audit() -> Iterator[str]:
    """No entry of the audit log was changed, dropped, swapped, added or cut off."""
    found = chain.check(db.session, current_app.config["AUDIT_KEY"])
    if found.fault:
        yield found.fault


def seats() -> Iterator[str]:
    """Seats held are the places that hold one."""
    held = (
        select(func.count(Enrolment.id))
        .where(Enrolment.activity_id == Activity.id, Enrolment.state.in_(HOLDS_A_SEAT))
        .scalar_subquery()
    )
    for slug, kept, counted in db.session.execute(
        select(Activity.slug, Activity.seats_held, held).where(Activity.seats_held != held)
    ):
        yield f"activity {slug}: {kept} seats held, {counted} places"
    held = (
        select(func.count(Enrolment.id))
        .where(
            Enrolment.activity_id == Quota.activity_id,
            Enrolment.affiliation_id == Quota.affiliation_id,
            Enrolment.state.in_(HOLDS_A_SEAT),
        )
        .scalar_subquery()
    )
    for slug, code, kept, counted in db.session.execute(
        select(Activity.slug, Affiliation.code, Quota.seats_held, held)
        .join(Quota, Quota.activity_id == Activity.id)
        .join(Affiliation, Affiliation.id == Quota.affiliation_id)
        .where(Quota.seats_held != held)
    ):
        yield f"activity {slug}, {code}: {kept} seats held, {counted} places"


def steps() -> Iterator[str]:
    """A replay of the steps of a place gives its state; each step begins where the last ended."""
    ended: dict[int, State] = {}
    broken: set[int] = set()
    for place, before, after in db.session.execute(
        select(
            EnrolmentStep.enrolment_id, EnrolmentStep.from_state, EnrolmentStep.to_state
        ).order_by(EnrolmentStep.enrolment_id, EnrolmentStep.number)
    ):
        if before is not ended.get(place):
            broken.add(place)
        ended[place] = after
    for place, ref, state in db.session.execute(
        select(Enrolment.id, Enrolment.ref, Enrolment.state)
    ):
        if place in broken or ended.get(place) is not state:
            yield f"place {ref} is {state.value}, but its steps say otherwise"


def places() -> Iterator[str]:
    """A place is completed when, and only when, the course's own rules are fulfilled."""

    @cache
    def release(release_id: int) -> tuple[Release, tuple[UnitOutline, ...]]:
        found = db.session.get_one(Release, release_id)
        units = finishing.units_of(db.session, release_id)
        return found, unit_outlines(units, found.facts)

    sent = set(db.session.scalars(select(SurveyReceipt.enrolment_id)))
    proved = set(db.session.scalars(select(Certificate.enrolment_id)))
    for place in db.session.scalars(
        select(Enrolment).where(Enrolment.state.in_((State.ENROLLED, State.COMPLETED)))
    ):
        found, units = release(place.release_id)
        done = finishing.done_keys(db.session, place.id)
        left = missing(completion_rules(found.facts), units, done, evaluation_sent=place.id in sent)
        if (place.state is State.COMPLETED) == bool(left):
            yield f"place {place.ref} is {place.state.value}, but {len(left)} parts are missing"
        owed = place.state is State.COMPLETED and found.facts["certificate"] is not None
        if owed != (place.id in proved):
            yield f"place {place.ref} is {place.state.value}: its certificate does not fit"


def grades() -> Iterator[str]:
    """Grades are what the answers are worth, by key, trainers' marks and recorded remedies."""

    kept = kept_of(db.session, select(Attempt.id))
    rows = db.session.execute(
        select(Attempt, Unit, Grade)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Unit.kind != UnitKind.SURVEY, Attempt.answers_erased_at.is_(None))
        .options(undefer(Unit.facts))
    )
    for attempt, unit, held in rows:
        worth = kept.worth(attempt, unit)
        if (worth.earned, worth.possible, worth.passed) != (
            held.earned,
            held.possible,
            held.passed,
        ):
            yield f"attempt {attempt.ref} was graded {held.earned}, its answers earn {worth.earned}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    tables,
    audit,
    seats,
    steps,
    places,
    grades,
)
