"""The states of a place, and the one table of moves between them.

What each side's approval is stays a row of its own, so either order works: APPROVE and its
neighbours below are the step that adds the last approval needed. An officer's own consent is the
step offered → enrolled.
"""

from enum import StrEnum

from lms.rules.refusal import Refusal, marked


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WAIT_LISTED = "wait_listed"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUBSTITUTED = "substituted"
    NO_SHOW = "no_show"


class Move(StrEnum):
    ENROL = "enrol"  # route open: the officer takes a place at once
    NOMINATE = "nominate"  # route nomination
    APPLY = "apply"  # route apply
    INVITE = "invite"  # route invitation
    SUBMIT = "submit"
    APPROVE = "approve"  # the last approval, with a seat
    WAIT_LIST = "wait_list"  # the last approval, without a seat
    OFFER = "offer"  # a seat, if the officer says yes in time
    PROMOTE = "promote"  # from the waiting list to a seat, where no answer is asked for
    ACCEPT = "accept"
    DECLINE = "decline"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUBSTITUTE = "substitute"  # another officer takes over the seat
    NO_SHOW = "no_show"
    COMPLETE = "complete"
    FAIL = "fail"
    EXPIRE = "expire"  # the time for the course is over
    REOPEN = "reopen"  # another attempt or more time was given


class Who(StrEnum):
    OFFICER = "officer"
    STATE = "state"  # a focal point, for the own State
    SPMU = "spmu"  # a coordinator, or a trainer of the course
    SYSTEM = "system"


# (state before, move): (state after, who may make it). None is: no place yet.
MOVES: dict[tuple[State | None, Move], tuple[State, frozenset[Who]]] = {
    (before, move): (after, frozenset(who))
    for before, move, after, who in (
        (None, Move.ENROL, State.ENROLLED, {Who.OFFICER}),
        (None, Move.WAIT_LIST, State.WAIT_LISTED, {Who.OFFICER}),  # route open, and full
        (None, Move.NOMINATE, State.DRAFT, {Who.STATE}),
        (None, Move.APPLY, State.DRAFT, {Who.OFFICER}),
        (None, Move.INVITE, State.OFFERED, {Who.SPMU}),
        (State.DRAFT, Move.SUBMIT, State.SUBMITTED, {Who.OFFICER, Who.STATE}),
        (State.DRAFT, Move.WITHDRAW, State.WITHDRAWN, {Who.OFFICER, Who.STATE}),
        # the system: where no approval is asked for, and for the officer who takes over a seat
        (State.SUBMITTED, Move.APPROVE, State.ENROLLED, {Who.STATE, Who.SPMU, Who.SYSTEM}),
        (State.SUBMITTED, Move.WAIT_LIST, State.WAIT_LISTED, {Who.STATE, Who.SPMU, Who.SYSTEM}),
        (State.SUBMITTED, Move.OFFER, State.OFFERED, {Who.STATE, Who.SPMU, Who.SYSTEM}),
        (State.SUBMITTED, Move.REJECT, State.REJECTED, {Who.STATE, Who.SPMU}),
        (State.SUBMITTED, Move.WITHDRAW, State.WITHDRAWN, {Who.OFFICER, Who.STATE, Who.SPMU}),
        (State.SUBMITTED, Move.SUBSTITUTE, State.SUBSTITUTED, {Who.STATE}),
        (State.WAIT_LISTED, Move.OFFER, State.OFFERED, {Who.SPMU, Who.SYSTEM}),
        (State.WAIT_LISTED, Move.PROMOTE, State.ENROLLED, {Who.SPMU, Who.SYSTEM}),
        (State.WAIT_LISTED, Move.REJECT, State.REJECTED, {Who.STATE, Who.SPMU, Who.SYSTEM}),
        (State.WAIT_LISTED, Move.WITHDRAW, State.WITHDRAWN, {Who.OFFICER, Who.STATE, Who.SPMU}),
        (State.OFFERED, Move.ACCEPT, State.ENROLLED, {Who.OFFICER}),
        (State.OFFERED, Move.DECLINE, State.WITHDRAWN, {Who.OFFICER}),
        # the system: no answer in time
        (State.OFFERED, Move.WITHDRAW, State.WITHDRAWN, {Who.STATE, Who.SPMU, Who.SYSTEM}),
        (State.OFFERED, Move.SUBSTITUTE, State.SUBSTITUTED, {Who.STATE}),
        (State.ENROLLED, Move.COMPLETE, State.COMPLETED, {Who.SYSTEM}),
        (State.ENROLLED, Move.FAIL, State.FAILED, {Who.SPMU, Who.SYSTEM}),
        (State.ENROLLED, Move.EXPIRE, State.EXPIRED, {Who.SYSTEM}),
        (State.ENROLLED, Move.WITHDRAW, State.WITHDRAWN, {Who.OFFICER, Who.STATE, Who.SPMU}),
        (State.ENROLLED, Move.SUBSTITUTE, State.SUBSTITUTED, {Who.STATE}),
        (State.ENROLLED, Move.NO_SHOW, State.NO_SHOW, {Who.SPMU}),
        (State.FAILED, Move.REOPEN, State.ENROLLED, {Who.SPMU}),
        (State.EXPIRED, Move.REOPEN, State.ENROLLED, {Who.SPMU}),
    )
}

