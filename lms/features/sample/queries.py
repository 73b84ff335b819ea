"""What is there to invent histories in."""

from sqlalchemy import func, select

from lms.database import db
from lms.deeds import attempts, finishing
from lms.deeds.audit import AnySession
from lms.features.sample.answers import keyed
from lms.features.sample.histories import Plan, Step, feasible
from lms.models import Affiliation, Course, Enrolment, Person, PersonAddress, Release, Unit
from lms.models.outlines import completion_rules, module_outlines, unit_outlines
from lms.rules.outline import Kind
from lms.rules.quizrules import QuizRules

MINUTES = 15  # of a lesson that does not say


def is_empty() -> bool:
    """Whether there is nobody in this database yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def has_places(person_id: int) -> bool:
    return (
        db.session.scalar(select(Enrolment.id).filter_by(person_id=person_id).limit(1)) is not None
    )


def has_address(session: AnySession, address: str) -> bool:
    return session.scalar(select(PersonAddress.id).filter_by(address=address)) is not None


def affiliations(session: AnySession) -> dict[str, Affiliation]:
    return {one.code: one for one in session.scalars(select(Affiliation))}


def course_ids(session: AnySession) -> dict[str, int]:
    """Slug → key of every published course that is not archived, by slug."""
    rows = session.execute(
        select(Course.slug, Course.id)
        .where(
            Course.archived_at.is_(None),
            select(func.count(Release.id)).where(Release.course_id == Course.id).scalar_subquery()
            > 0,
        )
        .order_by(Course.slug)
    )
    return {row.slug: row.id for row in rows}


def plans(session: AnySession, slug: str, course_id: int) -> list[Plan]:
    """The course's releases, the oldest first."""
    releases = session.scalars(
        select(Release).filter_by(course_id=course_id).order_by(Release.number)
    )
    return [plan(session, slug, release) for release in releases.all()]


def plan(session: AnySession, slug: str, release: Release) -> Plan:
    rules = completion_rules(release.facts)
    modules = module_outlines(release.facts)
    rows = finishing.units_of(session, release.id)
    units = unit_outlines(rows, release.facts)
    by_key = {row.key: row for row in rows}
    order = feasible(modules, units, rules)
    return Plan(
        slug=slug,
        release_id=release.id,
        number=release.number,
        published_at=release.published_at,
        language=release.language,
        rules=rules,
        modules=modules,
        units=units,
        steps=tuple(_step(session, by_key[key]) for key in order),
    )


def _step(session: AnySession, unit: Unit) -> Step:
    kind = Kind(unit.kind.value)
    minutes = unit.minutes or MINUTES
    if kind is Kind.LESSON:
        return Step(key=unit.key, kind=kind, minutes=minutes)
    facts = session.scalars(select(Unit.facts).filter_by(id=unit.id)).one()
    rules = QuizRules.from_dict(facts["rules"])
    pool = tuple(keyed(question) for question in attempts.pool(session, unit, rules))
    return Step(key=unit.key, kind=kind, minutes=minutes, rules=rules, pool=pool)


def unit_ids(session: AnySession, release_id: int) -> dict[str, int]:
    rows = session.execute(select(Unit.key, Unit.id).filter_by(release_id=release_id))
    return {row.key: row.id for row in rows}
