"""Erasure leaves nobody's name in any table or file, all totals, and a proof."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url

from lms.app import cli
from lms.database import db, transaction
from lms.deeds import chain
from lms.deeds.messages import tell
from lms.features.admin import doctor
from lms.features.messages.jobs import send_messages
from lms.features.privacy import actions
from lms.models import (
    Answer,
    AuditEntry,
    Base,
    Certificate,
    ChangeRequest,
    Enrolment,
    Erasure,
    Message,
    Person,
    PersonAddress,
    Registration,
    RoleGrant,
    SecondFactor,
    Upload,
    UploadRow,
)
from lms.models.changes import ChangeKind
from lms.models.personal import OF_PEOPLE
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.messages import Kind
from tests.conftest import POSTGRES, Browser
from tests.factories import NOON, make_person, make_staff, reference, saved
from tests.features.courses import complete, make_activity, make_place, publish_course
from tests.threads import refusals, together

CANARIES = ("Kanarienvogel", "კანარი", "canary@example.org", "Canary Agency", "canary-words")


@pytest.fixture
def data(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)
    return tmp_path


@pytest.fixture
def canary(app, data):
    """An officer with a completed course, a certificate with its file, mail, and much else."""
    person = make_person(
        "Tweety Kanarienvogel",
        own_script_name="კანარი",
        agency="Canary Agency",
        function="canary-words",
        gender="woman",
        rank_band="senior",
    )
    made = publish_course()
    make_place(person, make_activity(made, slug="small-2026-11"))
    browser = Browser(app).sign_in(person)
    code = complete(browser, made).code
    assert browser.get(f"/certificates/{code}.pdf").status_code == 200
    db.session.remove()
    with transaction() as session:
        session.execute(
            update(PersonAddress).filter_by(person_id=person.id).values(address=CANARIES[2])
        )
        session.execute(update(Enrolment).values(motivation="canary-words"))
        answer = next(one for one in session.scalars(select(Answer)) if "chosen" in one.value)
        answer.value = {**answer.value, "text": "canary-words"}
        facts = {"course": "C", "reason": "canary-words"}
        tell(session, person_id=person.id, kind=Kind.REJECTED, event="e", now=NOON, facts=facts)
    particulars = {"family_name": "Kanarienvogel"}
    upload = Upload(
        ref=reference(), name="list.csv", sha256="a" * 64, size=1, row_count=1, made_at=NOON,
        expires_at=NOON, cells=b"Kanarienvogel", source=b"Kanarienvogel",
    )  # fmt: skip
    saved(
        Registration(
            ref=reference(), affiliation_id=person.affiliation_id, address=CANARIES[2],
            particulars=particulars, made_at=NOON, person_id=person.id,
        ),
        ChangeRequest(
            ref=reference(), person_id=person.id, kind=ChangeKind.NAME, before=particulars,
            wanted=particulars, reason="canary-words", made_at=NOON,
        ),
        SecondFactor(person_id=person.id, secret="canary-words", made_at=NOON, confirmed_at=NOON),
        upload,
    )  # fmt: skip
    saved(
        UploadRow(
            upload_id=upload.id,
            number=1,
            outcome="created",
            remarks=[["name", "Kanarienvogel", "", {}]],
            person_id=person.id,
        )
    )
    send_messages(NOON)
    db.session.remove()
    return person, code


def found_in_tables() -> set[tuple[str, str]]:
    db.session.remove()
    with db.engine.connect() as connection:
        return {
            (name, word)
            for name, table in Base.metadata.tables.items()
            for row in connection.execute(table.select())
            for word in CANARIES
            if word in repr(tuple(row)) or word in json.dumps(repr(row))
        }


def found_in_files(folder) -> set[tuple[str, str]]:
    return {
        (file.name, word)
        for file in folder.rglob("*")
        if file.is_file()
        for word in CANARIES
        if word.encode() in file.read_bytes()
    }


def erased(app, person) -> None:
    first, second = (make_staff(Role.ADMINISTRATOR, name=f"Admin {n}") for n in "AB")
    actions.ask(person.id, now=NOON)
    db.session.remove()
    wish = db.session.scalars(select(Erasure)).one().id
    actions.accept(wish, now=NOON, actor=first.id)
    actions.confirm(wish, now=NOON, actor=second.id, data=app.config["DATA"])


def test_no_word_of_the_person_is_left_in_a_table_or_a_file(app, canary, data):
    assert {word for _, word in found_in_tables()} == set(CANARIES)
    assert found_in_files(data / "outbox")
    sha256 = db.session.scalars(select(Certificate.pdf_sha256)).one()
    paper = data / "files" / sha256[:2] / sha256
    assert paper.exists()

    erased(app, canary[0])

    assert found_in_tables() == set()
    assert found_in_files(data) == set()
    assert not paper.exists()
    assert db.session.scalars(select(Erasure.files)).one() == []


@pytest.mark.skipif(bool(POSTGRES), reason="the pages of SQLite's file")
def test_no_word_of_the_person_is_left_in_the_database_file(app, canary):
    assert len(words_in_the_database_file(app)) > 2
    erased(app, canary[0])

    assert words_in_the_database_file(app) == []


def words_in_the_database_file(app) -> list[str]:
    db.session.remove()
    db.engine.dispose()
    file = Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database)
    content = b"".join(one.read_bytes() for one in file.parent.glob("lms.sqlite*"))
    return [word for word in CANARIES if word.encode() in content]


def test_totals_grades_and_the_chain_stay_as_they_were(app, canary):
    coordinator = Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")
    before = figures(coordinator)
    for check in doctor.CHECKS:
        assert list(check()) == [], check.__name__

    erased(app, canary[0])

    assert figures(coordinator) == before
    for check in doctor.CHECKS:
        assert list(check()) == [], check.__name__
    db.session.remove()
    assert chain.check(db.session, app.config["AUDIT_KEY"]).fault == ""
    person = db.session.get_one(Person, canary[0].id)
    assert (person.name, person.gender, person.rank_band) == ("Erased person", "woman", "senior")


def figures(coordinator) -> list[str]:
    page = coordinator.get("/reports/small").text
    return re.findall(r"<dd>.*?</dd>|<td[^>]*>[^<]*</td>", page.partition('<h2 id="officers"')[0])


def test_the_certificate_is_still_checked_and_tells_whether_a_surname_fits(app, canary, browser):
    _, code = canary
    erased(app, canary[0])
    page = browser.get(f"/verify/{code}").text
    assert "This certificate is valid" in page
    assert "name was erased" in page

    assert "typed is the holder" in browser.get(f"/verify/{code}?surname=kanarienvogel").text
    assert "typed is not the holder" in browser.get(f"/verify/{code}?surname=Beridze").text


def test_an_erased_person_is_out_at_the_next_request(app, canary):
    browser = Browser(app).sign_in(canary[0])
    erased(app, canary[0])

    assert browser.get("/learning").location.startswith("/sign-in")


def test_a_record_merged_into_it_is_erased_too(app, data):
    person = make_person("Tweety Kanarienvogel")
    make_person("Tweety Kanarienvogel", merged_into=person.id)
    erased(app, person)

    assert found_in_tables() == set()


def test_one_administrator_is_not_enough(app, data):
    person, first = make_person(), make_staff(Role.ADMINISTRATOR)
    actions.ask(person.id, now=NOON)
    wish = db.session.scalars(select(Erasure.id)).one()

    def confirm() -> None:
        actions.confirm(wish, now=NOON, actor=first.id, data=data)

    assert refusals(together(app, [confirm])) == [
        "Another administrator has to accept this request first."
    ]
    actions.accept(wish, now=NOON, actor=first.id)
    assert refusals(together(app, [confirm])) == [
        "You have accepted it: a second administrator confirms."
    ]
    db.session.remove()
    assert db.session.get_one(Person, person.id).erased_at is None


def test_nobody_decides_on_their_own_request(app, data):
    me = make_staff(Role.ADMINISTRATOR)
    actions.ask(me.id, now=NOON)
    wish = db.session.scalars(select(Erasure.id)).one()

    given = together(app, [lambda: actions.accept(wish, now=NOON, actor=me.id)])
    assert refusals(given) == ["You cannot decide on your own request. Ask your colleagues."]


def test_who_still_learns_leaves_first(app, data):
    person = make_person()
    make_place(person, make_activity(publish_course()))

    given = together(app, [lambda: actions.ask(person.id, now=NOON)])
    assert len(refusals(given)) == 1
    assert db.session.scalars(select(Erasure)).all() == []


def test_of_two_requests_and_two_confirmations_one_counts(app, data):
    person = make_person()
    asked = together(app, [lambda: actions.ask(person.id, now=NOON)] * 4)
    assert len(refusals(asked)) == 3
    wish = db.session.scalars(select(Erasure.id)).one()
    admins = [make_staff(Role.ADMINISTRATOR, name=f"Admin {n}").id for n in "ABC"]
    actions.accept(wish, now=NOON, actor=admins[0])
    done = together(
        app,
        [
            lambda: actions.confirm(wish, now=NOON, actor=admins[1], data=data),
            lambda: actions.confirm(wish, now=NOON, actor=admins[2], data=data),
        ],
    )
    assert len(refusals(done)) == 1
    deeds = db.session.scalars(select(AuditEntry.deed)).all()
    assert deeds.count("erased a person") == 1


def test_open_roles_end(app, data):
    person = make_staff(Role.TRAINER, courses=(publish_course().course.id,))
    erased(app, person)

    grants = db.session.scalars(select(RoleGrant).filter_by(person_id=person.id)).all()
    assert [one.ended_at for one in grants] == [NOON]


# The pages


def test_a_person_asks_and_takes_back(browser, data):
    browser.sign_in(make_person())
    assert browser.submit("/account/data/erasure").location == "/account/data"
    assert "Take the request back" in browser.get("/account/data").text
    browser.submit("/account/data/erasure/back", page="/account/data")

    assert "Ask for erasure" in browser.get("/account/data").text
    db.session.remove()
    assert db.session.scalars(select(Erasure.ended_at)).one() == NOON


def test_two_administrators_decide_on_the_page(app, data):
    person = make_person("Amina Away")
    actions.ask(person.id, now=NOON)
    ref = db.session.scalars(select(Erasure.ref)).one()
    for name, decision in (("Ada A", "accept"), ("Bea B", "confirm")):
        admin = Browser(app).sign_in(make_staff(Role.ADMINISTRATOR, name=name), "administrator")
        assert "Amina Away" in admin.get("/admin/erasures").text
        answer = admin.submit(
            f"/admin/erasures/{ref}", page="/admin/erasures", decision=decision, reason=""
        )
        assert answer.status_code == 303
    db.session.remove()
    assert db.session.get_one(Person, person.id).name == "Erased person"
    kinds = db.session.scalars(select(Message.kind).filter_by(person_id=person.id)).all()
    assert kinds == ["erasure_accepted"]


def test_a_declined_request_says_why_and_a_reason_is_needed(app, browser, data):
    person = make_person()
    actions.ask(person.id, now=NOON)
    ref = db.session.scalars(select(Erasure.ref)).one()
    admin = Browser(app).sign_in(make_staff(Role.ADMINISTRATOR, name="Ada A"), "administrator")
    fields = {"page": "/admin/erasures", "decision": "decline"}
    assert admin.submit(f"/admin/erasures/{ref}", **fields, reason=" ").status_code == 409
    assert admin.submit(f"/admin/erasures/{ref}", **fields, reason="Not yet").status_code == 303

    assert "Not yet" in browser.sign_in(person).get("/account/data").text


def test_my_data_holds_everything_that_is_told(app, canary):
    person, code = canary
    answer = Browser(app).sign_in(person).get("/account/data.json")
    held = json.loads(answer.data)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert set(held) == {"made_at", *OF_PEOPLE}
    for name, holding in OF_PEOPLE.items():
        for row in held[name]:
            assert set(row) == {one.removesuffix("_id") for one in holding.told.split()}
    for word in (*CANARIES, code):
        assert word in answer.data.decode()
    assert held["enrolment"][0]["activity"] == "small-2026-11"
    assert held["person"][0]["affiliation"] == "GE"
    for secret in (person.password_hash or "argon2", '"id":'):
        assert secret not in answer.data.decode()


def test_my_data_holds_nothing_of_another_person(app, canary):
    other = make_person("Somebody Else")
    held = json.loads(Browser(app).sign_in(other).get("/account/data.json").data)

    assert not [word for word in CANARIES if word in json.dumps(held, ensure_ascii=False)]
    assert [row["family_name"] for row in held["person"]] == ["Else"]
    assert held["enrolment"] == held["answer"] == held["certificate"] == []


def test_the_command_shows_what_would_go_and_changes_nothing(app):
    done = app.test_cli_runner().invoke(cli, ["privacy", "retention"])

    assert done.exit_code == 0, done.output
    assert "answers (12 months): 0" in done.output
    assert "Nothing was changed." in done.output
    assert db.session.scalar(text("SELECT count(*) FROM retention_run")) == 0


def test_a_certificate_of_nobody_erased_is_left_alone(app, canary, data):
    erased(app, make_person("Somebody Else"))

    assert db.session.scalars(select(Certificate.snapshot)).one()["family_name"] == CANARIES[0]
    states = db.session.scalars(select(Enrolment.state)).all()
    assert states == [State.COMPLETED]
