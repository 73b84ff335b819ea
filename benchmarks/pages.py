"""Bytes, database queries and milliseconds of the main pages, for each role, on a fresh demo."""

import gzip
import os
import statistics
import tempfile
import time

from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import event, select

from config import Config
from lms import demo
from lms.app import create_app
from lms.database import db
from lms.models import Attempt, Certificate

ROUNDS = 20
PAGES = {
    "": ("/courses", "/courses/afghan-opiates", "/sign-in", "/verify"),
    "officer": (
        "/learning",
        "/courses/afghan-opiates/the-market-in-figures/cultivation-and-output",
        "/courses/afghan-opiates/the-market-in-figures/check",
        "/certificates",
    ),
    "focal_point": ("/reports/afghan-opiates",),
    "coordinator": ("/reports", "/reports/afghan-opiates", "/reports/afghan-opiates.csv"),
    "trainer": ("/author", "/author/afghan-opiates"),
    "administrator": ("/admin/health",),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Config.for_demo(
            "http://127.0.0.1:8000", {**os.environ, "LMS_DATA": folder, "LMS_ENV": "development"}
        )
        app = create_app(settings)
        begun = time.perf_counter()
        keys = {key.role.lower().replace(" ", "_"): key for key in demo.prepare(app)}
        print(f"demo made in {time.perf_counter() - begun:.1f} s")
        table = Table("page", "as", "status", "KB", "KB packed", "queries", "ms (median)")
        for role, paths in PAGES.items():
            client = app.test_client()
            if role:
                sign_in(client, keys[role])
            for path in paths:
                table.add_row(path, role or "anybody", *measured(app, client, path))
        Console(width=140).print(table)
        with app.app_context():
            attempts = len(db.session.scalars(select(Attempt.id)).all())
            print(
                attempts,
                "attempts,",
                len(db.session.scalars(select(Certificate.id)).all()),
                "certificates",
            )


def sign_in(client, key) -> None:
    page = client.get("/sign-in", base_url="http://127.0.0.1:8000").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post(
        "/sign-in",
        base_url="http://127.0.0.1:8000",
        data={"address": key.address, "password": key.password, "next": "", "csrf_token": token},
    )


def measured(app: Flask, client, path: str) -> list[str]:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    client.get(path, base_url="http://127.0.0.1:8000")
    event.listen(engine, "before_cursor_execute", note)
    answer = client.get(path, base_url="http://127.0.0.1:8000")
    body = answer.get_data()
    event.remove(engine, "before_cursor_execute", note)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path, base_url="http://127.0.0.1:8000").get_data()
        times.append(1000 * (time.perf_counter() - begun))
    return [
        str(answer.status_code),
        f"{len(body) / 1000:.1f}",
        f"{len(gzip.compress(body, 6)) / 1000:.1f}",
        str(len(statements)),
        f"{statistics.median(times):.1f}",
    ]


if __name__ == "__main__":
    main()
