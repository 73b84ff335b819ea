"""Issuing proof: the row and the snapshot of all it says, in the completing transaction."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lms.deeds import audit
from lms.deeds.audit import AnySession
from lms.models import (
    Affiliation,
    Certificate,
    CertificateKind,
    Course,
    Enrolment,
    Person,
    Release,
)
from lms.rules.certificates import expires, new_code

ISSUER = "OSCE Strategic Police Matters Unit"


def issue(session: AnySession, enrolment: Enrolment, *, now: datetime) -> Certificate | None:
    """The certificate of a completed place; None when the course gives none.

    An earlier valid one is given back, and the database refuses a second.
    """
    release = session.get_one(Release, enrolment.release_id)
    rules = release.facts["certificate"]
    if rules is None:
        return None
    held = session.scalar(
        select(Certificate).filter_by(
            enrolment_id=enrolment.id,
            kind=CertificateKind.COMPLETION,
            revoked_at=None,
            replaced_by=None,
        )
    )
    if held is not None:
        return held
    day = now.astimezone(session.info["time_zone"]).date()
    valid_for = rules["valid_for"]
    last_day = expires(day, *valid_for) if valid_for else None
    code = new_code(secrets.token_bytes(13))
    certificate = Certificate(
        enrolment_id=enrolment.id,
        kind=CertificateKind.COMPLETION,
        code=code,
        issued_at=now,
        expires_on=last_day,
        snapshot=snapshot(session, enrolment, release, code=code, day=day, last_day=last_day),
    )
    session.add(certificate)
    session.flush()
    audit.record(
        session,
        now=now,
        deed="issued a certificate",
        object=f"certificate:{certificate.id}",
        after={"enrolment": enrolment.id},
    )
    return certificate


def snapshot(
    session: AnySession,
    enrolment: Enrolment,
    release: Release,
    *,
    code: str,
    day: date,
    last_day: date | None,
) -> dict[str, Any]:
    """All that the paper and the check page say, as of today; later changes do not reach it."""
    person = session.get_one(Person, enrolment.person_id)
    course = session.get_one(Course, release.course_id)
    rules = release.facts["certificate"]
    assert enrolment.completed_at is not None, "issued on completion"
    completed = enrolment.completed_at.astimezone(session.info["time_zone"]).date()
    return {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "own_script_name": person.own_script_name,
        "affiliation": session.get_one(Affiliation, enrolment.affiliation_id).name,
        "course": course.slug,
        "course_title": release.title,
        "course_titles": release.facts["titles"] | {release.language: release.title},
        "certificate_title": rules["title"],
        "hours": release.facts["hours"] or hours(release.minutes),
        "outcomes": list(release.facts["objectives"].values()),
        "release": release.number,
        "content_hash": release.content_hash,
        "completed_on": completed.isoformat(),
        "issued_on": day.isoformat(),
        "expires_on": last_day and last_day.isoformat(),
        "signatory_name": rules["signatory_name"],
        "signatory_function": rules["signatory_function"],
        "show_name": rules["show_name"],
        "code": code,
        "check_address": f"{session.info['base_url']}/verify/{code}",
        "language": release.language,
        "issuer": ISSUER,
        "template": 1,
    }


def hours(minutes: int) -> str:
    """Hours with at most one decimal: 90 gives 1.5."""
    return f"{minutes / 60:.1f}".removesuffix(".0")
