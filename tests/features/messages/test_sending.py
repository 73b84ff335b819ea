"""Mail goes out once, in the reader's language, and is tried again until it is given up."""

import email
from datetime import timedelta
from email import policy

import pytest
from sqlalchemy import select, update

from lms.app import cli
from lms.database import db, transaction
from lms.deeds.messages import tell
from lms.features.messages import actions
from lms.features.messages.jobs import send_messages
from lms.models import Delivery, Message, MessagePreference, MessageTemplate, PersonAddress
from lms.rules.access import Role
from lms.rules.messages import Kind
from lms.rules.sending import MOST_TRIES, WAITS
from tests.factories import NOON, address_of, make_person, make_staff, saved
from tests.features.messages.post import post
from tests.threads import together

TOKEN = "a-token-that-opens-an-account"


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)
    return tmp_path / "outbox"


def told(person, kind=Kind.RESERVE, **values) -> Message:
    facts = {"course": "Precursors", "position": "2"}
    with transaction() as session:
        tell(
            session,
            **{
                "person_id": person.id,
                "kind": kind,
                "event": "e",
                "now": NOON,
                "facts": facts,
                "link": "/learning",
                **values,
            },
        )
    return only()


def reset(person, **values) -> Message:
    until = (NOON + timedelta(hours=1)).isoformat()
    given = {"facts": {"until_at": until}, "link": "/reset/", "token": TOKEN, **values}
    return told(person, Kind.PASSWORD_RESET, **given)


def only() -> Message:
    db.session.remove()
    return db.session.scalars(select(Message)).one()


def letters(folder):
    return [
        email.message_from_bytes(file.read_bytes(), policy=policy.SMTP)
        for file in sorted(folder.glob("*.eml"))
    ]


def test_without_a_server_the_letter_is_a_file_that_the_owner_alone_reads(folder):
    person = make_person()
    message = told(person)

    assert send_messages(NOON) == 1
    (letter,) = letters(folder)
    assert (letter["To"], letter["From"]) == (address_of(person), "no-reply@localhost")
    assert letter["Message-ID"] == f"<{message.ref}@localhost>"
    assert letter["Subject"] == "You are on the waiting list"
    plain, light = (part.get_content() for part in letter.iter_parts())
    assert "“Precursors”" in plain
    assert "http://localhost/learning" in plain
    assert '<a href="http://localhost/learning">' in light
    assert next(folder.glob("*.eml")).stat().st_mode & 0o777 == 0o600
    assert (only().state, only().address) == (Delivery.SENT, address_of(person))


def test_a_second_run_sends_nothing(folder):
    told(make_person())

    assert [send_messages(NOON), send_messages(NOON + timedelta(days=9))] == [1, 0]


def test_eight_processes_send_one_letter(app):
    with post() as server:
        app.config["SMTP_URL"] = server.url
        try:
            told(make_person())
            gone = together(app, [lambda: send_messages(NOON)] * 8)
        finally:
            app.config["SMTP_URL"] = ""

    assert (sum(gone), len(server.letters)) == (1, 1)


def test_a_process_that_ends_in_the_midst_leaves_the_letter_to_the_next(folder):
    message = told(make_person())
    assert actions.claim(message.id, now=NOON) is not None

    assert send_messages(NOON + timedelta(minutes=1)) == 0
    assert send_messages(NOON + timedelta(minutes=6)) == 1


