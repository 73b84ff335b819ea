"""States keep the records of their own officers, administrators those of all."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from lms.database import db, transaction
from lms.models import (
    AuditEntry,
    ChangeRequest,
    Enrolment,
    LoginToken,
    Message,
    Person,
    PersonAddress,
    Registration,
    SignIn,
)
from lms.rules.access import Role
from tests.architecture.test_doors import REGISTERING
from tests.conftest import Browser
from tests.factories import NOON, address_of, make_person, make_staff, saved, state
from tests.features.courses import make_activity, make_place, publish_course

NEW = {name: value for name, value in REGISTERING.items() if name not in ("state", "privacy")}


@pytest.fixture
def focal(browser):
    """A focal point of Georgia, signed in."""
    browser.sign_in(make_staff(Role.FOCAL_POINT, name="Giorgi Maisuradze"), "focal_point")
    return browser


def administrator(app, name="Tomas Ferreira"):
    person = make_staff(Role.ADMINISTRATOR, name=name)
    return Browser(app).sign_in(person, "administrator"), person


def fresh(person_id):
    db.session.remove()
    return db.session.get_one(Person, person_id)


def added(browser, root="/state/officers", **fields):
    answer = browser.submit(f"{root}/new", **{**NEW, **fields})
    assert answer.status_code == 303, answer.text
    return re.search(rf"{root}/([\w-]+)", answer.location)[1]


def by_ref(ref):
    db.session.remove()
    return db.session.scalars(select(Person).filter_by(ref=ref)).one()


def test_a_focal_point_adds_an_officer_of_the_own_state(focal):
    person = by_ref(added(focal))

    assert (person.affiliation_id, person.vouched_at) == (state().id, NOON)
    assert "Abashidze, Ketevan" in focal.get("/state/officers").text


def test_a_focal_point_cannot_name_another_state(focal):
    answer = focal.submit("/state/officers/new", **NEW, state="AL")

    assert answer.status_code == 400


def test_each_field_that_is_wrong_has_its_sentence(focal):
    answer = focal.submit("/state/officers/new", **{**NEW, "given_name": "ქეთევან", "address": "k"})

    assert answer.text.count("Use Latin letters") == 2  # in the summary and at the field
    assert answer.text.count("Enter a work email address") == 2


def test_an_address_of_the_own_state_is_refused_and_a_foreign_one_tells_nothing(focal):
    own, foreign = make_person(), make_person("Arta Stranger", state_code="AL")
    refused = focal.submit("/state/officers/new", **{**NEW, "address": address_of(own)})
    taken = focal.submit("/state/officers/new", **{**NEW, "address": address_of(foreign)})
    free = focal.submit("/state/officers/new", **{**NEW, "address": "free@mia.gov.ge"})

    assert refused.status_code == 409
    assert (taken.status_code, free.status_code) == (303, 303)
    pages = [focal.get(one.location).text for one in (taken, free)]
    assert all("Arta" not in page and "not confirmed" in page for page in pages)


def test_no_list_count_or_search_shows_another_state(focal):
    make_person("Arta Stranger", state_code="AL", agency="Guardia")
    page = focal.get("/state/officers").text
    found = focal.get("/state/officers?who=stranger").text

    assert "1 person" in page
    assert "Stranger" not in page
    assert "0 people" in found
    assert "Albania" not in page


@pytest.mark.parametrize("who", ["beridze", "NINO BER", "ბერიძე", "person", "police", "ŞÜKRÜ"])
def test_people_are_found_by_name_address_and_service(focal, who):
    make_person("Nino Beridze", own_script_name="ნინო ბერიძე", agency="Şükrü Border Police")

    assert "Beridze, Nino" in focal.get("/state/officers", query_string={"who": who}).text


def test_the_list_asks_as_often_for_three_as_for_one(focal, count_queries):
    make_person("One Person")
    focal.get("/state/officers")
    count_queries.clear()
    focal.get("/state/officers")
    for_one = len(count_queries)
    for name in ("Two Person", "Three Person"):
        make_person(name)
    count_queries.clear()
    focal.get("/state/officers")

    assert len(count_queries) == for_one


def test_the_account_is_said_in_words_and_filtered(focal):
    make_person("Ana Active", joined_at=NOON)
    make_person("Sandro Suspended", suspended_at=NOON)
    ref = added(focal)
    focal.submit(f"/state/officers/{ref}/invite", page="/state/officers/new")
    names = {
        account: re.findall(r"<bdi>(\w+), ", focal.get(f"/state/officers?account={account}").text)
        for account in ("active", "invited", "suspended")
    }
    assert names == {"active": ["Active"], "invited": ["Abashidze"], "suspended": ["Suspended"]}


def test_an_invitation_goes_by_mail_and_the_newer_one_ends_the_older(focal):
    ref = added(focal)
    for _ in range(2):
        answer = focal.submit(f"/state/officers/{ref}/invite", page="/state/officers/new")
        assert answer.status_code == 303
    rows = db.session.scalars(select(LoginToken).order_by(LoginToken.id)).all()

    assert [row.ended_at for row in rows] == [NOON, None]
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2


def test_a_letter_holds_a_code_that_opens_an_account_without_mail(focal, app):
    ref = added(focal, address="")
    answer = focal.submit(f"/state/officers/{ref}/letter", page="/state/officers/new")
    paper = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", paper)[0]

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "/join" in paper
    opened = Browser(app).submit("/join", code=code, who="abashidze")
    assert "Ketevan Abashidze" in opened.text


def test_a_correction_keeps_the_former_name_as_history(focal):
    person = make_person()
    fields = {name: NEW[name] for name in NEW if name != "address"}
    focal.submit(f"/state/officers/{person.ref}/edit", **{**fields, "given_name": "Nina"})
    row = db.session.scalars(select(ChangeRequest)).one()

    assert fresh(person.id).name == "Nina Abashidze"
    assert (row.before["family_name"], row.granted) == ("Beridze", True)
    entry = db.session.scalars(select(AuditEntry).filter_by(deed="changed a person")).one()
    assert "Nina" not in str(entry.after)


def test_who_is_suspended_is_out_at_the_next_request_and_places_stay(focal, app):
    person = make_person()
    place = make_place(person, make_activity(publish_course("small")))
    officer = Browser(app).sign_in(person)
    assert officer.get("/learning").status_code == 200
    focal.submit(f"/state/officers/{person.ref}/access", reason="Left the service")

    assert officer.get("/learning").status_code == 303
    assert db.session.get_one(Enrolment, place.id).state == place.state
    focal.submit(f"/state/officers/{person.ref}/access", reason="Is back")
    assert fresh(person.id).suspended_at is None


def wish(code="GE", address="k@mia.gov.ge"):
    values = {"given_name": "Ketevan", "family_name": "Abashidze", "gender": "woman"}
    return saved(
        Registration(
            ref=f"aaaa-aaaa-aaaa-aa{code.lower()}".replace("l", "m"),
            affiliation_id=state(code).id,
            address=address,
            particulars={**values, "languages": ["en"]},
            made_at=NOON,
        )
    )


def test_vouching_makes_a_person_and_sends_the_invitation(focal):
    row = wish()
    focal.submit("/state/domains", domains="mia.gov.ge")
    assert "Known mail domain" in focal.get(f"/state/officers/registrations/{row.ref}").text
    focal.submit(f"/state/officers/registrations/{row.ref}", decision="yes")
    person = db.session.scalars(select(Person).filter_by(family_name="Abashidze")).one()

    assert (person.gender, person.languages) == ("woman", ["en"])
    assert db.session.scalars(select(Message.kind)).all() == ["invitation"]
    again = focal.get(f"/state/officers/registrations/{row.ref}")
    assert again.status_code == 404


def test_declining_needs_a_reason_and_makes_nobody(focal):
    row = wish(address="k@gmail.example")
    page = f"/state/officers/registrations/{row.ref}"
    focal.submit("/state/domains", domains="mia.gov.ge")
    assert "Not one of your mail domains" in focal.get(page).text
    assert focal.submit(page, decision="no").status_code == 409
    assert focal.submit(page, decision="no", reason="Unknown here").status_code == 303
    db.session.remove()
    row = db.session.scalars(select(Registration)).one()

    assert (row.granted, row.reason, row.particulars) == (False, "Unknown here", {})
    assert db.session.scalar(select(func.count()).select_from(PersonAddress)) == 1


def test_another_state_is_asked_for_by_one_administrator_and_agreed_by_a_second(app):
    person = make_staff(Role.FOCAL_POINT, name="Giorgi Maisuradze")
    place = make_place(person, make_activity(publish_course("small")))
    own = Browser(app).sign_in(person, "focal_point")
    first, _one = administrator(app)
    second, _two = administrator(app, "Helen Marsh")
    first.submit(f"/people/{person.ref}/state", state="AL", reason="Moved")
    row = db.session.scalars(select(ChangeRequest)).one()
    page = f"/people/requests/{row.ref}"

    assert first.submit(page, decision="yes").status_code == 409
    assert fresh(person.id).affiliation_id == state().id
    assert second.submit(page, decision="yes").status_code == 303
    assert fresh(person.id).affiliation_id == state("AL").id
    assert db.session.get_one(Enrolment, place.id).affiliation_id == state("GE").id
    assert own.get("/state/officers").status_code == 303  # signed out
    assert db.session.scalars(select(SignIn.ended_at).filter_by(person_id=person.id)).one()
    assert "request_granted" in db.session.scalars(select(Message.kind)).all()


def test_a_focal_point_decides_no_state_and_nobody_decides_about_themselves(app, focal):
    person = make_person()
    admin, me = administrator(app)
    admin.submit(f"/people/{person.ref}/state", state="AL", reason="Moved")
    moved = db.session.scalars(select(ChangeRequest.ref)).one()
    assert focal.get(f"/state/officers/requests/{moved}").status_code == 404

    admin.submit(f"/people/{me.ref}/state", state="AL", reason="Moved")
    mine = db.session.scalars(
        select(ChangeRequest.ref).where(ChangeRequest.person_id == me.id)
    ).one()
    assert admin.submit(f"/people/requests/{mine}", decision="yes").status_code == 409


def test_a_state_sees_no_place_that_was_taken_for_another(focal, app):
    person = make_person("Arta Moved", state_code="AL")
    make_place(person, make_activity(publish_course("small")))
    with transaction() as session:
        session.get_one(Person, person.id).affiliation_id = state("GE").id
    admin, _me = administrator(app)

    assert "small-2026" not in focal.get(f"/state/officers/{person.ref}").text
    assert "small-2026" in admin.get(f"/people/{person.ref}").text


def test_a_coordinator_reads_and_changes_nothing(app):
    person = make_person()
    coordinator = Browser(app).sign_in(make_staff(Role.COORDINATOR), "coordinator")
    page = coordinator.get(f"/people/{person.ref}").text

    assert address_of(person) in page
    assert "Correct" not in page
    assert "Add a person" not in coordinator.get("/people").text


@pytest.mark.parametrize(
    ("role", "links"),
    [(Role.ADMINISTRATOR, (True, False)), (Role.COORDINATOR, (False, True))],
)
def test_a_record_leads_to_what_the_role_may_do_for_the_person(app, role, links):
    person = make_person()
    page = Browser(app).sign_in(make_staff(role), role.value).get(f"/people/{person.ref}").text

    assert links == tuple(
        f'href="/people/{person.ref}/{end}"' in page for end in ("sign-in", "extra-time")
    )
