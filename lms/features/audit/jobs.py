"""The log's end is written down every few minutes, the whole chain read once a day."""

from datetime import datetime, timedelta

from flask import current_app

from lms.features.audit import actions, heads, queries

EVERY = timedelta(hours=24)


def watch_audit(now: datetime) -> int:
    seq, end = queries.head()
    done = int(heads.note(current_app.config["DATA"], seq, end, now))
    last = queries.last_check()
    if seq and (last is None or now - last.at >= EVERY):
        actions.check(now=now)
        done += 1
    return done
