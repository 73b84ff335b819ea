"""The order of the waiting list, and the sentence that explains each step up.

The State with the fewest places comes first, then the State's own order of preference, then who
has waited longest. Each step up counts for the State, so States take turns.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

UNRANKED = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One officer on the waiting list."""

    place: int
    affiliation: int
    rank: int | None  # from 1; None comes after all ranked ones of the State
    since: datetime


def queue(
    waiting: Iterable[Waiting],
    held: Mapping[int, int],
    maximum: Mapping[int, int | None] | None = None,
) -> list[Waiting]:
    """The list in the order in which places would be given; `held` counts places by affiliation.

    Officers of a State that has its maximum stand behind all others.
    """
    most = maximum or {}
    of_state: dict[int, list[Waiting]] = defaultdict(list)
    for one in waiting:
        of_state[one.affiliation].append(one)
    heap: list[tuple[bool, int, int, datetime, int, int]] = []

    def enter(state: int, count: int) -> None:
        first = of_state[state][-1]
        limit = most.get(state)
        full = limit is not None and count >= limit
        rank = UNRANKED if first.rank is None else first.rank
        heapq.heappush(heap, (full, count, rank, first.since, first.place, state))

    for state, line in of_state.items():
        line.sort(
            key=lambda one: (UNRANKED if one.rank is None else one.rank, one.since, one.place),
            reverse=True,
        )
        enter(state, held.get(state, 0))
    ordered = []
    while heap:
        _full, count, _rank, _since, _place, state = heapq.heappop(heap)
        ordered.append(of_state[state].pop())
        if of_state[state]:
            enter(state, count + 1)
    return ordered


def because(
    cause: str,
    *,
    state: str,
    held: int,
    maximum: int | None,
    rank: int | None,
    since: datetime,
) -> str:
    """Why this officer moves up, for the log: "Place freed by a withdrawal. Georgia holds 1 of 4;
    rank 2; waiting since 2026-12-01 10:00 UTC."."""
    of = f" of {maximum}" if maximum is not None else ""
    order = f"rank {rank}" if rank is not None else "no rank"
    return f"{cause} {state} holds {held}{of}; {order}; waiting since {since:%Y-%m-%d %H:%M} UTC."
