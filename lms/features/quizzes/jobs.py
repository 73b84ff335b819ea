"""Attempts whose time is over are handed in, also when the browser is gone."""

from datetime import datetime

from sqlalchemy import select

from lms.database import db
from lms.features.quizzes import actions
from lms.models import Attempt, Ending
from lms.rules.attempts import GRACE

AT_ONCE = 200  # attempts in one run; the next run takes the rest


def hand_in_overdue(now: datetime) -> int:
    """Hand in what was saved in time; gives how many attempts."""
    due = db.session.scalars(
        select(Attempt.id)
        .where(Attempt.handed_in_at.is_(None), Attempt.deadline < now - GRACE)
        .order_by(Attempt.deadline)
        .limit(AT_ONCE)
    ).all()
    for attempt_id in due:
        actions.hand_in(attempt_id, ending=Ending.TIME, now=now)
    return len(due)
