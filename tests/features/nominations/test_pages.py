"""The focal point's pages."""

import io
import re

import pytest
from flask import request
from sqlalchemy import select

from lms.database import db
from lms.features.nominations.uploads.jobs import apply_uploads
from lms.models import Enrolment, Message, Person, Upload, WomenShareReason
from lms.rules.enrolments import State
from lms.rules.particulars import Gender
from tests.factories import NOON, address_of, make_person
from tests.features.courses import publish_course
from tests.features.places import focal_point, make_nominating, make_quota, nominate, place

NEW = {
    "given_name": "Tamar",
    "family_name": "Lomidze",
    "address": "tamar@mia.gov.ge",
    "agency": "Patrol Police",
    "gender": "woman",
    "language": "en",
    "agreed": "y",
    "once": "a key of thirty-two signs or so..",
}


@pytest.fixture
def giorgi(app):
    return focal_point()


@pytest.fixture
def activity(app):
    return make_nominating(publish_course(), capacity=4)


@pytest.fixture
def desk(browser, giorgi):
    return browser.sign_in(giorgi, "focal_point")


def href(activity):
    return f"/state/activities/{activity.slug}"


def names(activity):
    db.session.remove()
    rows = db.session.execute(
        select(Person.given_name, Enrolment.state)
        .join(Person, Person.id == Enrolment.person_id)
        .filter(Enrolment.activity_id == activity.id)
        .order_by(Enrolment.rank, Enrolment.id)
    )
    return [tuple(row) for row in rows]


def test_the_first_page_lists_where_the_state_takes_part(desk, activity, giorgi):
    make_quota(activity, "GE", maximum=3)
    make_quota(activity, "AL", maximum=7)
    nominate(giorgi, activity)
    foreign = focal_point("AL")
    for _ in range(5):
        nominate(foreign, activity)

    page = desk.get("/state").text

    row = re.search(r"<tbody.*</tbody>", page, re.DOTALL)[0]
    assert re.findall(r'class="num">([^<]+)<', row)[:4] == ["0 of 3", "1", "0", "0"]
    assert "Albania" not in page


def test_an_activity_without_the_state_does_not_exist(desk, activity):
    make_quota(activity, "GE", maximum=0)

    assert desk.get(href(activity)).status_code == 404
    assert activity.slug not in desk.get("/state").text


def test_a_new_officer_is_added_invited_and_nominated_once(desk, activity, giorgi):
    answer = desk.submit(href(activity), **NEW)
    again = desk.submit(href(activity), **NEW)

    assert (answer.status_code, again.location) == (303, answer.location)
    assert names(activity) == [("Tamar", State.SUBMITTED)]
    person = db.session.scalars(select(Person).filter_by(given_name="Tamar")).one()
    assert (person.affiliation_id, person.vouched_by) == (giorgi.affiliation_id, giorgi.id)
    kinds = db.session.scalars(
        select(Message.kind).filter_by(person_id=person.id).order_by(Message.id)
    )
    assert list(kinds) == ["invitation", "nominated"]
    assert "Tamar Lomidze" in desk.get(answer.location).text


def test_mistakes_keep_what_was_typed(desk, activity):
    answer = desk.submit(href(activity), **{**NEW, "address": "tamar@", "agreed": ""})

    assert answer.status_code == 400
    assert 'value="tamar@"' in answer.text
    assert "Enter a work email address" in answer.text
    assert names(activity) == []


def test_an_officer_who_is_known_is_chosen_from_the_list(desk, activity):
    nino = make_person("Nino Beridze")
    make_person("Arta Hoxha", state_code="AL")

    answer = desk.submit(href(activity), **{**NEW, "address": address_of(nino)})
    assert "Nino Beridze has this address" in answer.text

    page = desk.get(f"{href(activity)}?q=beridze").text
    fields = dict(re.findall(r'name="(person|once)" value="([^"]+)"', page))
    assert fields["person"] == nino.ref
    sent = desk.submit(f"{href(activity)}/officers", href(activity), **fields)
    assert sent.status_code == 303
    assert names(activity) == [("Nino", State.SUBMITTED)]
    assert nino.ref not in desk.get(f"{href(activity)}?q=beridze").text.split('id="nominated"')[0]
    assert "No officer of your State fits" in desk.get(f"{href(activity)}?q=hoxha").text


