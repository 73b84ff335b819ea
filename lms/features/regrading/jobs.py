"""Regrades that were decided are applied, one attempt in one transaction."""

from datetime import datetime

from lms.database import db
from lms.features.regrading import actions, queries
from lms.models import Regrade

AT_ONCE = 1_000  # attempts in one run; the next run takes the rest


def apply_regrades(now: datetime) -> int:
    """Go on with the regrades in the order in which they were decided; gives how many attempts.

    A process that was killed leaves the attempts that it had done: the next run does the others.
    """
    done = 0
    for regrade_id in queries.running():
        left = queries.left(db.session, db.session.get_one(Regrade, regrade_id))
        now_due = left[: AT_ONCE - done]
        done += sum(actions.apply_to(regrade_id, one, now=now) for one in now_due)
        if now_due != left:
            break
        actions.end(regrade_id, now=now)
    return done
