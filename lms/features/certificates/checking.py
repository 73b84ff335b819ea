"""What the public page says of a certificate, with the name as the course allows."""

import hmac
from dataclasses import dataclass
from datetime import date

from lms.models import Certificate
from lms.rules.certificates import name_hash, shown_name
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
    erased: bool = False  # the holder's name; a typed surname can still be compared


NOT_FOUND = Result("not_found", "", False, "", "", "", 0, None, None, None, None, "")


def check(
    found: Certificate | None, state: str, surname: str, language: str, *, key: str
) -> Result:
    """`key` made the hash that stands in place of an erased holder's name."""
    if found is None:
        return NOT_FOUND
    kept = found.snapshot
    policy = kept["show_name"]
    if "name_hash" in kept:
        fits = hmac.compare_digest(name_hash(key, found.code, surname), kept["name_hash"])
        name = surname.strip() if fits and policy != "hidden" else ""
        asks = policy != "hidden" and not name
    else:
        name = shown_name(policy, kept["given_name"], kept["family_name"], surname)
        full = shown_name("full", kept["given_name"], kept["family_name"])
        asks = policy == "initials" and name != full
    return Result(
        state=state,
        name=name,
        asks_surname=asks,
        course=kept["course_titles"].get(language) or kept["course_title"],
        course_language=language if kept["course_titles"].get(language) else kept["language"],
        hours=kept["hours"],
        release=kept["release"],
        completed_on=date.fromisoformat(kept["completed_on"]),
        issued_on=date.fromisoformat(kept["issued_on"]),
        expires_on=found.expires_on,
        changed_on=vienna(found.revoked_at) if found.revoked_at else None,
        issuer=kept["issuer"],
        erased="name_hash" in kept and policy != "hidden",
    )
