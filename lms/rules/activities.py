"""The life of an activity: its dates decide where it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.rules.refusal import Refusal, marked


class Route(StrEnum):
    """How officers get a place."""

    OPEN = "open"  # every officer, at once
    APPLY = "apply"  # officers ask, the State and SPMU approve
    NOMINATION = "nomination"  # the State nominates, SPMU selects
    INVITATION = "invitation"  # SPMU invites


class Phase(StrEnum):
    PLANNED = "planned"
    OPEN = "open"  # for nominations; of the route open: for everybody
    CLOSED = "closed"  # until the decision
    SELECTED = "selected"  # until the first day
    RUNNING = "running"
    OVER = "over"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Dates:
    """The instants of one activity; None is "not limited", unless said otherwise."""

    begins: datetime
    ends: datetime
    opens: datetime | None = None  # nominations; None: at once
    closes: datetime | None = None  # nominations; None: when nobody can join any more
    decides: datetime | None = None
    join_until: datetime | None = None  # the late policy; see last_join
    release: datetime | None = None  # of unused kept places; None: never
    substitute_until: datetime | None = None  # None: until the first day
    access_until: datetime | None = None
    archived: datetime | None = None


def last_join(route: Route, dates: Dates) -> datetime:
    """Nobody joins from this instant on: the late date, else the first day, and the end of an
    activity that is open to everybody."""
    if dates.join_until is not None:
        return min(dates.join_until, dates.ends)
    return dates.ends if route is Route.OPEN else dates.begins


def closes(route: Route, dates: Dates) -> datetime:
    """No nomination and no application from this instant on."""
    last = last_join(route, dates)
    return last if dates.closes is None else min(dates.closes, last)


def phase(route: Route, dates: Dates, now: datetime) -> Phase:
    """Where the activity stands; dates decide."""
    if dates.archived is not None:
        return Phase.ARCHIVED
    if now >= dates.ends:
        return Phase.OVER
    if now >= dates.begins:
        return Phase.RUNNING
    if route is Route.OPEN or (dates.opens is not None and now < dates.opens):
        return Phase.PLANNED
    if now < closes(route, dates):
        return Phase.OPEN
    decided = dates.decides is not None and now >= dates.decides
    return Phase.SELECTED if decided else Phase.CLOSED


def refuse_nomination(route: Route, dates: Dates, now: datetime) -> None:
    """Raises Refusal outside the time in which officers can be nominated or apply."""
    if dates.archived is not None or now >= dates.ends:
        raise Refusal("This activity is over. Look for a new one on the course page.")
    if dates.opens is not None and now < dates.opens:
        raise Refusal("Nominations have not begun. Come back at {until}.", until=dates.opens)
    if now >= closes(route, dates):
        raise Refusal("Nominations are closed. Write to the coordinator.")


def refuse_late(route: Route, dates: Dates, now: datetime) -> None:
    """Raises Refusal when nobody can join any more."""
    if now >= last_join(route, dates):
        raise Refusal("The last day to join this activity has passed.")


def refuse_substitution(dates: Dates, now: datetime) -> None:
    last = dates.begins if dates.substitute_until is None else dates.substitute_until
    if now >= last:
        raise Refusal("The last day to replace an officer has passed. Withdraw the officer.")


# What stands in the form beside each date: (earlier, later, sentence for the later one).
_IN_ORDER = (
    ("begins", "ends", marked("The last day must come after the first day.")),
    ("opens", "closes", marked("Nominations must close after they open.")),
    ("opens", "ends", marked("Nominations must open before the activity ends.")),
    ("closes", "ends", marked("Nominations must close before the activity ends.")),
    ("closes", "decides", marked("The decision must come after nominations close.")),
    ("begins", "join_until", marked("The last day to join must not come before the first day.")),
    ("ends", "access_until", marked("Access must not end before the activity.")),
)


def mistakes(dates: Dates) -> list[tuple[str, str]]:
    """(name of the later date, sentence) of dates that are not in their order."""
    wrong = []
    for earlier, later, sentence in _IN_ORDER:
        first, second = getattr(dates, earlier), getattr(dates, later)
        if first is None or second is None:
            continue
        strictly = (earlier, later) in (("begins", "ends"), ("opens", "closes"))
        if second < first or (strictly and second == first):
            wrong.append((later, sentence))
    return wrong