def test_a_server_that_is_away_is_tried_again_and_given_up_at_last(app, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    reset(
        make_person(),
        facts={"until_at": (NOON + timedelta(days=9)).isoformat()},
    )
    now = NOON
    for wait in WAITS:
        send_messages(now)
        assert (only().state, only().next_try_at) == (Delivery.QUEUED, now + wait)
        now += wait
    send_messages(now)

    assert (only().state, only().tries, only().token) == (Delivery.DEAD, MOST_TRIES, "")
    assert "127.0.0.1" not in only().error


def test_an_address_that_refuses_is_marked_and_the_focal_point_told(app, monkeypatch):
    person = make_person()
    focal_point = make_staff(Role.FOCAL_POINT)
    make_staff(Role.FOCAL_POINT, state_code="AL")
    with post(refuse=550) as server:
        monkeypatch.setitem(app.config, "SMTP_URL", server.url)
        told(person)
        send_messages(NOON)

    db.session.remove()
    rows = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [(row.kind, row.person_id, row.state) for row in rows] == [
        ("reserve", person.id, Delivery.BOUNCED),
        ("mail_bounced", focal_point.id, Delivery.QUEUED),
    ]
    marked = db.session.scalars(
        select(PersonAddress.person_id).where(PersonAddress.bounced_at.is_not(None))
    ).all()
    assert marked == [person.id]


def test_an_address_that_is_busy_is_tried_again(app, monkeypatch):
    with post(refuse=451) as server:
        monkeypatch.setitem(app.config, "SMTP_URL", server.url)
        told(make_person())
        send_messages(NOON)

    assert (only().state, only().error) == (
        Delivery.QUEUED,
        "the address was refused for now (451)",
    )


def test_the_token_is_in_the_mail_alone_and_gone_when_it_is_sent(folder):
    message = reset(make_person())
    assert message.token == TOKEN

    send_messages(NOON)

    assert f"http://localhost/reset/{TOKEN}" in letters(folder)[0].get_body().get_content()
    assert only().token == ""


def test_a_link_that_works_no_more_is_not_sent(folder):
    reset(make_person())

    assert send_messages(NOON + timedelta(hours=2)) == 0
    assert (only().state, only().token) == (Delivery.DEAD, "")


def test_a_person_without_an_address_keeps_no_token_and_gets_no_mail(folder):
    person = make_person()
    with transaction() as session:
        session.execute(update(PersonAddress).values(is_primary=False))
    reset(person)

    assert send_messages(NOON) == 0
    assert (only().state, only().token) == (Delivery.IN_APP, "")


def test_a_kind_that_is_not_wanted_stays_in_the_application_unless_it_is_mandatory(folder):
    person = make_person()
    for kind in (Kind.RESERVE, Kind.OFFERED):
        saved(MessagePreference(person_id=person.id, kind=kind.value, by_mail=False))
    told(person)
    facts = {"course": "Precursors", "until_at": NOON.isoformat()}
    with transaction() as session:
        tell(session, person_id=person.id, kind=Kind.OFFERED, event="f", now=NOON, facts=facts)

    send_messages(NOON)

    db.session.remove()
    states = dict(db.session.execute(select(Message.kind, Message.state)).all())
    assert states == {"reserve": Delivery.IN_APP, "offered": Delivery.SENT}


def test_an_instant_is_said_in_the_readers_zone_and_in_viennas(folder):
    person = make_person(time_zone="Asia/Almaty")
    told(person, Kind.OFFERED, facts={"course": "Precursors", "until_at": NOON.isoformat()})
    send_messages(NOON)

    words = letters(folder)[0].get_body().get_content().replace("\r\n", " ")
    assert "4 December 2026, 17:00 +05 (4 December 2026, 13:00 CET)" in words


def test_the_letter_is_in_the_language_of_the_person_with_the_administrators_words(
    app, folder, monkeypatch
):
    monkeypatch.setitem(app.config, "LANGUAGES", ("en", "de"))
    writer = make_staff(Role.ADMINISTRATOR)
    saved(
        MessageTemplate(
            kind="reserve",
            language="de",
            subject="Warteliste",
            body="{course}: Platz {position} der Warteliste.",
            changed_at=NOON,
            changed_by=writer.id,
        )
    )
    told(make_person(language="de"))
    send_messages(NOON)

    (letter,) = letters(folder)
    assert (letter["Subject"], letter["Content-Language"]) == ("Warteliste", "de")
    assert "Precursors: Platz 2 der Warteliste." in letter.get_body().get_content()


def test_markup_in_a_fact_is_text_in_the_html_part(folder):
    told(make_person(), facts={"course": "<img src=x>", "position": "2"})
    send_messages(NOON)

    plain, light = (part.get_content() for part in letters(folder)[0].iter_parts())
    assert ("<img src=x>" in plain, "<img" in light, "&lt;img src=x&gt;" in light) == (
        True,
        False,
        True,
    )


def test_mail_that_comes_back_later_is_marked_by_its_reference(app, folder):
    person = make_person()
    message = told(person)
    runner = app.test_cli_runner()
    db.session.remove()
    assert runner.invoke(cli, ["messages", "send"]).output == "Sent 1 messages.\n"
    done = runner.invoke(cli, ["messages", "bounced", message.ref.upper()])

    assert done.output == "The message and the address are marked.\n"
    assert only().state is Delivery.BOUNCED
    assert db.session.scalars(select(PersonAddress.bounced_at)).all() == [NOON]
    assert runner.invoke(cli, ["messages", "bounced", "nothing"]).exit_code == 1
