"""Doors that stayed shut for somebody who is signed in stand in the audit log (L7).

What is not there and what is not theirs answers the same page, so both are noted. In one process
and hour at most twenty are kept for one person: a mistyped address is no threat, a hundred of them
need no hundred rows.
"""

import logging

from flask import Response, current_app, request
from flask_login import current_user
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from lms import clock
from lms.database import transaction
from lms.deeds import audit
from lms.web.access import is_public

MOST = RateLimitItemPerHour(20)
SECRET = {"token", "code"}  # parts of an address that nobody else should read
log = logging.getLogger("lms")


def note(response: Response) -> Response:
    rule = request.url_rule
    if response.status_code != 404 or rule is None or is_public(rule.endpoint):
        return response
    if not current_user.is_authenticated:
        return response
    limiter = current_app.extensions.setdefault("denials", FixedWindowRateLimiter(MemoryStorage()))
    if limiter.hit(MOST, str(current_user.person_id)):
        shown = {
            name: str(value)[:80]
            for name, value in (request.view_args or {}).items()
            if name not in SECRET
        }
        try:
            with transaction() as session:
                audit.record(
                    session,
                    now=clock.now(),
                    deed="was shown no such page",
                    actor=current_user.person_id,
                    object=f"{request.method} {rule.rule}"[:200],
                    after=shown | {"role": current_user.role.value},
                )
        except SQLAlchemyError as wrong:
            log.warning("a shut door was not noted: %s", type(wrong).__name__)
    return response
