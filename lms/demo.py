"""What `lms serve --demo` shows: States, courses, invented officers, one account for each role."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import click
from flask import Flask
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, select, update

from lms import clock
from lms.content.checking import check_course
from lms.content.files import read_folder
from lms.content.reading import read_course
from lms.database import db, transaction
from lms.deeds import audit, passwords, releases
from lms.features.accounts import actions as accounts
from lms.features.accounts import queries as people
from lms.features.admin.actions import load_affiliations
from lms.features.authoring import actions as authoring
from lms.features.authoring.cli import folders
from lms.features.sample import actions as sample
from lms.features.sample import nominating
from lms.features.sample import queries as samples
from lms.features.sample.actions import How
from lms.features.sample.cli import progress, said
from lms.features.sample.histories import MONTHS, first_of_month, months_after
from lms.models import Activity, Course, Gender, Person, Release, SignIn, SignInFailure
from lms.rules.access import Role
from lms.web import migrating

OFFICERS = 400
SEED = 1
SIGNS = 16  # of a password
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none looks like another
EARLIER = timedelta(days=21)  # that courses are published before the first activity
Say = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody to sign in as."""

    role: Role
    given_name: str
    family_name: str
    own_script_name: str = ""
    gender: Gender
    affiliation: str
    agency: str
    function: str
    trains: int = 0  # courses, by slug
    learns: Mapping[str, How] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def address(self) -> str:
        return f"{self.role.value.replace('_', '-')}@demo.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is printed of an account."""

    role: str
    address: str
    password: str


ACCOUNTS = (
    Account(
        role=Role.OFFICER,
        given_name="Nino",
        family_name="Beridze",
        own_script_name="ნინო ბერიძე",
        gender=Gender.WOMAN,
        affiliation="GE",
        agency="Criminal Police",
        function="Investigator",
        learns=MappingProxyType(
            {
                "afghan-opiates": How.HALF,
                "democratic-policing": How.COMPLETED,
                "international-co-operation": How.NOT_BEGUN,
            }
        ),
    ),
    Account(
        role=Role.FOCAL_POINT,
        given_name="Giorgi",
        family_name="Tsereteli",
        own_script_name="გიორგი წერეთელი",
        gender=Gender.MAN,
        affiliation="GE",
        agency="Ministry of Internal Affairs",
        function="National focal point",
    ),
    Account(
        role=Role.TRAINER,
        given_name="Marta",
        family_name="Nowak",
        gender=Gender.WOMAN,
        affiliation="PL",
        agency="Police Academy",
        function="Trainer",
        trains=2,
    ),
    Account(
        role=Role.COORDINATOR,
        given_name="Anna",
        family_name="Lindqvist",
        gender=Gender.WOMAN,
        affiliation="OSCE-SEC",
        agency="Strategic Police Matters Unit",
        function="Training coordinator",
    ),
    Account(
        role=Role.ADMINISTRATOR,
        given_name="Tomás",
        family_name="Ferreira",
        gender=Gender.MAN,
        affiliation="OSCE-SEC",
        agency="Strategic Police Matters Unit",
        function="System administrator",
    ),
    Account(
        role=Role.AUDITOR,
        given_name="Helen",
        family_name="Marsh",
        gender=Gender.WOMAN,
        affiliation="OSCE-SEC",
        agency="Internal Oversight",
        function="Auditor",
    ),
)


def prepare(app: Flask, *, say: Say = click.echo) -> list[Key]:
    """Make what is missing and give every account a new password.

    What is there already stays: a second start keeps the people and what was done meanwhile.
    """
    with app.app_context():
        now, zone = clock.now(), app.config["TIME_ZONE"]
        say(f"The demo keeps its data in {app.config['DATA']}")
        if not migrating.is_current(db.engine):
            migrating.upgrade(db.engine)
        load_affiliations()
        is_new = samples.is_empty()
        began = months_after(first_of_month(now, zone), -MONTHS) - EARLIER
        publish(app, now=began if is_new else now, say=say)
        if is_new:
            with progress("Inventing officers", OFFICERS) as told:
                made = sample.fill(count=OFFICERS, seed=SEED, now=now, zone=zone, told=told)
            say(said(made))
        keys = [open_account(one, now=now, zone=zone) for one in ACCOUNTS]
        if is_new:
            nominated = nominating.nominate(
                focal_point=person_id_of(Role.FOCAL_POINT),
                coordinator=person_id_of(Role.COORDINATOR),
                now=now,
                zone=zone,
            )
            say(f"Nominated {nominated} officers.")
        if not is_new and is_over(now):
            say("All its activities are over by now. Delete this folder to begin anew.")
        db.session.remove()
    return keys


