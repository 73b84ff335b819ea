"""What was kept for its period goes, nothing else; accounts are warned before they are erased."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.app import cli
from lms.database import db, transaction
from lms.deeds.messages import tell
from lms.features.admin import doctor
from lms.features.privacy.jobs import carry_out, keep_no_longer
from lms.models import (
    Answer,
    Attempt,
    AuditEntry,
    Delivery,
    Grade,
    Message,
    Person,
    Registration,
    RetentionRun,
    SignIn,
    SignInFailure,
)
from lms.rules.access import Role
from lms.rules.messages import Kind
from lms.rules.retention import DEFAULTS, Category
from tests.conftest import Browser
from tests.factories import NOON, make_person, make_sign_in, make_staff, reference, saved
from tests.features.courses import complete, make_activity, make_place, publish_course

MONTH = timedelta(days=31)


@pytest.fixture(autouse=True)
def data(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)


def count(table) -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table))


def keep(now, **months: int) -> dict[str, int]:
    """Carry out the categories named alone; gives those that met something."""
    none = dict.fromkeys(Category, 0)
    chosen = none | {Category(name): number for name, number in months.items()}
    db.session.remove()
    return {name: n for name, n in carry_out(chosen, now=now, apply=True).items() if n}


def test_answers_go_after_their_period_and_the_grades_stay(app):
    person = make_person()
    made = publish_course()
    make_place(person, make_activity(made))
    complete(Browser(app).sign_in(person), made)
    grades = count(Grade)

    assert keep(NOON + 11 * MONTH, answers=12) == {}
    done = keep(NOON + 13 * MONTH, answers=12)

    assert done == {"answers": count(Attempt)}
    assert set(map(repr, db.session.scalars(select(Answer.value)))) == {"{}"}
    assert count(Grade) == grades
    assert list(doctor.grades()) == []
    assert keep(NOON + 14 * MONTH, answers=12) == {}


def test_sessions_and_failures_go_after_their_period(app):
    make_sign_in(make_person())
    saved(SignInFailure(account="a" * 64, network="b" * 64, at=NOON))
    keep(NOON + 11 * MONTH, sign_ins=12)
    assert (count(SignIn), count(SignInFailure)) == (1, 1)

    keep(NOON + 13 * MONTH, sign_ins=12)
    assert (count(SignIn), count(SignInFailure)) == (0, 0)


def test_messages_go_but_those_that_wait_for_mail(app):
    person = make_person()
    with transaction() as session:
        for event in "ab":
            tell(session, person_id=person.id, kind=Kind.ERASURE_ACCEPTED, event=event, now=NOON)
    db.session.remove()
    with transaction() as session:
        session.scalars(select(Message)).first().state = Delivery.IN_APP

    assert keep(NOON + 25 * MONTH, messages=24) == {"messages": 1}
    assert db.session.scalars(select(Message.state)).all() == [Delivery.QUEUED]


def test_a_declined_registration_loses_its_words(app):
    home = make_person().affiliation_id
    for granted in (True, False):
        saved(
            Registration(
                ref=reference(),
                affiliation_id=home,
                address=f"{granted}@example.org".lower(),
                particulars={"family_name": "Beridze"},
                made_at=NOON,
                decided_at=NOON,
                granted=granted,
            )
        )
    assert keep(NOON + 7 * MONTH, registrations=6) == {"registrations": 1}
    kept = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    assert [row.particulars for row in kept] == [{"family_name": "Beridze"}, {}]


def used(person, at) -> None:
    saved(
        SignIn(
            id_hash=f"{person.id:064}", person_id=person.id, role=Role.OFFICER, started_at=at,
            last_seen=at, proved_at=at,
        )
    )  # fmt: skip


def test_an_account_nobody_uses_is_closed_warned_and_then_erased(app):
    unused, in_use, staff = make_person("Amina Away"), make_person(), make_staff(Role.COORDINATOR)
    later = NOON + 19 * MONTH
    used(in_use, later - MONTH)
    assert keep(later, suspend=18, erase=24) == {"suspend": 1}
    db.session.remove()
    warning = db.session.scalars(select(Message)).one()
    assert (warning.person_id, warning.kind) == (unused.id, "account_unused")
    assert warning.facts == {"unused": "18", "left": "6"}

    assert keep(NOON + 24 * MONTH, suspend=18, erase=24) == {}  # 24 months, but warned too lately
    used_later = NOON + 26 * MONTH
    assert keep(used_later, erase=24, suspend=18)["erase"] == 1

    db.session.remove()
    names = [db.session.get_one(Person, one.id).name for one in (unused, in_use, staff)]
    assert names == ["Erased person", in_use.name, staff.name]


def test_who_has_an_open_place_keeps_the_account(app):
    person = make_person()
    make_place(person, make_activity(publish_course()))

    assert keep(NOON + 30 * MONTH, suspend=18, erase=24) == {}


def test_the_job_works_once_a_day_and_says_what_it_did(app):
    make_sign_in(make_person(), last_seen=NOON - 13 * MONTH, started_at=NOON - 13 * MONTH)
    for hours in (0, 1, 23, 24):
        keep_no_longer(NOON + timedelta(hours=hours))
        db.session.remove()

    assert count(RetentionRun) == 2
    (entry,) = db.session.scalars(select(AuditEntry).filter_by(deed="kept no longer"))
    assert entry.after["sign_ins"] == 1


def test_the_command_counts_first_and_carries_out_when_told(app):
    make_sign_in(make_person(), last_seen=NOON - 13 * MONTH, started_at=NOON - 13 * MONTH)
    assert DEFAULTS[Category.SIGN_INS] == 12
    runner = app.test_cli_runner()

    db.session.remove()
    assert "sign_ins (12 months): 1" in runner.invoke(cli, ["privacy", "retention"]).output
    assert count(SignIn) == 1
    db.session.remove()
    done = runner.invoke(cli, ["privacy", "retention", "--apply"])
    assert "sign_ins (12 months): 1" in done.output
    assert count(SignIn) == 0
