"""The migrations make the tables that the models speak of, and can be taken back."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from lms.database import db, prepare
from lms.web import migrating
from tests.filling import fill, rows

LANDED = ["20261123_1853"]  # every head that a database out there may stand at


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


@pytest.fixture
def bare(tmp_path, fresh_database):
    """An engine on an empty database."""
    engine = create_engine(fresh_database("filled", tmp_path))
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("landed", LANDED)
def test_a_filled_database_keeps_its_rows_both_ways(bare, landed):
    migrating.upgrade(bare, landed)
    with bare.execution_options(writes=True).begin() as connection:
        before = fill(connection)
    migrating.upgrade(bare)
    with bare.connect() as connection:
        after = rows(connection)
    migrating.downgrade(bare, landed)
    with bare.connect() as connection:
        again = rows(connection)

    assert len(before) > 15
    assert {name: {key: after[name][key] for key in row} for name, row in before.items()} == before
    assert again == before
