"""Work that waits for the clock, and work that is called for."""

import threading

from lms import jobs


def test_woken_jobs_run_at_once_and_stop(app, monkeypatch):
    monkeypatch.setattr(jobs, "EVERY", 3_600)
    ran = threading.Event()

    def note(now):
        ran.set()
        return 1

    stopped = jobs.start(app, (note,))
    jobs.wake()
    assert ran.wait(20)
    ran.clear()
    stopped.set()
    jobs.wake()
    assert not ran.wait(0.2)
