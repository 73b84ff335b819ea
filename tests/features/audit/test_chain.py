"""One byte changed, dropped, added or swapped in the audit log is found, and where."""

import re
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms import clock
from lms.app import cli
from lms.database import db, transaction
from lms.deeds import audit, chain
from lms.features.audit import heads
from lms.features.audit.jobs import watch_audit
from lms.models import AuditCheck, AuditEntry, AuditHead
from lms.rules.refusal import Refusal
from tests.conftest import POSTGRES
from tests.factories import NOON, make_person
from tests.threads import together


@pytest.fixture
def log(app, tmp_path, monkeypatch):
    """Five entries, and an empty data folder."""
    monkeypatch.setitem(app.config, "DATA", tmp_path)
    person_id = make_person().id
    for number in range(1, 6):
        write(number, actor=person_id)
    return tmp_path


def write(number: int, actor: int | None = None) -> None:
    with transaction() as session:
        audit.record(
            session,
            now=clock.now(),
            deed="tried",
            actor=actor,
            object=f"course:{number}",
            before={"n": number},
            after={"n": number + 1},
            why="A reason",
        )


def tampered(*statements: str) -> None:
    """Change rows as somebody with the database's own tools would."""
    db.session.remove()
    with db.engine.connect() as connection:
        if POSTGRES:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
            for name in connection.execute(text(names)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def verify(app) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(cli, ["audit", "verify"])
    db.session.remove()
    return done.exit_code, done.output


def test_a_whole_log_is_called_whole(app, log):
    assert verify(app) == (0, "The audit log is whole: 5 entries.\n")


def test_entries_of_a_block_follow_the_log_in_their_order(app, log):
    """What a savepoint takes back has no entry; the block itself ends with one chain."""
    with transaction() as session, audit.together(session):
        for number in (6, 7, 8):
            with suppress(Refusal), audit.together(session), session.begin_nested():
                audit.record(session, now=NOON, deed="tried", object=f"course:{number}")
                if number == 7:
                    raise Refusal("Not this one.")
    write(9)

    assert verify(app) == (0, "The audit log is whole: 8 entries.\n")
    objects = select(AuditEntry.object).where(AuditEntry.seq > 5).order_by(AuditEntry.seq)
    assert db.session.scalars(objects).all() == ["course:6", "course:8", "course:9"]


CHANGES = {
    "seq": "seq = 93",
    "at": "at = '2026-12-04 12:00:00.000001'",
    "actor_id": "actor_id = NULL",
    "deed": "deed = 'cried'",
    "object": "object = 'course:4'",
    "before": "before = '{\"n\": 4}'",
    "after": "after = '{\"n\":  4}'",
    "why": "why = 'A reason '",
    "previous_hash": "previous_hash = hash",
    "hash": "hash = previous_hash",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_in_any_column_is_found_at_its_entry(app, log, column):
    tampered(f"UPDATE audit_entry SET {CHANGES[column]} WHERE seq = 3")
    code, words = verify(app)

    assert code == 1
    assert "entry 3 " in words


def test_every_column_but_the_key_is_covered():
    assert {one.name for one in AuditEntry.__table__.columns} - {"id"} == set(CHANGES)


@pytest.mark.parametrize(
    ("statements", "where"),
    [
        (["DELETE FROM audit_entry WHERE seq = 3"], "entry 3 is missing"),
        (["DELETE FROM audit_entry WHERE seq = 1"], "entry 1 is missing"),
        (["DELETE FROM audit_entry WHERE seq = 5"], "entry 6 is missing|had 5 entries"),
        (
            [
                "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
                "UPDATE audit_entry SET seq = 2 WHERE seq = 4",
                "UPDATE audit_entry SET seq = 4 WHERE seq = 99",
            ],
            "entry 2 ",
        ),
        (
            [
                "INSERT INTO audit_entry (id, seq, at, deed, object, before, after, why,"
                " previous_hash, hash) SELECT 99, 6, at, deed, object, before, after, why,"
                " hash, hash FROM audit_entry WHERE seq = 5"
            ],
            "entry 6 was changed",
        ),
        (["DELETE FROM audit_head"], "head of the log is missing"),
        (["UPDATE audit_head SET seq = 4"], "says otherwise|not the one"),
    ],
)
def test_what_is_dropped_swapped_or_added_is_found(app, log, statements, where):
    tampered(*statements)
    code, words = verify(app)

    assert code == 1
    assert re.search(where, words), words


def cut_with_its_head() -> None:
    tampered(
        "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entry WHERE seq = 3)",
        "DELETE FROM audit_entry WHERE seq > 3",
    )


def test_a_tail_cut_with_its_head_is_found_by_what_was_written_down(app, log):
    watch_audit(NOON)
    cut_with_its_head()
    code, words = verify(app)

    assert (code, "entry 4 is missing: the log once had 5 entries" in words) == (1, True)


def test_a_log_written_anew_is_found_by_what_was_written_down(app, log):
    watch_audit(NOON)
    cut_with_its_head()
    for number in (7, 8, 9):
        write(number)

    assert "entry 5 is not the one that was written down" in verify(app)[1]


def test_ends_are_written_down_when_enough_has_happened(log):
    seconds = NOON.replace(second=1)
    assert heads.note(log, 5, "a" * 64, NOON)
    assert not heads.note(log, 5, "a" * 64, NOON.replace(hour=23))
    assert not heads.note(log, 6, "b" * 64, seconds)
    assert heads.note(log, 105, "c" * 64, seconds)
    assert heads.noted(log) == {5: "a" * 64, 105: "c" * 64}
    assert (log / heads.FILE).stat().st_mode & 0o777 == 0o600


def test_the_job_checks_once_a_day_and_keeps_what_it_found(app, log):
    for hours in (0, 1, 23):
        watch_audit(NOON.replace(hour=0).replace(hour=hours))
    watch_audit(NOON.replace(day=6))

    assert [(row.entries, row.fault) for row in db.session.scalars(select(AuditCheck))] == [
        (5, ""),
        (5, ""),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET why = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "TRUNCATE audit_entry" if POSTGRES else "DELETE FROM audit_entry WHERE seq = 1",
        "TRUNCATE audit_head"
        if POSTGRES
        else "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(app, log, statement):
    db.session.remove()
    with db.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))

    assert verify(app)[0] == 0


def test_thirty_two_writers_give_one_chain(app, log):
    together(app, [lambda: write(1)] * 32)

    db.session.remove()
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 37
    assert chain.check(db.session, app.config["AUDIT_KEY"]) == chain.Checked(37)
    assert db.session.scalar(select(AuditHead.seq)) == 37


def test_a_check_beside_writers_raises_no_false_alarm(app, log):
    def read() -> chain.Checked:
        return chain.check(db.session, app.config["AUDIT_KEY"])

    given = together(app, [lambda: write(1), read] * 8)

    assert {one.fault for one in given if one is not None} == {""}
