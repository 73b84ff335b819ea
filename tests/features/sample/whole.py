"""A database filled anew in a process of its own: `python -m tests.features.sample.whole SEED`."""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from config import Config
from lms.app import create_app
from lms.database import db
from lms.features.admin.actions import load_affiliations
from lms.features.sample import actions
from lms.web import migrating
from tests.factories import NOON
from tests.features.courses import publish_course
from tests.keeping import digest


def main(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(DATA=Path(folder), COURSES=Path(folder)))
        with app.app_context():
            migrating.upgrade(db.engine)
            load_affiliations()
            publish_course(now=NOON - timedelta(days=400))
            publish_course("other", now=NOON - timedelta(days=400))
            actions.fill(count=25, seed=seed, now=NOON, zone=app.config["TIME_ZONE"])
            print(digest(("audit_entry", "audit_head")))
            db.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]))
