"""The migrations make the tables that the models speak of, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from lms.database import db, prepare
from lms.web import migrating


def test_the_migrations_give_the_tables_of_the_models(app):
    with db.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), db.metadata)

    assert difference == []


def test_every_check_of_the_models_is_in_the_database(app):
    known = inspect(db.engine)
    missing = {
        str(constraint.name)
        for name, table in db.metadata.tables.items()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    } - {one["name"] for name in db.metadata.tables for one in known.get_check_constraints(name)}

    assert not missing


def test_the_migrations_go_down_and_up_again(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'there-and-back.sqlite'}")
    prepare(engine)
    migrating.upgrade(engine)
    migrating.downgrade(engine, "base")
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    migrating.upgrade(engine)

    assert (left, migrating.is_current(engine)) == (set(), True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT seq FROM audit_head")) == 0
    engine.dispose()


def test_joining_keeps_people_and_their_addresses(tmp_path):
    """From the first tables on a filled database, and back."""
    engine = create_engine(f"sqlite:///{tmp_path / 'filled.sqlite'}")
    prepare(engine)
    migrating.upgrade(engine, "messages")
    with engine.begin() as connection:
        for statement in FILLED:
            connection.execute(text(statement))
        before = rows(connection)
    migrating.upgrade(engine, "joining")
    with engine.connect() as connection:
        after = rows(connection)
        told = connection.execute(
            text("SELECT vouched_at, joined_at, confirmed_at FROM person JOIN person_address")
        ).all()
    migrating.downgrade(engine, "messages")
    with engine.connect() as connection:
        back = rows(connection)
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()

    assert before == after == back
    assert told == [("2026-01-01", "2026-01-01", "2026-01-01")]


FILLED = (
    "INSERT INTO affiliation VALUES (1, 'GE', 'Georgia', 'participating_state', NULL, '[]')",
    "INSERT INTO person VALUES (7, 'r', 'Nino', 'Beridze', '', 'woman', 1, '', '', '', '', '[]',"
    " 'Europe/Vienna', 'en', 'system', 'hash', NULL, '2026-01-01')",
    "INSERT INTO person_address VALUES (1, 7, 'nino@mia.gov.ge', 1)",
    "INSERT INTO login_token VALUES (1, 't', 7, '2026-01-01', '2026-01-04', NULL)",
)
KEPT = {
    "person": "id, ref, given_name, family_name, affiliation_id, password_hash, created_at",
    "person_address": "id, person_id, address, is_primary",
    "login_token": "id, token_hash, person_id, made_at, expires_at, used_at",
}


def rows(connection):
    return {
        table: connection.execute(text(f"SELECT {columns} FROM {table}")).all()
        for table, columns in KEPT.items()
    }
