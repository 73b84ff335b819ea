"""Each person reads their own messages; administrators see what was sent and write the words."""

import pytest
from sqlalchemy import select

from lms.database import db, transaction
from lms.deeds.messages import tell
from lms.features.messages.jobs import send_messages
from lms.models import AuditEntry, Delivery, Message, MessagePreference, MessageTemplate
from lms.rules.access import Role
from lms.rules.messages import KINDS, Kind
from tests.factories import NOON, make_person, make_staff


def told(person, *kinds: Kind, **values) -> None:
    given = {"course": "Precursors", "position": "2", "reason": "Too late", **values}
    with transaction() as session:
        for kind in kinds:
            facts = {name: given.get(name, NOON.isoformat()) for name in KINDS[kind].facts}
            token = "secret-token" if KINDS[kind].secret else ""
            tell(
                session,
                person_id=person.id,
                kind=kind,
                event=f"e:{kind}",
                now=NOON,
                facts=facts,
                link="/reset/" if token else "/learning",
                token=token,
            )


def test_a_person_reads_their_own_messages_alone(browser):
    person = make_person()
    told(person, Kind.RESERVE)
    told(make_person(), Kind.REJECTED)
    page = browser.sign_in(person).get("/messages").text

    assert "You are number 2 on the waiting list" in page
    assert "Too late" not in page


def test_the_header_counts_what_is_new_until_it_is_marked(browser):
    person = make_person()
    told(person, Kind.RESERVE, Kind.REJECTED, Kind.PASSWORD_RESET)
    browser.sign_in(person)
    assert "Messages (2" in browser.get("/learning").text

    browser.submit("/messages/read", page="/messages")

    assert "Messages (" not in browser.get("/learning").text


def test_a_secret_link_is_never_shown_in_the_application(browser):
    person = make_person()
    told(person, Kind.PASSWORD_RESET)
    page = browser.sign_in(person).get("/messages").text

    assert "the link stands in the mail alone" in page
    assert "secret-token" not in page
    assert "/reset/" not in page


def test_messages_come_in_pages(browser):
    person = make_person()
    with transaction() as session:
        for number in range(25):
            facts = {"course": f"Course-{number:02}", "position": "1"}
            tell(
                session,
                person_id=person.id,
                kind=Kind.RESERVE,
                event=str(number),
                now=NOON,
                facts=facts,
            )
    browser.sign_in(person)

    assert browser.get("/messages").text.count("<article") == 20
    assert browser.get("/messages?page=2").text.count("<article") == 5
    for none in ("3", "0", "x", "00000001" + "9" * 20, "00000001" + "9" * 5_000):
        assert browser.get(f"/messages?page={none}").status_code == 404


def test_a_person_chooses_what_comes_by_mail(browser):
    person = make_person()
    browser.sign_in(person)
    optional = [kind for kind in Kind if not KINDS[kind].mandatory]
    wanted = [kind.value for kind in optional if kind is not Kind.RESERVE]
    browser.submit("/account/messages", kind=wanted)

    kept = db.session.execute(select(MessagePreference.kind, MessagePreference.by_mail)).all()
    assert kept == [("reserve", False)]
    assert browser.submit("/account/messages", kind="offered").status_code == 400

    browser.submit("/account/messages", kind=[*wanted, "reserve"])
    db.session.remove()
    assert db.session.scalars(select(MessagePreference.by_mail)).all() == [True]


@pytest.fixture
def administrator(browser):
    return browser.sign_in(make_staff(Role.ADMINISTRATOR), "administrator")


def test_an_administrator_sees_states_and_sends_again(administrator, monkeypatch):
    told(make_person("Amina Late"), Kind.RESERVE)
    with monkeypatch.context() as patch:
        patch.setitem(administrator.app.config, "SMTP_URL", "smtp://127.0.0.1:1")
        for _ in range(10):
            send_messages(db.session.scalars(select(Message.next_try_at)).one())
            db.session.remove()
    page = administrator.get("/admin/messages?state=dead").text
    assert "Amina Late" in page
    assert "cannot be reached" in page

    ref = db.session.scalars(select(Message.ref)).one()
    administrator.submit(f"/admin/messages/{ref}/resend", page="/admin/messages")

    db.session.remove()
    row = db.session.scalars(select(Message)).one()
    assert (row.state, row.tries) == (Delivery.QUEUED, 0)
    assert "sent a message again" in db.session.scalars(select(AuditEntry.deed)).all()
    again = administrator.submit(f"/admin/messages/{ref}/resend", page="/account/display")
    assert again.status_code == 409


def test_a_message_with_a_secret_link_is_not_sent_again(administrator):
    told(make_person(), Kind.PASSWORD_RESET)
    ref = db.session.scalars(select(Message.ref)).one()
    answer = administrator.submit(f"/admin/messages/{ref}/resend", page="/account/display")

    assert answer.status_code == 409


WORDS = "/admin/messages/words/reserve/en"


def test_an_administrator_writes_words_that_are_used_at_once(administrator, browser):
    person = make_person()
    told(person, Kind.RESERVE)
    body = "Place {position} for {course}.\n\nBe patient."
    answer = administrator.submit(WORDS, subject="The list", body=body)
    assert answer.status_code == 303

    page = browser.sign_in(person).get("/messages").text
    assert "Place 2 for Precursors." in page
    assert "The list" in page


@pytest.mark.parametrize(
    ("subject", "body", "why"),
    [
        ("The list", "Place {position}.", "{course} is missing"),
        ("The list", "{position} {course} {name}", "{name} is no placeholder"),
        ("The list of {course}", "{position} {course}", "a subject names no person"),
        ("", "{position} {course}", "Write this too"),
        ("The list", "", "Write this too"),
        ("L" * 121, "{position} {course}", "120"),
    ],
)
def test_words_that_do_not_fit_are_not_kept_and_stay_in_the_form(administrator, subject, body, why):
    answer = administrator.submit(WORDS, subject=subject, body=body)

    assert answer.status_code == 422
    assert why in answer.text
    assert f">{body}</textarea>" in answer.text.replace("\r\n", "")
    assert db.session.scalars(select(MessageTemplate)).all() == []


def test_empty_words_bring_the_built_in_ones_back(administrator, browser):
    administrator.submit(WORDS, subject="The list", body="{position} {course}")
    administrator.submit(WORDS, subject="", body="")
    person = make_person()
    told(person, Kind.RESERVE)

    assert "You are on the waiting list" in browser.sign_in(person).get("/messages").text


@pytest.mark.parametrize("url", ["/admin/messages?state=lost", "/admin/messages/words/reserve/xx"])
def test_an_address_that_means_nothing_is_not_found(administrator, url):
    assert administrator.get(url).status_code == 404


def test_lists_take_the_same_queries_for_one_message_and_three(administrator, count_queries):
    taken = []
    for _ in range(3):
        told(make_person(), Kind.RESERVE)
        count_queries.clear()
        administrator.get("/admin/messages")
        taken.append(len(count_queries))

    assert taken[0] == taken[2]
