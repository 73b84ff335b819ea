"""lms report completions."""

import hashlib

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.reporting.cli import report
from lms.models import AuditEntry
from tests.features.reporting.factories import make_course, make_place
from tests.features.reporting.reading import take


def run(app, *args):
    db.session.remove()
    return app.test_cli_runner().invoke(report, ["completions", *map(str, args)])


@pytest.fixture
def made(app):
    made = make_course()
    make_place(made, "Nino Beridze", score=88)
    make_place(made, "Arta Hoxha", home="AL", score=99)
    return made


def test_the_command_writes_what_the_page_exports(app, made, coordinator, tmp_path):
    file = tmp_path / "out.csv"
    result = run(app, "opiates", "-o", file)
    assert (result.exit_code, result.output) == (0, f"Wrote 2 places to {file}.\n")
    assert file.read_bytes() == take(coordinator, "/reports/opiates.csv").data
    assert list(tmp_path.iterdir()) == [file]


def test_the_command_takes_filters_and_writes_an_audit_row(app, made, coordinator, tmp_path):
    file = tmp_path / "out.csv"
    result = run(app, "opiates", "-o", file, "--state", "al", "--from", "2026-01-01")
    assert result.exit_code == 0
    page = take(coordinator, "/reports/opiates.csv?state=AL&from=2026-01-01")
    assert file.read_bytes() == page.data
    db.session.remove()
    entry = db.session.scalars(
        select(AuditEntry).filter_by(deed="exported a report").order_by(AuditEntry.seq)
    ).first()
    assert entry.actor_id is None
    assert entry.after == {
        "filters": {"state": "AL", "from": "2026-01-01"},
        "reach": "all",
        "rows": 1,
        "sha256": hashlib.sha256(page.data).hexdigest(),
    }


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("none", "-o", "x.csv"), 1, "There is no course none."),
        (("opiates", "-o", "x.csv", "--state", "XX"), 1, "There is no State or Partner XX."),
        (("opiates", "-o", "x.xlsx"), 2, "must end in .csv"),
        (("opiates",), 2, "Missing option '-o'"),
        (("opiates", "-o", "x.csv", "--from", "yesterday"), 2, "does not match the format"),
        (("opiates", "-o", "x.csv", "--status", "lost"), 2, "is not one of"),
        (("opiates", "-o", "no/such/folder/x.csv"), 1, "cannot be written"),
    ],
)
def test_wrong_use_says_what_is_wrong(app, made, tmp_path, monkeypatch, args, code, words):
    monkeypatch.chdir(tmp_path)
    result = run(app, *args)
    assert result.exit_code == code
    assert words in result.output
    assert list(tmp_path.iterdir()) == []
