"""Work that waits for the clock: done every minute by a thread of the server, or when woken.

Each job finds what is due by itself and may run in several processes at once, or twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from lms import clock
from lms.database import db

EVERY = 60  # seconds
log = logging.getLogger("lms.jobs")
_woken = threading.Event()
Job = Callable[[datetime], int]  # gives how much it did


def run_once(app: Flask, jobs: tuple[Job, ...]) -> int:
    """Do all that is due now; one job's fault does not stop the others."""
    done = 0
    for job in jobs:
        with app.app_context():
            try:
                done += job(clock.now())
            except Exception:
                log.exception("job %s", job.__name__)
            finally:
                db.session.remove()
    return done


def wake() -> None:
    """Let this process look for work now: what a request has just queued need not wait a minute.

    Call it after the transaction. Where no jobs run (tests, commands), nothing happens.
    """
    _woken.set()


def start(app: Flask, jobs: tuple[Job, ...]) -> threading.Event:
    """Run the jobs every minute until the event that this gives is set."""
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            _woken.wait(EVERY)
            _woken.clear()
            if not stopped.is_set():
                run_once(app, jobs)

    threading.Thread(target=work, name="jobs", daemon=True).start()
    return stopped
