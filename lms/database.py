"""The session, the edges of a transaction, and the stream behind large files.

SQLite and PostgreSQL behave alike from here up.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, Row, Select, event
from sqlalchemy.orm import Session, scoped_session

from lms.models import Base

ROWS_AT_A_TIME = 2_000  # held in memory while streaming
BUSY_TIMEOUT = 10_000  # milliseconds that a writer waits for another
WRITERS = threading.Lock()

db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False})


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Make SQLite keep what it acknowledged, check foreign keys and lock at the first word."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
            "secure_delete=ON",  # drafts of an evaluation leave no trace in the file
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A deferred BEGIN that writes after reading is refused at once as locked: say so first.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction() -> Iterator[scoped_session[FlaskSession]]:
    """Save everything done inside, or nothing.

    Actions open exactly one and never call each other, so the block you read is the whole of
    what is saved together. What the request has read before is let go: read again inside.
    """
    if db.session.info.get("in_transaction"):
        raise RuntimeError("one action, one transaction: do not open a second inside it")
    db.session.rollback()
    with in_line():
        db.session.connection(execution_options={"writes": True})
        db.session.info["in_transaction"] = True
        for name in ("AUDIT_KEY", "BASE_URL", "TIME_ZONE"):  # what deeds need to know
            db.session.info[name.lower()] = current_app.config[name]
        try:
            yield db.session
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.info.pop("in_transaction", None)


@contextmanager
def in_line() -> Iterator[None]:
    """One writer after the other within this process, where SQLite is behind it.

    SQLite takes one writer at a time and lets the others sleep, longer each time, so that under
    load some wait for seconds. Threads that queue here go on at once. Other processes still meet
    at the file.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    mine = WRITERS.acquire(timeout=BUSY_TIMEOUT / 1000)
    try:
        yield
    finally:
        if mine:
            WRITERS.release()


def forget_pages() -> None:
    """Empty SQLite's write-ahead log: it holds what was overwritten until then.

    Readers of this moment keep it; the next call, or the last one to close, empties it.
    """
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        with db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@event.listens_for(Session, "before_flush")
def refuse_stray_writes(session: Session, context: Any, instances: Any) -> None:
    if isinstance(session, FlaskSession) and not session.info.get("in_transaction"):
        raise RuntimeError("nothing is written outside transaction()")


def stream(query: Select[Any]) -> Iterator[Row[Any]]:
    """Rows of a long query, on a connection of its own.

    A streamed response is read after Flask has closed the session of the request, so the rows
    cannot come from that session.
    """
    engine = db.engine  # looked up now: no application is at hand when the rows are read

    def rows() -> Iterator[Row[Any]]:
        with engine.connect().execution_options(yield_per=ROWS_AT_A_TIME) as connection:
            yield from connection.execute(query)

    return rows()
