"""A file of people does what its rehearsal said, once, row by row."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.features.nominations.uploads import actions, applying
from lms.features.nominations.uploads.jobs import apply_uploads
from lms.models import Enrolment, Person, PersonAddress, RoleGrant, Upload, UploadRow
from lms.rules.enrolments import State
from tests.factories import NOON, address_of, make_person, state
from tests.features.courses import publish_course
from tests.features.nominations.files import applied, bring, confirm, look, seen, upload
from tests.features.places import focal_point, make_nominating, nominate
from tests.keeping import digest

HEADINGS = "given_name,family_name,email,agency,function,state,person\n"


@pytest.fixture
def giorgi(app):
    return focal_point()


@pytest.fixture
def activity(app):
    return make_nominating(publish_course(), capacity=2)


def officers():
    return db.session.scalar(select(func.count(Person.id)))


def places_of(activity):
    rows = db.session.execute(
        select(Person.given_name, Enrolment.state)
        .join(Person, Person.id == Enrolment.person_id)
        .filter(Enrolment.activity_id == activity.id)
        .order_by(Enrolment.id)
    )
    return [tuple(row) for row in rows]


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(activity, giorgi):
    known = make_person("Nino Beridze", agency="Police")
    other = make_person("Eka Dvali", agency="Police")
    done = make_person("Ana Khelaia", agency="Police")
    nominate(giorgi, activity, done)
    brought = bring(
        giorgi,
        HEADINGS
        + f"Nino,Beridze,{address_of(known)},,,,\n"
        + f"Eka,Dvali,,Customs,,,{other.ref}\n"
        + "Ana,Khelaia,,police,,,\n"
        + "Luka,Tsereteli,luka@mia.gov.ge,,,GEO,\n"
        + "Luka,Tsereteli,LUKA@mia.gov.ge,,,,\n"
        + "Zura,,zura@mia.gov.ge,,,,\n",
        activity,
    )
    held = digest()

    found = look(brought)

    assert [(one.line.number, one.outcome.value, one.nominates) for one in found] == [
        (2, "nominated", True),
        (3, "changed", True),
        (4, "changed", False),
        (5, "new", True),
        (6, "duplicate", False),
        (7, "error", False),
    ]
    assert dict(found[1].changes) == {"agency": ("Police", "Customs")}
    assert found[4].problems[0].values == {"row": 5}
    assert digest() == held


def test_valid_rows_are_applied_and_the_others_keep_their_remarks(activity, giorgi):
    brought = bring(
        giorgi,
        HEADINGS + "Luka,Tsereteli,luka@mia.gov.ge,,,,\n" + "Зура,Meladze,,,,,\n",
        activity,
    )

    assert confirm(brought) == {
        2: ("new", []),
        3: (
            "error",
            ["Use Latin letters, as in the passport. The own script has its own field."],
        ),
    }
    assert places_of(activity) == [("Luka", State.SUBMITTED)]
    person = db.session.scalars(select(Person).filter_by(given_name="Luka")).one()
    assert (person.affiliation_id, person.vouched_by) == (giorgi.affiliation_id, giorgi.id)


def test_what_a_row_says_otherwise_is_changed(activity, giorgi):
    known = make_person("Eka Dvali", agency="Police", function="Analyst")

    done = confirm(bring(giorgi, HEADINGS + f"Eka,Dvali,,Customs,,,{known.ref}\n", activity))

    assert done == {2: ("changed", [])}
    db.session.remove()
    now = db.session.get(Person, known.id)
    assert (now.agency, now.function) == ("Customs", "Analyst")
    assert places_of(activity) == [("Eka", State.SUBMITTED)]


def test_the_same_file_twice_changes_nothing(activity, giorgi):
    data = HEADINGS + "Luka,Tsereteli,luka@mia.gov.ge,Police,,,\nEka,Dvali,,Customs,Analyst,GE,\n"
    confirm(bring(giorgi, data, activity))
    again = bring(giorgi, data, activity)
    kept = ("upload", "upload_row", "audit_entry", "audit_head")
    held = digest(kept)

    assert seen(again) == [(2, "already"), (3, "already")]
    assert confirm(again) == {2: ("already", []), 3: ("already", [])}
    assert digest(kept) == held


def test_all_or_nothing_is_nothing_when_a_row_is_wrong(activity, giorgi):
    data = HEADINGS + "Luka,Tsereteli,luka@mia.gov.ge,,,,\n{},Meladze,,,,,\n"
    before = officers()

    assert list(confirm(bring(giorgi, data.format("Зура"), activity), all_or_nothing=True)) == [3]
    assert (officers(), places_of(activity)) == (before, [])

    confirm(bring(giorgi, data.format("Zura"), activity), all_or_nothing=True)
    assert places_of(activity) == [("Luka", State.SUBMITTED), ("Zura", State.SUBMITTED)]


def test_all_or_nothing_takes_everything_back_when_a_deed_is_refused(activity, giorgi):
    """The rehearsal finds nothing, but the rules of a place say no to a row."""
    data = HEADINGS + f"Luka,Tsereteli,,,,,\nGiorgi,Focal,,,,,{giorgi.ref}\n"
    before = officers()
    brought = bring(giorgi, data, activity)
    actions.confirm(brought.id, all_or_nothing=True, tells=False, now=NOON)
    apply_uploads(NOON + timedelta(days=8))  # nominations are closed

    assert (upload(brought.ref).state, officers()) == ("failed", before)


def test_rows_of_another_state_are_refused_and_reveal_nobody(activity, giorgi):
    foreign = make_person("Arta Hoxha", state_code="AL")
    absent = "AAAA-AAAA-AAAA-AAAA"
    address = address_of(foreign)
    brought = bring(
        giorgi,
        HEADINGS
        + f"Arta,Hoxha,{address},,,Albania,\n"
        + "Nobody,Atall,nobody@police.al,,,Albania,\n"
        + f"Arta,Hoxha,,,,,{foreign.ref}\n"
        + f"Nobody,Atall,,,,,{absent}\n"
        + f"Arta,Hoxha,{address},,,,\n",
        activity,
    )

    one, two, three, four, five = look(brought)

    assert (one.outcome, one.problems) == (two.outcome, two.problems)
    assert one.problems[0].sentence.startswith("Only officers of your own State")
    assert three.outcome == four.outcome == "error"
    assert three.problems[0].sentence == four.problems[0].sentence
    assert (five.outcome, five.problems) == ("new", ())
    confirm(brought)
    assert places_of(activity) == [("Arta", State.SUBMITTED)]
    db.session.remove()
    assert db.session.get(Person, foreign.id).affiliation_id == state("AL").id
    assert db.session.scalar(
        select(PersonAddress.person_id).filter_by(address=address, is_primary=True)
    )


def test_a_killed_process_loses_nothing_and_repeats_nothing(activity, giorgi, monkeypatch):
    monkeypatch.setattr(applying, "ROWS_IN_A_BATCH", 2)
    rows = "".join(f"Officer,Number{'abcdefg'[n]},,,,,\n" for n in range(7))
    brought = bring(giorgi, HEADINGS + rows, activity)
    calls = []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    real = applying.people.add
    monkeypatch.setattr(applying.people, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        confirm(brought)
    assert (upload(brought.ref).done, len(places_of(activity))) == (2, 2)

    apply_uploads(NOON)

    assert upload(brought.ref).state == "done"
    assert len(places_of(activity)) == 7
    assert [outcome for outcome, _ in applied(brought).values()] == ["new"] * 7


def test_what_is_cancelled_goes_no_further(activity, giorgi, monkeypatch):
    monkeypatch.setattr(applying, "ROWS_IN_A_BATCH", 1)
    brought = bring(giorgi, HEADINGS + "Luka,A,,,,,\nEka,B,,,,,\n", activity)
    actions.confirm(brought.id, all_or_nothing=False, tells=False, now=NOON)
    real = applying.people.add

    def added(*args, **kwargs):
        monkeypatch.setattr(applying, "_may_still", lambda *_: False)
        return real(*args, **kwargs)

    monkeypatch.setattr(applying.people, "add", added)
    apply_uploads(NOON)

    assert (upload(brought.ref).state, len(places_of(activity))) == ("cancelled", 1)


def test_a_focal_point_whose_role_has_ended_applies_nothing_more(activity, giorgi):
    brought = bring(giorgi, HEADINGS + "Luka,A,,,,,\n", activity)
    actions.confirm(brought.id, all_or_nothing=False, tells=False, now=NOON)
    with transaction() as session:
        session.query(RoleGrant).filter_by(person_id=giorgi.id).update({"ended_at": NOON})
    apply_uploads(NOON)

    assert (upload(brought.ref).state, places_of(activity)) == ("cancelled", [])


def test_old_files_are_emptied_and_their_counts_stay(activity, giorgi):
    brought = bring(giorgi, HEADINGS + "Luka,A,,,,,\n", activity)
    confirm(brought)
    apply_uploads(NOON + actions.LASTS)

    db.session.remove()
    row = db.session.get(Upload, brought.id)
    assert (row.cells, row.source, row.name, row.done) == (None, None, "", 1)
    assert db.session.scalar(select(func.count(UploadRow.id))) == 0


def test_passwords_of_other_systems_are_not_kept(giorgi, cases):
    brought = bring(giorgi, (cases / "people" / "upload_users.csv").read_bytes())

    db.session.remove()
    row = db.session.get(Upload, brought.id)
    assert row.source is None
    assert b"verysecret" not in actions.zlib.decompress(row.cells)
    assert seen(brought) == [(2, "new"), (3, "new")]
    assert [outcome for outcome, _ in confirm(brought).values()] == ["new", "new"]


def test_the_number_of_queries_does_not_grow_with_the_rows(activity, giorgi, count_queries):
    def asked(rows):
        brought = bring(
            giorgi,
            HEADINGS + "".join(f"Officer,Number{'x' * n},,,,,\n" for n in range(1, rows)),
            activity,
        )
        count_queries.clear()
        look(brought)
        return len(count_queries)

    assert asked(4) == asked(60)