def test_the_order_of_preference_moves_by_one(desk, activity, giorgi):
    first, second, third = (
        nominate(giorgi, activity, make_person(f"{name} Example")) for name in ("A", "B", "C")
    )

    desk.submit(f"{href(activity)}/order", href(activity), move=f"{third.ref}:up")
    assert [name for name, _ in names(activity)] == ["A", "C", "B"]
    desk.submit(f"{href(activity)}/order", href(activity), move=f"{first.ref}:down")
    assert [name for name, _ in names(activity)] == ["C", "A", "B"]
    assert desk.submit(f"{href(activity)}/order", href(activity), move="x:up").status_code == 400
    assert second.rank == 2


def test_a_nomination_is_withdrawn_and_replaced_with_a_reason(desk, activity, giorgi):
    nino, eka = make_person("Nino Beridze"), make_person("Eka Dvali")
    one = nominate(giorgi, activity, nino)

    assert desk.submit(f"/state/places/{one.ref}/withdraw", reason="").status_code == 400
    page = desk.get(f"/state/places/{one.ref}/replace?q=dvali").text
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    sent = desk.submit(
        f"/state/places/{one.ref}/replace?q=dvali", person=eka.ref, reason="Ill", once=once
    )
    assert sent.status_code == 303
    new = place(sent.location.rpartition("/")[2])
    assert (place(one.ref).state, new.person_id) == (State.SUBSTITUTED, eka.id)
    desk.submit(f"/state/places/{new.ref}/withdraw", reason="Not free")
    assert place(new.ref).state is State.WITHDRAWN
    assert "Not free" in desk.get(f"/state/places/{new.ref}").text


def test_fewer_women_than_asked_for_are_explained(desk, activity, giorgi):
    nominate(giorgi, activity, make_person("Levan Example", gender=Gender.MAN))
    assert "0 of 1 officers are women" in desk.get(href(activity)).text

    desk.submit(f"{href(activity)}/women", href(activity), reason="The unit has no women yet.")

    assert db.session.scalars(select(WomenShareReason.text)).all() == ["The unit has no women yet."]
    assert "The unit has no women yet." in desk.get(href(activity)).text


def test_foreign_places_and_files_do_not_exist(desk, activity):
    foreign = nominate(focal_point("AL"), activity)

    for path in ("", "/withdraw", "/replace", "/letter.pdf"):
        assert desk.get(f"/state/places/{foreign.ref}{path}").status_code == 404


