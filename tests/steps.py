"""How much a piece of work does, counted and not timed: the same on every machine."""

import sys
from collections.abc import Callable
from typing import Any


def steps_of(work: Callable[[], Any]) -> int:
    """How many functions the work calls, those of the standard library and of C included."""
    steps = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return steps
