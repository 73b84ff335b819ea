"""Two bodies say yes to a nomination, the State and SPMU, in the order that the activity sets.

Approvals are facts of their own; from them follows who decides next, and when nothing is missing
any more. A nomination that the State itself makes carries the State's yes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from lms.rules.refusal import Refusal, marked


class Side(StrEnum):
    STATE = "State"
    SPMU = "SPMU"


class Order(StrEnum):
    """Whose approval an activity asks for."""

    NONE = "none"
    STATE_FIRST = "state_first"
    SPMU_FIRST = "spmu_first"
    EITHER = "either"
    STATE_ONLY = "state_only"
    SPMU_ONLY = "spmu_only"


class Decision(StrEnum):
    APPROVED = "approved"
    RESERVED = "reserved"  # yes, when a place becomes free
    REJECTED = "rejected"


class Why(StrEnum):
    """Why a nomination is rejected; the officer reads the words."""

    PROFILE = "profile"
    CONDITIONS = "conditions"
    LANGUAGE = "language"
    PLACES = "places"
    INCOMPLETE = "incomplete"
    DATES = "dates"
    OTHER = "other"


WHY_WORDS = {
    Why.PROFILE: marked("The function does not fit the target group."),
    Why.CONDITIONS: marked("A condition of the activity is not met."),
    Why.LANGUAGE: marked("The working language of the activity is needed."),
    Why.PLACES: marked("More officers were nominated than there are places."),
    Why.INCOMPLETE: marked("The nomination is not complete."),
    Why.DATES: marked("The officer cannot take part on these dates."),
    Why.OTHER: marked("Another reason."),
}

NEEDED: dict[Order, tuple[Side, ...]] = {
    Order.NONE: (),
    Order.STATE_FIRST: (Side.STATE, Side.SPMU),
    Order.SPMU_FIRST: (Side.SPMU, Side.STATE),
    Order.EITHER: (Side.STATE, Side.SPMU),
    Order.STATE_ONLY: (Side.STATE,),
    Order.SPMU_ONLY: (Side.SPMU,),
}
# A side that does not decide hears of it; as long again, and those after it hear of it too.
REMINDED_AFTER = timedelta(days=5)
Given = Mapping[Side, Decision]  # the latest decision of each side


def missing(order: Order, given: Given) -> tuple[Side, ...]:
    """The sides whose yes is still needed, in the order of the activity."""
    return tuple(side for side in NEEDED[order] if side not in given)


def deciding(order: Order, given: Given) -> tuple[Side, ...]:
    """The sides that can decide now."""
    left = missing(order, given)
    return left if order is Order.EITHER else left[:1]


def waits_since(order: Order, submitted: datetime, last_approval: datetime | None) -> datetime:
    """Since when those who can decide now could have decided."""
    if order is Order.EITHER or last_approval is None:
        return submitted
    return max(submitted, last_approval)


def reserved(given: Given) -> bool:
    """Whether somebody said: only when a place becomes free."""
    return Decision.RESERVED in given.values()


def refuse_decision(
    order: Order,
    side: Side,
    given: Given,
    *,
    actor: int,
    person: int,
    nominated_by: int | None,
    decision: Decision,
) -> None:
    """Raises Refusal when this is not theirs to decide, or not yet.

    Nobody decides about themselves or approves what they filed. A side may change its own yes
    while the place waits (from reserve to yes); a no is possible at any turn.
    """
    if actor == person:
        raise Refusal("Nobody decides about their own place. Ask a colleague.")
    if decision is not Decision.REJECTED and actor == nominated_by:
        raise Refusal("You made this nomination, so somebody else must approve it.")
    if side not in NEEDED[order]:
        raise Refusal("This activity does not ask for your approval.")
    if side in given or decision is Decision.REJECTED:
        return
    if side not in deciding(order, given):
        raise Refusal(
            "The State decides first in this activity. Wait for its approval."
            if side is Side.SPMU
            else "The coordinator decides first in this activity. Wait for the selection."
        )
