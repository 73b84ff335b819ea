"""What must always be true, worked out again from the facts and compared with what is kept."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.deeds import attempts, chain, finishing, grading
from lms.models import (
    Activity,
    Affiliation,
    Answer,
    Attempt,
    Certificate,
    Enrolment,
    EnrolmentStep,
    Essay,
    Grade,
    Quota,
    Regrade,
    Regraded,
    RegradeOutcome,
    Release,
    SurveyReceipt,
    Unit,
    UnitKind,
    is_latest_grade,
)
from lms.models.outlines import completion_rules, unit_outlines
from lms.rules import questions as values
from lms.rules.completion import missing
from lms.rules.enrolments import HOLDS_A_SEAT, State
from lms.rules.outline import UnitOutline
from lms.rules.quizrules import QuizRules
from lms.rules.regrading import Correction, regrade
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

    @cache
    def quiz(unit_id: int) -> tuple[QuizRules, dict[str, values.Question]]:
        unit = db.session.scalars(
            select(Unit).filter_by(id=unit_id).options(undefer(Unit.facts))
        ).one()
        rules = QuizRules.from_dict(unit.facts["rules"])
        return rules, {one.id: one for one in attempts.pool(db.session, unit, rules)}

    given: dict[int, dict[str, values.Answer]] = {}
    for answer in db.session.scalars(select(Answer)):
        read = values.Answer.from_dict(answer.value)
        given.setdefault(answer.attempt_id, {})[answer.question_id] = read
    awarded: dict[int, dict[str, Fraction]] = {}
    for essay in db.session.scalars(select(Essay).where(Essay.marked_at.is_not(None))):
        awarded.setdefault(essay.attempt_id, {})[essay.question_id] = essay.points or Fraction(0)
    corrections: dict[int, list[Correction]] = {}
    for attempt_id, remedy in db.session.execute(
        select(Regraded.attempt_id, Regrade)
        .join(Regrade, Regrade.id == Regraded.regrade_id)
        .where(Regraded.outcome != RegradeOutcome.KEPT)
        .order_by(Regrade.id)
    ):
        corrections.setdefault(attempt_id, []).append(grading.correction(remedy))
    rows = db.session.execute(
        select(Attempt, Grade)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Grade, (Grade.attempt_id == Attempt.id) & is_latest_grade())
        .where(Unit.kind != UnitKind.SURVEY, Attempt.answers_erased_at.is_(None))
    )
    for attempt, kept in rows:
        rules, asked = quiz(attempt.unit_id)
        drawn = [asked[question] for question in attempt.drawn]
        worth = regrade(
            drawn,
            given.get(attempt.id, {}),
            rules.pass_mark,
            corrections.get(attempt.id, ()),
            awarded=awarded.get(attempt.id),
        )
        if (worth.earned, worth.possible, worth.passed) != (
            kept.earned,
            kept.possible,
            kept.passed,
        ):
            yield f"attempt {attempt.ref} was graded {kept.earned}, its answers earn {worth.earned}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    tables,
    audit,
    seats,
    steps,
    places,
    grades,
)
