"""A place moves by one table, and a refused move says where it stands."""

import pytest

from lms.rules.enrolments import ENDED, MOVES, OPEN, Move, State, Who, after, moves
from lms.rules.refusal import Refusal


def walk(*path):
    state = None
    for move in path:
        state = after(state, move)
    return state


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (Move.COMPLETE, State.COMPLETED),
        (Move.FAIL, State.FAILED),
        (Move.EXPIRE, State.EXPIRED),
        (Move.WITHDRAW, State.WITHDRAWN),
    ],
)
def test_an_open_activity_leads_from_a_place_to_its_end(move, state):
    assert walk(Move.ENROL, move) is state


def test_a_nomination_leads_to_a_place():
    assert walk(Move.NOMINATE, Move.SUBMIT, Move.APPROVE) is State.ENROLLED


def test_a_nomination_without_a_seat_waits_for_an_offer():
    path = (Move.NOMINATE, Move.SUBMIT, Move.WAIT_LIST, Move.OFFER)
    assert walk(*path, Move.ACCEPT) is State.ENROLLED
    assert walk(*path, Move.DECLINE) is State.WITHDRAWN
    assert after(walk(*path), Move.WITHDRAW, Who.SYSTEM) is State.WITHDRAWN  # no answer in time


def test_what_has_ended_stays_ended_but_for_more_time_or_another_attempt():
    onward = {state: moves(state) for state in ENDED if moves(state)}
    assert onward == {State.FAILED: (Move.REOPEN,), State.EXPIRED: (Move.REOPEN,)}
    assert after(State.FAILED, Move.REOPEN, Who.SPMU) is State.ENROLLED
    assert moves(State.FAILED, Who.OFFICER) == ()
    assert {None, *State} == {None, *OPEN, *ENDED}


def test_every_state_can_be_reached():
    reached, new = set(), {None}
    while new:
        reached |= new
        new = {after(state, move) for state in new for move in moves(state)} - reached
    assert reached == {None, *State}


@pytest.mark.parametrize("state", [None, *State])
def test_every_other_move_is_refused_with_a_sentence(state):
    for move in Move:
        if (state, move) in MOVES:
            continue
        with pytest.raises(Refusal) as no:
            after(state, move)
        assert str(no.value).endswith(".")


def test_each_state_refuses_in_its_own_words():
    said = set()
    for state in (None, *State):
        with pytest.raises(Refusal) as no:
            after(state, Move.NOMINATE if state else Move.ACCEPT)
        said.add(str(no.value))
    assert len(said) == len(State) + 1


def test_only_the_officer_accepts():
    assert after(State.OFFERED, Move.ACCEPT, Who.OFFICER) is State.ENROLLED
    for who in (Who.STATE, Who.SPMU, Who.SYSTEM):
        with pytest.raises(Refusal, match="not"):
            after(State.OFFERED, Move.ACCEPT, who)


def test_no_officer_and_no_state_completes_a_course():
    assert [who for who in Who if Move.COMPLETE in moves(State.ENROLLED, who)] == [Who.SYSTEM]


def test_an_officer_can_leave_wherever_a_place_is_open():
    leaving = {Move.WITHDRAW, Move.DECLINE}
    assert all(leaving & set(moves(state, Who.OFFICER)) for state in OPEN)
