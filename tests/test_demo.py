"""`lms serve --demo`: a platform that looks used, and one account for each role."""

import re
import socket
import stat
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from config import Config, WrongSetting
from lms import clock, demo
from lms.app import cli, create_app
from lms.content.files import read_folder
from lms.database import db
from lms.deeds import passwords
from lms.features.admin import doctor
from lms.models import (
    Activity,
    Affiliation,
    Certificate,
    Course,
    Enrolment,
    Person,
    PersonAddress,
    Route,
    SignIn,
    Unit,
    UnitCompletion,
    UnitKind,
)
from lms.rules.access import Role
from lms.rules.enrolments import State
from tests.conftest import Browser
from tests.keeping import digest

LANDING = {
    "Officer": "/learning",
    "Focal point": "/state",
    "Trainer": "/author",
    "Coordinator": "/reports",
    "Administrator": "/admin/health",
    "Auditor": "/audit",
}
LEFT_OUT = ("audit_entry", "audit_head", "answer", "question")  # the latter two are large
RENEWED = ("person.password_hash", "sign_in.ended_at")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("given") / "instance"


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def started(data, said):
    """(application, accounts) of the first start, with all 400 officers and all courses."""
    app = create_app(Config.for_demo("http://127.0.0.1:8140", {"LMS_DATA": str(data)}))
    keys = demo.prepare(app, say=said.append)
    yield app, {key.role: key for key in keys}
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def shown(started):
    """The application, at hand."""
    with started[0].app_context():
        yield started[0]
        db.session.remove()


def sign_in(app, key):
    browser = Browser(app)
    answer = browser.submit("/sign-in", address=key.address, password=key.password)
    return browser, answer


def test_it_keeps_apart_from_real_data(started, data):
    settings = Config.for_demo(
        "http://127.0.0.1:8000",
        {"LMS_DATA": str(data), "LMS_DATABASE_URL": "postgresql://lms@db.example/real"},
    )

    assert settings.DATABASE_URL.removeprefix("sqlite:///") == str(data / "demo" / "lms.sqlite")
    assert [one.name for one in data.iterdir()] == ["demo"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (data, data / "demo")} == {0o700}


def test_it_holds_four_hundred_officers_of_twenty_states(shown, said):
    invented = select(Person.affiliation_id).where(Person.password_hash.is_(None))
    homes = db.session.scalars(
        select(Affiliation.code).where(Affiliation.id.in_(invented)).order_by(Affiliation.code)
    ).all()

    assert len(db.session.scalars(invented).all()) == 400
    assert len(homes) == 20
    assert said[1] == "Published 4 courses."
    assert said[2].startswith("Invented 400 officers with ")


def test_every_course_can_be_taken_and_its_report_has_all_outcomes(shown):
    for slug in db.session.scalars(select(Course.slug)).all():
        states = db.session.execute(
            select(Enrolment.state, func.count(Enrolment.id))
            .join(Activity, Activity.id == Enrolment.activity_id)
            .join(Course, Course.id == Activity.course_id)
            .where(Course.slug == slug)
            .group_by(Enrolment.state)
        ).all()
        outcomes = {State.ENROLLED, State.COMPLETED, State.FAILED, State.EXPIRED, State.WITHDRAWN}
        assert outcomes <= dict(states).keys()
        assert dict(states)[State.COMPLETED] > 60


def test_nominations_of_several_states_wait_and_were_decided(shown):
    held = dict(
        db.session.execute(
            select(Enrolment.state, func.count(Enrolment.id))
            .join(Activity, Activity.id == Enrolment.activity_id)
            .where(Activity.route == Route.NOMINATION)
            .group_by(Enrolment.state)
        ).all()
    )
    assert held[State.SUBMITTED] > 10
    assert held[State.WAIT_LISTED] > 2
    assert 5 < held[State.ENROLLED] <= 12
    assert list(doctor.seats()) == list(doctor.steps()) == []


def test_all_roles_have_an_account_with_a_long_password(started):
    keys = started[1].values()

    assert [key.role for key in keys] == list(LANDING)
    assert len({key.password for key in keys}) == len(Role)
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Za-km-z]{16}", key.password) for key in keys)


@pytest.mark.parametrize("role", LANDING)
def test_the_printed_password_signs_in_and_leads_to_a_page_of_the_role(started, shown, role):
    browser, answer = sign_in(shown, started[1][role])
    landing = browser.get("/home")

    assert (answer.status_code, answer.location) == (303, "/home")
    assert landing.location == LANDING[role]
    page = browser.get(landing.location)
    assert (page.status_code, role in page.text) == (200, True)


