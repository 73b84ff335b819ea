"""On PostgreSQL only tests that ask for a database run; none that needs it may be left out."""

import re
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from tests import conftest
from tests.keeping import rows_of_tables

TESTS = Path(conftest.__file__).parent
WAY = re.compile(r"\b(fresh_postgres|LMS_TEST_DATABASE_URL)\b")


def test_only_the_fixture_knows_the_way_to_postgresql():
    known = {
        path.relative_to(TESTS).name
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and WAY.search(path.read_text())
    }

    assert known == {"conftest.py"}


def test_who_asks_by_way_of_others_is_kept(request, browser, count_queries):
    assert conftest.asks_for_database(request.node)


def test_who_asks_for_none_is_left_out(request, tmp_path):
    assert not conftest.asks_for_database(request.node)
    assert not conftest.POSTGRES


def test_each_address_is_an_empty_database(fresh_database, tmp_path):
    url = fresh_database("asked", tmp_path)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.dialect.get_table_names(connection) == []
    engine.dispose()
    assert make_url(url).get_backend_name() == ("postgresql" if conftest.POSTGRES else "sqlite")


def test_every_test_begins_with_the_rows_of_the_migrations(app):
    full = {name: rows for name, rows in rows_of_tables(("affiliation",)).items() if rows}

    assert full == {"audit_head": [{"id": 1, "seq": 0, "hash": ""}]}
