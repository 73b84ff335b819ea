"""Fixtures every test may ask for."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from config import Config
from lms import clock
from lms.app import create_app
from lms.database import db
from lms.features.admin.actions import load_affiliations
from lms.web import migrating
from tests.factories import NOON, make_sign_in

POSTGRES = os.environ.get("LMS_TEST_DATABASE_URL", "")
KEPT = ("affiliation", "alembic_version")  # tables that no test changes for good


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the long walks; on PostgreSQL leave out what asks for no database.

    That ran on SQLite and would say the same. Only `fresh_database` knows the way to PostgreSQL
    (tests/architecture/test_selection.py keeps it so).
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if POSTGRES:
        out = [item for item in items if not asks_for_database(item)]
        items[:] = [item for item in items if asks_for_database(item)]
        config.hook.pytest_deselected(items=out)


def asks_for_database(item: pytest.Item) -> bool:
    return "fresh_database" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def fresh_database(worker_id: str) -> Callable[[str, Path], str]:
    """A function (word, folder) → address of an empty database: PostgreSQL, or a file there."""

    def make(word: str, folder: Path) -> str:
        if POSTGRES:
            return fresh_postgres(f"lms_{word}_{worker_id}")
        return f"sqlite:///{folder / 'lms.sqlite'}"

    return make


@pytest.fixture(scope="session")
def the_app(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[str, Path], str]
) -> Iterator[Flask]:
    """One application for all tests of a worker, on a migrated database of its own."""
    folder = tmp_path_factory.mktemp("data")
    url = fresh_database("test", folder)
    app = create_app(
        Config(DATA=folder, DATABASE_URL=url, BASE_URL="http://localhost", COURSES=folder)
    )
    app.testing = True
    with app.app_context():
        migrating.upgrade(db.engine)
        load_affiliations()
        db.session.remove()
        app.extensions["snapshot"] = None if POSTGRES else snapshot(folder / "lms.sqlite")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of the xdist worker; "one" when the suite runs in a single process."""
    return getattr(request.config, "workerinput", {}).get("workerid", "one")


def fresh_postgres(name: str) -> str:
    """The address of an empty database beside the one of LMS_TEST_DATABASE_URL, named after it."""
    url = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"{url.database}_{name}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        # What tests write need not outlive a power cut.
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def snapshot(file: Path) -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with sqlite3.connect(file) as source:
        source.backup(kept)
    source.close()
    return kept


def restore(app: Flask) -> None:
    """Put the database back to what it was after the migrations."""
    if not POSTGRES:
        file = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
        with sqlite3.connect(str(file)) as target:
            app.extensions["snapshot"].backup(target)
        target.close()
        return
    names = [name for name in db.metadata.tables if name not in KEPT]
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names
    )
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers
        used = connection.scalars(text(asked)).all()
        for name in used:  # few rows: much faster than TRUNCATE, which makes each file anew
            connection.execute(text(f'DELETE FROM "{name}"'))
        restart = " UNION ALL ".join(
            f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), 1, false)"
            for name in used
            if "id" in db.metadata.tables[name].columns
        )
        if restart:
            connection.execute(text(restart))
        connection.execute(text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')"))


@pytest.fixture
def app(the_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on a clean database, at noon of 4 December 2026 (UTC)."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    the_app.extensions.pop("limiter", None)
    with the_app.app_context():
        restore(the_app)
        yield the_app
        db.session.remove()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock: at(NOON + timedelta(hours=1))."""
    return lambda instant: monkeypatch.setattr(clock, "now", lambda: instant)


class Browser:
    """Opens pages and hands in forms the way a person does.

    Each request gets a context of its own, as in production. Sharing the test's context would
    share Flask-Login's cached user between people.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, person: object, role: str = "officer") -> "Browser":
        """Begin a session as the person, by its row; the sign-in page has its own tests."""
        self.client.set_cookie("lms", make_sign_in(person, role))
        return self

    def get(self, url: str, **kwargs: object) -> TestResponse:
        db.session.remove()
        with self.app.app_context():
            return self.client.get(url, **kwargs)

    def post(self, url: str, **kwargs: object) -> TestResponse:
        db.session.remove()
        with self.app.app_context():
            return self.client.post(url, **kwargs)

    def token(self, page: str = "/sign-in") -> str:
        """A form token of this session, from any page that has a form."""
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        return found[1]

    def submit(self, url: str, page: str = "", **fields: object) -> TestResponse:
        """Open the page (by default the form's own address), then send the form with its token."""
        return self.post(url, data={**fields, "csrf_token": self.token(page or url)})


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database from here on; clear() begins anew."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder with cases that nobody here wrote; see README, "Tests"."""
    named = os.environ.get("LMS_CASES")
    folder = Path(named or "../shared/cases")
    if folder.is_dir() and any(folder.iterdir()):
        return folder
    if named:
        pytest.fail(f"LMS_CASES is set to {named}, but nothing is there")
    pytest.skip("the attack cases are absent: set LMS_CASES to their folder")


# One for all tests of a worker: Playwright runs a single time in a process.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [  # nothing may leave the machine but what a page asks for
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A headless Chromium of the system; without it the test is skipped, or fails in the gate."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        say = "Chromium is missing: apt-get install chromium"
        if os.environ.get("LMS_REQUIRE_BROWSER"):
            pytest.fail(say)
        pytest.skip(say)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()