def test_the_officer_has_one_course_in_each_way(started, shown):
    places = dict(
        db.session.execute(
            select(Course.slug, Enrolment)
            .join(Activity, Activity.id == Enrolment.activity_id)
            .join(Course, Course.id == Activity.course_id)
            .join(PersonAddress, PersonAddress.person_id == Enrolment.person_id)
            .where(PersonAddress.address == "officer@demo.example")
        ).all()
    )
    half, done = places["afghan-opiates"], places["democratic-policing"]
    finished = Counted(half)

    assert {slug: place.state for slug, place in places.items()} == {
        "afghan-opiates": State.ENROLLED,
        "democratic-policing": State.COMPLETED,
        "international-co-operation": State.ENROLLED,
    }
    assert (finished.lessons, finished.all_lessons) == (6, 12)
    assert (finished.checks, finished.pre_tests) == (1, 1)
    assert places["international-co-operation"].last_at is None
    assert db.session.scalar(select(Certificate.id).filter_by(enrolment_id=done.id))


class Counted:
    """How many units of each kind a place has finished."""

    def __init__(self, place):
        kinds = db.session.scalars(
            select(Unit.kind)
            .join(UnitCompletion, UnitCompletion.unit_id == Unit.id)
            .where(UnitCompletion.enrolment_id == place.id)
        ).all()
        self.lessons = kinds.count(UnitKind.LESSON)
        self.checks = kinds.count(UnitKind.FORMATIVE)
        self.pre_tests = kinds.count(UnitKind.PRE_TEST)
        self.all_lessons = db.session.scalar(
            select(func.count(Unit.id)).filter_by(release_id=place.release_id, kind=UnitKind.LESSON)
        )


def test_the_officer_can_take_the_open_course_and_goes_on_in_the_others(started, shown):
    browser, _answer = sign_in(shown, started[1]["Officer"])
    pages = {
        slug: browser.get(f"/courses/{slug}") for slug in ("afghan-opiates", "synthetic-drugs")
    }
    certificates = browser.get("/certificates")

    assert 'action="/courses/synthetic-drugs/place"' in pages["synthetic-drugs"].text
    assert 'action="/courses/afghan-opiates/place"' not in pages["afghan-opiates"].text
    assert "Democratic and human-rights-based policing" in certificates.text


def test_a_second_start_keeps_all_and_changes_the_passwords(started, shown):
    before, keys = digest(LEFT_OUT, RENEWED), started[1]
    browser, _answer = sign_in(shown, keys["Officer"])
    sessions = db.session.scalar(select(func.count(SignIn.id)))
    heard = []
    again = {key.role: key for key in demo.prepare(shown, say=heard.append)}
    after = digest(LEFT_OUT, RENEWED)
    changed = {name for name in before if before[name] != after[name]}

    assert changed <= {"sign_in"}
    assert len(heard) == 1
    assert not {key.password for key in again.values()} & {key.password for key in keys.values()}
    assert browser.get("/learning").status_code == 303
    assert sessions == db.session.scalar(
        select(func.count(SignIn.id)).where(SignIn.ended_at.is_not(None))
    )
    assert sign_in(shown, keys["Officer"])[1].status_code == 409
    assert sign_in(shown, again["Officer"])[1].status_code == 303
    keys.update(again)


def test_a_course_is_published_anew_only_when_it_changed(shown):
    files = read_folder(shown.config["COURSES"] / "afghan-opiates")
    changed = files | {"glossary.md": b""}

    assert demo.is_published("afghan-opiates", files)
    assert not demo.is_published("afghan-opiates", changed)
    assert not demo.is_published("unheard-of", files)


def test_invented_officers_have_no_password_and_only_accounts_do(shown):
    held = db.session.execute(
        select(PersonAddress.address, Person.password_hash)
        .join(Person, Person.id == PersonAddress.person_id)
        .where(Person.password_hash.is_not(None))
    ).all()

    assert sorted(row.address for row in held) == sorted(one.address for one in demo.ACCOUNTS)
    assert not any(passwords.is_outdated(row.password_hash) for row in held)


def test_it_knows_when_all_activities_are_over(shown):
    now = clock.now()

    assert not demo.is_over(now)
    assert demo.is_over(now + timedelta(days=200))


def test_the_table_holds_every_address_and_password_in_one_line(started, capsys):
    demo.show(list(started[1].values()))
    lines = capsys.readouterr().out.splitlines()

    for key in started[1].values():
        assert [line for line in lines if key.address in line and key.password in line]


@pytest.fixture
def lms(tmp_path):
    def run(*arguments, **env):
        return CliRunner().invoke(
            cli,
            list(arguments),
            obj=ScriptInfo(create_app=create_app),
            env={"LMS_DATA": str(tmp_path / "data"), **env},
        )

    return run


def test_it_does_not_start_in_production(lms, tmp_path):
    told = lms("serve", "--demo", LMS_ENV="production")

    assert isinstance(told.exception, WrongSetting)
    assert str(told.exception) == "LMS_ENV is production: the demo does not start there"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1", "192.0.2.7", "lms.example.org"])
def test_it_listens_on_this_machine_alone(lms, host, tmp_path):
    told = lms("serve", "--demo", "--host", host)

    assert told.exit_code == 2
    assert f"not on {host}. Leave --host out." in told.output
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_said_before_anything_is_made(lms, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = lms("serve", "--demo", "--port", str(port))

    assert told.exit_code == 1
    assert f"Port {port} is taken." in told.output
    assert not (tmp_path / "data").exists()
