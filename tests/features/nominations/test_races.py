"""A file that several processes apply at once is applied once."""

from functools import partial

import pytest
from sqlalchemy import func, select

from lms.database import db
from lms.features.nominations import newcomers
from lms.features.nominations.uploads import actions, applying
from lms.features.nominations.uploads.jobs import apply_upload
from lms.models import Enrolment, Person, UploadRow
from lms.rules.particulars import Particulars
from tests.factories import NOON
from tests.features.courses import publish_course
from tests.features.nominations.files import bring, upload
from tests.features.places import focal_point, make_nominating
from tests.threads import refusals, together

pytestmark = pytest.mark.race
HEADINGS = "given_name,family_name,email\n"


@pytest.fixture
def giorgi(app):
    return focal_point()


@pytest.fixture
def activity(app):
    return make_nominating(publish_course(), capacity=3)


def count(table):
    db.session.remove()
    return db.session.scalar(select(func.count(table.id)))


def test_four_workers_apply_a_file_once(app, giorgi, activity, monkeypatch):
    monkeypatch.setattr(applying, "ROWS_IN_A_BATCH", 2)
    rows = "".join(f"Officer,Number{sign},{sign}@mia.gov.ge\n" for sign in "abcdefghij")
    brought = bring(giorgi, HEADINGS + rows, activity)
    actions.confirm(brought.id, all_or_nothing=False, tells=False, now=NOON)
    before = count(Person)

    together(app, [partial(apply_upload, brought.id)] * 4)

    assert (upload(brought.ref).state, upload(brought.ref).done) == ("done", 10)
    assert (count(Person) - before, count(Enrolment), count(UploadRow)) == (10, 10, 10)


def test_two_files_with_the_same_officer_add_one(app, giorgi, activity):
    files = [bring(giorgi, HEADINGS + "Tamar,Lomidze,t@mia.gov.ge\n", activity) for _ in range(3)]
    for one in files:
        actions.confirm(one.id, all_or_nothing=False, tells=False, now=NOON)

    together(app, [partial(apply_upload, one.id) for one in files])

    assert count(Enrolment) == 1
    assert db.session.scalar(select(func.count(Person.id)).filter_by(given_name="Tamar")) == 1


def test_a_form_that_is_sent_five_times_at_once_is_one_nomination(app, giorgi, activity):
    tamar = Particulars(
        given_name="Tamar",
        family_name="Lomidze",
        address="t@mia.gov.ge",
        affiliation_id=giorgi.affiliation_id,
    )
    send = partial(
        newcomers.nominate_new,
        *(giorgi.id, {giorgi.affiliation_id}, activity.slug, tamar),
        key="the same key",
        now=NOON,
    )

    given = together(app, [send] * 5)

    assert count(Enrolment) == 1
    assert len({one for one in given if isinstance(one, str)}) == 1
    assert len(refusals(given)) < 5
