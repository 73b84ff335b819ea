"""Certificates, for their holder and for anybody with a code."""

from sqlalchemy import select

from lms.database import db
from lms.models import Certificate, Course, Enrolment, Release
from lms.rules.enrolments import State


def own(person_id: int) -> list[Certificate]:
    """The person's certificates, the newest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.person_id == person_id)
            .order_by(Certificate.issued_at.desc())
        )
    )


def own_one(person_id: int, code: str) -> Certificate | None:
    return db.session.scalar(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.person_id == person_id, Certificate.code == code)
    )


def by_code(code: str) -> Certificate | None:
    return db.session.scalar(select(Certificate).filter_by(code=code))


def on_the_way(person_id: int) -> list[tuple[str, str]]:
    """(slug, title) of courses with a certificate that the person has not completed yet."""
    rows = db.session.execute(
        select(Course.slug, Release.title, Release.facts)
        .join(Release, Release.course_id == Course.id)
        .join(Enrolment, Enrolment.release_id == Release.id)
        .where(Enrolment.person_id == person_id, Enrolment.state == State.ENROLLED)
        .order_by(Release.title)
    )
    return [(row.slug, row.title) for row in rows if row.facts["certificate"]]