def person_id_of(role: Role) -> int:
    """The person of the account with this role."""
    address = next(one.address for one in ACCOUNTS if one.role is role)
    person = people.person_at(address)
    assert person is not None, "every account has been opened"
    return person.id


def publish(app: Flask, *, now: datetime, say: Say) -> None:
    """Publish the courses that are new or have changed; those with an error are left out."""
    published = 0
    for folder in folders((app.config["COURSES"],)):
        files = read_folder(folder)
        if is_published(folder.name, files):
            continue
        course = read_course(files, folder.name).course
        wrong = any(one.level == "error" for one in check_course(files, folder.name))
        if wrong or course is None:
            say(f"{folder.name} has errors and is left out. See: lms courses check {folder}")
        elif authoring.publish(course, files, now=now):
            published += 1
    if published:
        say(f"Published {published} {'course' if published == 1 else 'courses'}.")


def is_published(slug: str, files: Mapping[str, bytes]) -> bool:
    """Whether the newest release of the course has these very files, rendered as it is today."""
    newest = db.session.execute(
        select(Release.content_hash, Release.renderer)
        .join(Course, Course.id == Release.course_id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    ).one_or_none()
    whole = releases.content_hash({path: sha256(data).hexdigest() for path, data in files.items()})
    return newest is not None and tuple(newest) == (whole, releases.RENDERER)


def open_account(account: Account, *, now: datetime, zone: Any) -> Key:
    """The account with a new password; sessions and failures of earlier starts end."""
    person = people.person_at(account.address)
    person_id = person.id if person else add(account, now)
    if account.learns and not samples.has_places(person_id):
        sample.lead(person_id, account.learns, now=now, zone=zone)
    password = "".join(secrets.choice(LETTERS) for _ in range(SIGNS))
    renew(person_id, account, password, now)
    return Key(
        role=account.role.value.replace("_", " ").capitalize(),
        address=account.address,
        password=password,
    )


def add(account: Account, now: datetime) -> int:
    person_id, _token = accounts.add_person(
        address=account.address,
        given_name=account.given_name,
        family_name=account.family_name,
        affiliation=account.affiliation,
        now=now,
    )
    for reach in reaches(account, person_id):
        accounts.grant_role(person_id, account.role, reach, reason="the demo", now=now)
    return person_id


def reaches(account: Account, person_id: int) -> list[str]:
    """Everybody is an officer without a grant."""
    match account.role:
        case Role.OFFICER:
            return []
        case Role.FOCAL_POINT:
            return [people.reach_of_affiliation(None, person_id)]
        case Role.TRAINER:
            slugs = select(Course.slug).order_by(Course.slug).limit(account.trains)
            return [people.reach_of_course(slug) for slug in db.session.scalars(slugs).all()]
        case _:
            return ["all"]


def renew(person_id: int, account: Account, password: str, now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        person.password_hash = passwords.hashed(password)
        person.joined_at = person.joined_at or now
        person.own_script_name, person.gender = account.own_script_name, account.gender
        person.agency, person.function = account.agency, account.function
        session.execute(
            update(SignIn)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
            .values(ended_at=now)
        )
        session.execute(delete(SignInFailure))
        audit.record(session, now=now, deed="set a password", object=f"person:{person_id}")


def is_over(now: datetime) -> bool:
    """Whether no activity is running any more."""
    running = select(Activity.id).where(Activity.ends_at > now).limit(1)
    return db.session.scalar(running) is None


def show(keys: list[Key]) -> None:
    """The accounts as a table; no line of it is broken or cut, whatever the terminal."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Role", "Address", "Password (new at each start)"):
        table.add_column(title, no_wrap=True)
    for key in keys:
        table.add_row(key.role, key.address, key.password)
    console = Console(highlight=False)
    console.width = max(console.width, 90)
    console.print(table)
