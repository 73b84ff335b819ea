"""The doctor finds what was changed behind the application's back."""

import pytest
from sqlalchemy import text

from lms.app import cli
from lms.database import db
from lms.features.admin import doctor
from tests.factories import make_person
from tests.features.courses import complete, make_activity, make_place, publish_course


@pytest.fixture
def completed(browser):
    person = make_person()
    browser.sign_in(person)
    made = publish_course()
    make_place(person, make_activity(made))
    complete(browser, made)


def tampered(statement: str) -> None:
    """Change a row as somebody with the database's own tools would."""
    db.session.remove()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER audit_entry_never_updated"))
            connection.execute(text("DROP TRIGGER audit_entry_never_deleted"))
        connection.execute(text(statement))
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = origin"))
        connection.commit()


def test_all_is_well_after_a_whole_course(app, completed):
    done = app.test_cli_runner().invoke(cli, ["doctor"])

    assert done.exit_code == 0, done.output
    assert done.output.count(": well") == len(doctor.CHECKS)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE audit_entry SET why = 'changed' WHERE seq = 3", doctor.audit),
        ("DELETE FROM audit_entry WHERE seq = 2", doctor.audit),
        ("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)", doctor.audit),
        ("UPDATE activity SET seats_held = 7", doctor.seats),
        ("DELETE FROM unit_completion WHERE unit_key = 'first/one'", doctor.places),
        ("UPDATE grade SET earned = '1'", doctor.grades),
    ],
)
def test_the_doctor_finds_what_was_changed(completed, statement, check):
    tampered(statement)

    assert list(check())
