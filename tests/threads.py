"""Several people at the same moment."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask

from lms.database import db
from lms.rules.refusal import Refusal

LONGEST = 60  # seconds until a thread counts as stuck


def together(app: Flask, deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all deeds at once, each in a thread with an application context of its own.

    Gives what each gave back, or the Refusal that it met; any other exception is raised here.
    """
    db.session.remove()  # a connection of the test would keep the others waiting
    line = threading.Barrier(len(deeds))
    given: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            with own_context(app):
                line.wait(LONGEST)
                given[place] = deed()
        except BaseException as wrong:  # told to the test, whatever it is
            given[place] = wrong

    threads = [
        threading.Thread(target=run, args=(place, deed), daemon=True)
        for place, deed in enumerate(deeds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "a thread is stuck"
    for one in given:
        if isinstance(one, BaseException) and not isinstance(one, Refusal):
            raise one
    return given


@contextmanager
def own_context(app: Flask) -> Iterator[None]:
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()


def refusals(given: Sequence[Any]) -> list[str]:
    return [str(one) for one in given if isinstance(one, Refusal)]