def send(desk, url, data, name="officers.csv"):
    token = desk.token(url)
    return desk.post(
        url,
        data={"csrf_token": token, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def test_only_the_forms_with_a_file_take_much(app, desk, activity):
    most = {}
    for path in (f"{href(activity)}/upload", "/state/officers/upload", href(activity)):
        with app.test_request_context(path):
            app.preprocess_request()
            most[path.rpartition("/")[2]] = request.max_content_length

    assert most == {"upload": 20_100_000, activity.slug: 1_000_000}
    assert desk.post(href(activity), data={"given_name": "x" * 1_500_000}).status_code == 413


FILE = b"""first name;surname;e-mail;service
Tamar;Lomidze;tamar@mia.gov.ge;Patrol Police
Zurab;Meladze;zurab@mia,gov.ge;Patrol Police
"""


def test_a_file_is_checked_confirmed_applied_and_comes_back_with_remarks(desk, activity):
    sent = send(desk, f"{href(activity)}/upload", FILE)
    assert sent.status_code == 303, sent.text
    page = desk.get(sent.location)
    assert "Check 2 rows" in page.text
    assert "zurab@mia,gov.ge" in page.text
    assert "Write a full stop, not a comma, in the email address." in page.text
    assert "UTF-8, cells divided by semicolon" in page.text
    assert names(activity) == []

    desk.submit(sent.location, how="valid")
    assert "0 of 2 rows" in desk.get(sent.location).text
    apply_uploads(NOON)

    assert names(activity) == [("Tamar", State.SUBMITTED)]
    assert db.session.scalars(select(Message.id)).all() == []  # nobody is told unasked
    assert "1 row applied" in desk.get(sent.location).text
    remarks = desk.get(f"{sent.location}/remarks").data
    assert remarks.decode("utf-8-sig").splitlines() == [
        '"first name";"surname";"e-mail";"service";"status";"message"',
        '"Tamar";"Lomidze";"tamar@mia.gov.ge";"Patrol Police";"new";""',
        '"Zurab";"Meladze";"zurab@mia,gov.ge";"Patrol Police";"error";'
        '"e-mail: “zurab@mia,gov.ge”. Write a full stop, not a comma, in the email address."',
    ]
    mended = remarks.replace(b'"zurab@mia,gov.ge"', b'"zurab@mia.gov.ge"')
    again = send(desk, f"{href(activity)}/upload", mended)
    desk.submit(again.location, how="all", tells="y")
    apply_uploads(NOON)
    assert [name for name, _ in names(activity)] == ["Tamar", "Zurab"]
    kinds = db.session.scalars(select(Message.kind).order_by(Message.kind))
    assert list(kinds) == ["invitation", "nominated"]


def test_a_file_can_be_read_in_another_encoding(desk, activity):
    data = "имя;фамилия;ведомство\nNino;Beridze;Полиция\n".encode("cp1251")
    sent = send(desk, f"{href(activity)}/upload", data)
    assert "Полиция" in desk.get(sent.location).text

    desk.submit(f"{sent.location}/reading", sent.location, encoding="cp1251", delimiter="semicolon")
    assert "Полиция" in desk.get(sent.location).text
    wrong = desk.submit(
        f"{sent.location}/reading", sent.location, encoding="cp1252", delimiter="semicolon"
    )
    assert (wrong.status_code, "This is missing" in wrong.text) == (409, True)


def test_what_is_no_table_is_refused_beside_the_field(desk, activity):
    for data, words in ((b"%PDF-1.7", "This is no table"), (b"", "Choose a file.")):
        answer = send(desk, f"{href(activity)}/upload", data, "" if not data else "a.pdf")
        assert (answer.status_code, words in answer.text) == (400, True)
    assert db.session.scalars(select(Upload.id)).all() == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_that_was_taken_out_goes_in_again_and_changes_nothing(desk, activity, giorgi, kind):
    nominate(
        giorgi,
        activity,
        make_person("Nino Beridze", agency="=cmd|' /C calc'!A0", function="+1"),
        motivation="@home",
    )
    make_person("Eka Dvali", agency="'quoted", own_script_name="ეკა დვალი", gender=Gender.WOMAN)
    nominated = desk.submit(f"{href(activity)}/officers.{kind}", reason="A list").data
    everybody = desk.submit(f"/state/officers.{kind}", reason="A list").data

    for data, url, rows in (
        (nominated, f"{href(activity)}/upload", 1),
        (everybody, "/state/officers/upload", 3),
    ):
        sent = send(desk, url, data, f"a.{kind}")
        page = desk.get(sent.location).text
        assert page.count("Already there</span>") == rows, page
        assert "This file would change nothing." in page


def test_the_template_is_read_and_offers_the_services_of_the_state(desk, activity):
    make_person("Nino Beridze", agency="Border Police")
    data = desk.get(f"{href(activity)}/template.xlsx").data

    answer = send(desk, f"{href(activity)}/upload", data, "t.xlsx")

    assert "This file has no rows." in answer.text


def test_letters_and_the_annex_are_downloads(desk, activity, giorgi):
    one = nominate(giorgi, activity)
    assert desk.get(f"/state/places/{one.ref}/letter.pdf").status_code == 404

    annex = desk.get(f"{href(activity)}/annex.pdf")

    assert annex.data.startswith(b"%PDF-")
    assert annex.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(f"{href(activity)}/annex.pdf").data == annex.data


def test_the_lists_ask_the_same_number_of_questions(desk, activity, giorgi, count_queries):
    def asked(url):
        count_queries.clear()
        assert desk.get(url).status_code == 200
        return len(count_queries)

    nominate(giorgi, activity)
    few = asked("/state"), asked(href(activity))
    nominate(giorgi, activity)
    nominate(giorgi, make_nominating(publish_course("more")))
    assert (asked("/state"), asked(href(activity))) == few
