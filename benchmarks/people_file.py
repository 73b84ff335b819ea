"""How long a file of people takes: reading, rehearsal, applying.

    python benchmarks/people_file.py [--rows 10000] [--nominate] [--kind csv|xlsx]

On a database of its own in a temporary folder, with the disk's own speed.
"""

import argparse
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from config import Config
from lms import clock
from lms.app import create_app
from lms.database import db, transaction
from lms.features.accounts import actions as accounts
from lms.features.admin.actions import load_affiliations
from lms.features.nominations.files import reading, writing
from lms.features.nominations.files.table import Kind
from lms.features.nominations.uploads import actions, jobs, matching, queries
from lms.models import Activity, Affiliation, Person, Route
from lms.rules.access import Role
from lms.rules.approvals import Order
from lms.web import migrating

HEADINGS = ("given_name", "family_name", "email", "agency", "function", "gender", "languages")
LETTERS = "abcdefghij"


def rows(count: int) -> list[tuple[str, ...]]:
    made = []
    for n in range(count):
        word = "".join(LETTERS[int(digit)] for digit in str(n))
        made.append(
            ("Officer", word, f"o{n}@mia.gov.ge", "Patrol Police", "Investigator", "woman", "en;ka")
        )
    return made


def a_course(now: object) -> int:
    from tests.features.courses import publish_course  # noqa: PLC0415 -- only for --nominate

    return publish_course().course.id


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--kind", choices=[one.value for one in Kind], default="csv")
    asked.add_argument("--nominate", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(DATA=Path(folder), COURSES=Path(folder)))
        with app.app_context():
            migrating.upgrade(db.engine)
            load_affiliations()
            run(options)
            db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{'peak memory':<12}{peak:>8} MB")


def run(options: argparse.Namespace) -> None:
    now = clock.now()
    actor, _ = accounts.add_person(
        address="focal@mia.gov.ge",
        given_name="Giorgi",
        family_name="Focal",
        affiliation="GE",
        now=now,
    )
    state = db.session.scalars(select(Affiliation.id).filter_by(code="GE")).one()
    accounts.grant_role(actor, Role.FOCAL_POINT, f"affiliation:{state}", reason="trial", now=now)
    activity_id = None
    if options.nominate:
        course = a_course(now)
        with transaction() as session:
            activity = Activity(
                course_id=course,
                slug="trial",
                route=Route.NOMINATION,
                approval_order=Order.EITHER,
                begins_at=now + timedelta(days=20),
                ends_at=now + timedelta(days=40),
                capacity=50,
                created_at=now,
            )
            session.add(activity)
            session.flush()
            activity_id = activity.id
    data = writing.write(Kind(options.kind), HEADINGS, rows(options.rows))
    with timed("reading"):
        table = reading.read(data)
    kept = actions.keep(actor, state, activity_id, name="f", data=data, table=table, now=now)
    upload_id = queries.by_ref(kept).id
    with timed("rehearsal"):
        reach = queries.reach_of(state, actor)
        held = queries.table_of(upload_id)
        assert held is not None
        lines = queries.sheet_of(held, reach).lines
        activity = queries.activity(activity_id)
        found = matching.rehearse(db.session, lines, reach, activity, now=now)
    print(dict(matching.counts(found)))
    actions.confirm(upload_id, all_or_nothing=False, tells=False, now=now)
    with timed("applying"):
        jobs.apply_upload(upload_id)
    print(queries.applied_counts(upload_id), db.session.scalar(select(func.count(Person.id))))


class timed:  # noqa: N801 -- reads as a sentence
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began, self.worked = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        took, worked = time.perf_counter() - self.began, time.process_time() - self.worked
        print(f"{self.what:<12}{took:>8.1f} s, {worked:.1f} s of them the processor's")


if __name__ == "__main__":
    main()
