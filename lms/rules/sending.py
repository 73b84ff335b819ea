"""When mail is tried again, and when it is given up."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lms.rules.messages import KINDS, Kind

# After each try the next one waits so long; after the last, the message is dead.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1_440))
MOST_TRIES = len(WAITS) + 1
LEASE = timedelta(minutes=5)  # that a process may take over one letter, before another takes it up


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many failed tries (from 1); None when it is given up."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None


def is_too_late(kind: Kind, facts: Mapping[str, str], now: datetime) -> bool:
    """Whether the link in it works no more, so that sending it would only mislead."""
    until = facts.get("until_at")
    return KINDS[kind].secret and until is not None and datetime.fromisoformat(until) <= now


def is_mailed(kind: Kind, wants: bool | None) -> bool:
    """Whether mail goes out: mandatory kinds always, others unless the person said no."""
    return KINDS[kind].mandatory or wants is not False
