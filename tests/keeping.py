"""A database kept once and put back often, and a digest of all that it holds."""

import hashlib
import sqlite3
from collections.abc import Collection
from typing import Any

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

from lms.database import db
from tests.conftest import POSTGRES, snapshot


class Kept:
    """All rows as they are now; `put_back` makes them so again."""

    def __init__(self, app: Flask) -> None:
        self.file = (
            "" if POSTGRES else str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database)
        )
        db.session.remove()
        self.copy: Any = rows_of_tables() if POSTGRES else snapshot(self.file)

    def put_back(self) -> None:
        db.session.remove()
        if not POSTGRES:
            with sqlite3.connect(self.file) as target:
                self.copy.backup(target)
            target.close()
            return
        with db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers
            names = ", ".join(f'"{name}"' for name in db.metadata.tables)
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
            for name, rows in self.copy.items():
                if rows:
                    connection.execute(insert(db.metadata.tables[name]), rows)


def rows_of_tables(without: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    with db.engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for name, table in db.metadata.tables.items()
            if name not in without
        }


def digest(without: Collection[str] = (), without_columns: Collection[str] = ()) -> dict[str, str]:
    """For each table how many rows it has and a hash of them; columns are named table.column."""
    made = {}
    for name, rows in rows_of_tables(without).items():
        left = [
            {key: row[key] for key in row if f"{name}.{key}" not in without_columns} for row in rows
        ]
        lines = "\n".join(sorted(map(repr, left)))
        made[name] = f"{len(rows)} {hashlib.sha256(lines.encode()).hexdigest()[:12]}"
    return made
