"""Attempts whose time is over are handed in, also when the browser is gone."""

import logging
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from lms.database import db
from lms.features.quizzes import actions
from lms.models import Attempt, Ending

AT_ONCE = 200  # attempts looked up at a time
log = logging.getLogger("lms.jobs")


def hand_in_overdue(now: datetime) -> int:
    """Hand in what was saved in time, all of it; gives how many attempts it looked at.

    May run in several processes at once: each attempt is handed in by one. One that cannot be
    does not keep the others waiting.
    """
    done, last = 0, 0
    while due := db.session.scalars(
        select(Attempt.id)
        .where(
            Attempt.handed_in_at.is_(None),
            Attempt.deadline < now - current_app.config["GRACE"],
            Attempt.id > last,
        )
        .order_by(Attempt.id)
        .limit(AT_ONCE)
    ).all():
        for attempt_id in due:
            try:
                actions.hand_in(attempt_id, ending=Ending.TIME, now=now)
            except Exception:
                log.exception("attempt %s cannot be handed in", attempt_id)
        done, last = done + len(due), due[-1]
    return done