# An officer has one open place in an activity, at most.
OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.WAIT_LISTED, State.OFFERED, State.ENROLLED})
ENDED = frozenset(State) - OPEN

# Those that hold a seat of the activity and of their State. What was taken to its end keeps it; a
# withdrawal, and an officer who did not come, free it at once.
HOLDS_A_SEAT = frozenset(
    {State.OFFERED, State.ENROLLED, State.COMPLETED, State.FAILED, State.EXPIRED}
)

# What a refused move says: where the place stands, and what can be done from there.
_NOT_FROM: dict[State | None, str] = {
    None: marked("There is no place yet. Ask for one on the course page."),
    State.DRAFT: marked("This nomination is still a draft. Submit it, or withdraw it."),
    State.SUBMITTED: marked(
        "This nomination waits for a decision. Until then it can be withdrawn."
    ),
    State.WAIT_LISTED: marked(
        "This nomination is on the waiting list. It can be withdrawn until a place is free."
    ),
    State.OFFERED: marked(
        "This place waits for the officer's answer. The officer can accept or decline."
    ),
    State.ENROLLED: marked(
        "This place is already taken. Open the course to continue, or withdraw."
    ),
    State.COMPLETED: marked(
        "This course is already completed. To take it again, ask for a new place."
    ),
    State.FAILED: marked(
        "This course has ended without a pass. A trainer can give another attempt."
    ),
    State.EXPIRED: marked("The time for this place is over. Ask the coordinator for more time."),
    State.REJECTED: marked(
        "This nomination was not selected. Another activity may have a free place."
    ),
    State.WITHDRAWN: marked("This place was given up. To take the course, ask for a new place."),
    State.SUBSTITUTED: marked(
        "Another officer has this place now. To take the course, ask for a new one."
    ),
    State.NO_SHOW: marked("The officer did not attend. Ask the coordinator for a later activity."),
}
_NOT_BY = {
    Who.OFFICER: marked("This is not yours to decide. Ask your focal point or the coordinator."),
    Who.STATE: marked("This is not for the State to decide. Ask the officer or the coordinator."),
    Who.SPMU: marked(
        "This is not for the coordinator to decide. Ask the officer or the focal point."
    ),
    Who.SYSTEM: marked(
        "This is not done by itself. The officer, the State or the coordinator decides."
    ),
}


def after(state: State | None, move: Move, who: Who | None = None) -> State:
    """The state after a move; None is no place yet. With who, also whether they may make it.

    Raises Refusal with where the place stands and what can be done from there.
    """
    found = MOVES.get((state, move))
    if found is None:
        raise Refusal(_NOT_FROM[state])
    if who is not None and who not in found[1]:
        raise Refusal(_NOT_BY[who])
    return found[0]


def moves(state: State | None, who: Who | None = None) -> tuple[Move, ...]:
    """The moves that are possible from a state, for anybody or for one side."""
    return tuple(
        move
        for (before, move), (_, may) in MOVES.items()
        if before is state and (who is None or who in may)
    )
