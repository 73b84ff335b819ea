"""One row in every table of a database at any revision: what migrations must keep."""

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, inspect, select

NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
KEPT_OUT = ("alembic_version", "audit_head")  # filled by the migrations themselves
OF_ITS_OWN = {  # what a check asks of several columns together
    "activity": {"begins_at": NOON.replace(month=11)},
    "attempt": {"handed_in_at": NOON, "ending": "time"},
    "outbox": {"state": "sent", "sent_at": NOON, "token": ""},
    "certificate": {"kind": "completion"},  # PostgreSQL tells a check of one word as an equation
    "enrolment": {"completed_at": None, "state": "enrolled"},
}


def fill(connection: Connection) -> dict[str, dict[str, Any]]:
    """Write a row into each table that has none; gives each table's row as it can be read back."""
    known = MetaData()
    known.reflect(connection)
    for table in known.sorted_tables:
        if table.name in KEPT_OUT or connection.execute(select(table).limit(1)).first():
            continue
        words = _words(connection, table)
        row = {
            column.name: OF_ITS_OWN.get(table.name, {}).get(
                column.name, _value(column, words.get(column.name, []))
            )
            for column in table.columns
        }
        connection.execute(table.insert(), row)
    return rows(connection)


def rows(connection: Connection) -> dict[str, dict[str, Any]]:
    """The first row of every table that has one."""
    known = MetaData()
    known.reflect(connection)
    found = {}
    for table in known.sorted_tables:
        row = connection.execute(select(table).limit(1)).mappings().first()
        if row is not None and table.name not in KEPT_OUT:
            found[table.name] = dict(row)
    return found


def _words(connection: Connection, table: Table) -> dict[str, list[str]]:
    """For each column the words that a check allows."""
    made = {}
    for check in inspect(connection).get_check_constraints(table.name):
        text = str(check["sqltext"])
        column = re.match(r"\W*(\w+)", text)
        single = re.fullmatch(r"\W*\w+\W*(::text)? = '[^']+'\W*(::text)?\W*", text)
        if column and (single or "IN (" in text or "ANY" in text):
            made[column[1]] = re.findall(r"'([^']+)'", text)
    return made


def _value(column: Column[Any], words: list[str]) -> Any:
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column.table
        return None if column.nullable or target is column.table else 1
    if words:
        return words[0]
    if isinstance(column.type, JSON):
        return []
    kinds: dict[type, Any] = {
        int: 1,
        str: "1",
        bool: False,
        float: 50.0,
        bytes: b"1",
        datetime: NOON,
        date: NOON.date(),
    }
    return None if column.nullable else kinds[column.type.python_type]
