"""What the public page says of a certificate, with the name as the course allows."""

from dataclasses import dataclass
from datetime import date

from lms.models import Certificate
from lms.rules.certificates import shown_name
from lms.web.times import vienna


@dataclass(frozen=True, slots=True)
class Result:
    state: str  # valid, expired, revoked, replaced or not_found
    name: str  # "" where the course hides it, or nothing was found
    asks_surname: bool
    course: str
    course_language: str
    hours: str
    release: int
    completed_on: date | None
    issued_on: date | None
    expires_on: date | None
    changed_on: date | None  # of withdrawal
    issuer: str


NOT_FOUND = Result("not_found", "", False, "", "", "", 0, None, None, None, None, "")


def check(found: Certificate | None, state: str, surname: str, language: str) -> Result:
    if found is None:
        return NOT_FOUND
    kept = found.snapshot
    policy = kept["show_name"]
    name = shown_name(policy, kept["given_name"], kept["family_name"], surname)
    full = shown_name("full", kept["given_name"], kept["family_name"])
    return Result(
        state=state,
        name=name,
        asks_surname=policy == "initials" and name != full,
        course=kept["course_titles"].get(language) or kept["course_title"],
        course_language=language if kept["course_titles"].get(language) else kept["language"],
        hours=kept["hours"],
        release=kept["release"],
        completed_on=date.fromisoformat(kept["completed_on"]),
        issued_on=date.fromisoformat(kept["issued_on"]),
        expires_on=found.expires_on,
        changed_on=vienna(found.revoked_at) if found.revoked_at else None,
        issuer=kept["issuer"],
    )
