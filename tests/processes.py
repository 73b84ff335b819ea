"""Several processes of the application on one database, at the same moment, many times."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from lms.database import db
from lms.rules.refusal import Refusal

LONGEST = 120  # seconds until a process counts as stuck
_fork = multiprocessing.get_context("fork")  # each has the application, and opens the database anew


def rounds(app: Flask, deeds: Sequence[Sequence[Callable[[], Any]]]) -> list[list[Any]]:
    """Do the deeds of each round at once, one process for each place in the line.

    Processes are started once. They wait for each other before every round, on SQLite before every
    tenth: there one writes at a time in any case, and who waits sleeps. Gives, by round, what each
    gave back, or "refused: …"; any other exception is raised here.
    """
    every = 10 if db.engine.dialect.name == "sqlite" else 1
    many = len(deeds[0])
    line = _fork.Barrier(many)
    pipes = [_fork.Pipe(duplex=False) for _ in range(many)]
    db.session.remove()
    db.engine.dispose()  # a connection must not be shared
    started = [
        _fork.Process(target=_work, args=(app, [one[n] for one in deeds], line, every, pipes[n][1]))
        for n in range(many)
    ]
    for process in started:
        process.start()
    given = []
    for (reading, _writing), process in zip(pipes, started, strict=True):
        assert reading.poll(LONGEST), "a process is stuck"
        given.append(reading.recv())
        process.join(LONGEST)
    for one in given:
        if isinstance(one, str):
            raise AssertionError(one)
    return [list(of_round) for of_round in zip(*given, strict=True)]


def _work(app: Flask, deeds: list[Callable[[], Any]], line: Any, every: int, answer: Any) -> None:
    done: list[Any] | str = []
    try:
        for number, deed in enumerate(deeds):
            if number % every == 0:
                line.wait(LONGEST)
            with app.app_context():
                try:
                    done.append(deed())
                except Refusal as refusal:
                    done.append(f"refused: {refusal}")
                finally:
                    db.session.remove()
    except BaseException as wrong:
        line.abort()
        done = f"{type(wrong).__name__}: {wrong}"
    answer.send(done)
    answer.close()
    db.engine.dispose()
