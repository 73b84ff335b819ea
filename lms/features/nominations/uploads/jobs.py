"""Confirmed files are applied, and old ones emptied."""

from collections.abc import Callable
from datetime import datetime

from lms import clock
from lms.database import db
from lms.features.nominations.uploads import actions, applying, queries

Told = Callable[[int], object]  # with the number of rows that were just done


def apply_uploads(now: datetime) -> int:
    """Apply every confirmed file to its end, and empty those whose time is over; gives how many.

    Runs of several processes at once take turns, batch by batch.
    """
    done = 0
    for upload_id in queries.confirmed():
        apply_upload(upload_id)
        done += 1
    return done + actions.empty_expired(now)


def apply_upload(upload_id: int, told: Told = lambda rows: None) -> None:
    """Apply one file until its end, or until somebody cancels it."""
    upload = db.session.get_one(queries.Upload, upload_id)
    table = queries.table_of(upload_id)
    reach = queries.reach_of(upload.affiliation_id, upload.person_id)
    if table is None:
        actions.cancel(upload_id, now=clock.now())
        return
    lines = queries.sheet_of(table, reach).lines
    goes_on = True
    while goes_on:
        goes_on = applying.apply(upload_id, lines, reach, now=clock.now())
        db.session.expunge_all()
        told(applying.ROWS_IN_A_BATCH)
