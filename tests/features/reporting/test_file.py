"""The file: its form, what stands in the audit log about it, and that it stays small in memory."""

import csv
import gzip
import hashlib
import io
import json
import tracemalloc
from collections import namedtuple
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.database import db
from lms.features.reporting import exports
from lms.models import AuditEntry
from lms.rules.access import Role
from lms.rules.cells import unguarded
from lms.rules.enrolments import State
from tests.factories import NOON, make_person, state
from tests.features.reporting.factories import make_course, make_place
from tests.features.reporting.reading import read, take


def audit_rows():
    db.session.remove()
    return db.session.scalars(select(AuditEntry).filter_by(deed="exported a report")).all()


def test_the_form_of_the_file(coordinator):
    made = make_course()
    person = make_person('Nino "Nini" O\'Brien, Jr')
    place = make_place(made, person=person, kept=State.COMPLETED, score=87.5)
    answer = take(coordinator, made.address + ".csv")
    assert answer.data.decode() == (
        '\ufeff"place","given_name","family_name","state_code","state","version","status",'
        '"lessons_completed","lessons","began","completed","final_quiz_percent"\r\n'
        f'"{place.ref}","Nino","""Nini"" O\'Brien, Jr","GE","Georgia",1,"completed",'
        '0,3,"2026-11-14","2026-12-03",87.5\r\n'
    )
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="opiates-2026-12-04.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_empty_file_has_its_head(coordinator):
    made = make_course()
    answer = take(coordinator, made.address + ".csv")
    assert answer.data.decode().count("\r\n") == 1
    assert read(answer) == []


def test_the_file_is_packed_on_the_way(coordinator):
    made = make_course()
    make_place(made)
    packed = take(coordinator, made.address + ".csv", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == take(coordinator, made.address + ".csv").data


def test_formulas_are_guarded_and_come_back(coordinator, cases):
    lines = (cases / "security" / "csv-formula.jsonl").read_text(encoding="utf-8").splitlines()
    payloads = [json.loads(line)["payload"][:120] for line in lines]
    made = make_course()
    for payload in payloads:
        make_place(made, f"X {payload}")
    rows = read(take(coordinator, made.address + ".csv"))
    assert sorted(unguarded(row["family_name"]) for row in rows) == sorted(payloads)
    assert {row["family_name"][0] for row in rows} == {"'"}


@pytest.mark.parametrize("name", ["A\nB", "A\r\nB", "A,B;C\tD", '"', "\u202eabc", "علي", "李 明"])
def test_names_survive(coordinator, name):
    made = make_course()
    make_place(made, f"X {name}")
    (row,) = read(take(coordinator, made.address + ".csv"))
    assert row["family_name"] == name


# The audit log


def test_who_takes_a_file_out_stands_in_the_audit_log(coordinator):
    made = make_course()
    for home in ("GE", "GE", "AL"):
        make_place(made, home=home)
    answer = take(coordinator, made.address + ".csv?state=GE&from=2026-01-01&sort=-began")
    (entry,) = audit_rows()
    assert entry.object == "course:opiates"
    assert entry.actor_id is not None
    assert entry.at == NOON
    assert entry.after == {
        "filters": {"state": "GE", "from": "2026-01-01", "sort": "-began"},
        "reach": "all",
        "rows": 2,
        "sha256": hashlib.sha256(answer.data).hexdigest(),
    }
    assert entry.why == "Yearly report"


def test_the_reach_of_a_focal_point_stands_in_the_audit_log(reader):
    made = make_course()
    make_place(made)
    make_place(made, home="AL")
    take(reader(Role.FOCAL_POINT), made.address + ".csv")
    (entry,) = audit_rows()
    assert (entry.after["reach"], entry.after["rows"]) == (f"affiliation:{state('GE').id}", 1)


def test_looking_at_the_page_leaves_no_trace(coordinator):
    made = make_course()
    coordinator.get(made.address)
    assert audit_rows() == []


@pytest.mark.parametrize("query", ["?state=XX", "?page=0"])
def test_a_refused_file_leaves_no_trace(coordinator, query):
    made = make_course()
    assert coordinator.get(f"{made.address}.csv{query}").status_code == 400
    assert audit_rows() == []


@pytest.mark.parametrize(("reason", "status"), [("", 422), (" ", 422), ("a" * 401, 422)])
def test_without_a_reason_nobody_takes_a_file(coordinator, reason, status):
    made = make_course()
    make_place(made, "Amina Hidden")
    answer = coordinator.submit(made.address + ".csv", reason=reason)
    assert (answer.status_code, "Amina" in answer.text) == (status, False)
    assert audit_rows() == []


def test_the_file_is_asked_for_with_a_fresh_proof(coordinator, at):
    made = make_course()
    make_place(made, "Nino Beridze")
    token = coordinator.token(made.address + ".csv")
    at(NOON + timedelta(minutes=15))
    asked = coordinator.get(made.address + ".csv")
    late = coordinator.post(
        made.address + ".csv", data={"reason": "Yearly report", "csrf_token": token}
    )
    assert (asked.status_code, "/account/confirm" in asked.location) == (303, True)
    assert late.status_code == 303
    assert audit_rows() == []


def test_a_file_that_breaks_off_leaves_neither_bytes_nor_a_row(coordinator, monkeypatch):
    made = make_course()
    make_place(made)

    def broken(*args, **kwargs):
        raise OSError("the line is gone")
        yield

    monkeypatch.setattr(exports, "csv_pieces", broken)
    assert take(coordinator, made.address + ".csv").status_code == 500
    assert audit_rows() == []


# Memory


Line = namedtuple(
    "Line",
    "ref given_name family_name state_code state version status done of began_at completed_at"
    " score",
)


def test_a_large_file_needs_little_memory():
    def lines(n):
        for number in range(n):
            yield Line("A" * 16, "Nino", f"B{number}", "GE", "Georgia", 1, "completed", 1, 2,
                       NOON, None, 80.5)  # fmt: skip

    tracemalloc.start()
    size = sum(map(len, exports.csv_pieces(lines(100_000), zone=ZoneInfo("UTC"), scores=True)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 8_000_000
    assert peak < 2_000_000


def test_a_piece_never_cuts_a_row():
    def lines():
        for number in range(exports.ROWS_A_PIECE + 1):
            yield Line("A", "N", str(number), "GE", "G", 1, "completed", 1, 2, NOON, None, None)

    pieces = list(exports.csv_pieces(lines(), zone=ZoneInfo("UTC"), scores=False))
    assert [piece.count("\r\n") for piece in pieces] == [exports.ROWS_A_PIECE + 1, 1]
    read_back = list(csv.reader(io.StringIO("".join(pieces), newline="")))
    assert len(read_back) == exports.ROWS_A_PIECE + 2
