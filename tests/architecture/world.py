"""The people, courses and objects among which every door is tried."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms import clock
from lms.database import db, transaction
from lms.deeds import certificates, merging
from lms.deeds.people import INVITATION_LASTS
from lms.features.nominations.files.reading import read
from lms.features.nominations.uploads import actions as uploads
from lms.features.quizzes import actions as quizzes
from lms.models import (
    AddressStep,
    AddressToken,
    Attempt,
    Certificate,
    ChangeKind,
    ChangeRequest,
    CourseFile,
    Delivery,
    Ending,
    Enrolment,
    Erasure,
    Essay,
    LoginToken,
    Message,
    Person,
    Registration,
    Regrade,
    RegradeState,
    RoleGrant,
    TokenPurpose,
    Unit,
)
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.regrading import Remedy
from tests.conftest import Browser, restore
from tests.factories import NOON, make_person, make_staff, reference, saved
from tests.features.courses import (
    CHECK,
    COURSE,
    attempt_at,
    make_activity,
    make_place,
    publish_course,
)
from tests.features.places import focal_point, make_nominating, make_quota, nominate
from tests.keeping import Kept

ROLES = ("anonymous", *(role.value for role in Role))
AMBER = COURSE.replace("TLP:CLEAR", "TLP:AMBER")


@dataclass
class Things:
    """What one person has: references and codes of their own."""

    place: str
    running: str  # attempt
    closed: str  # attempt
    code: str
    message: str  # sent
    wish: str  # for erasure
    person: str
    grant: str  # of a role, that waits for a second administrator
    nomination: str = ""  # that waits for the State and the coordinator
    decided: str = ""  # a nomination that was not selected
    upload: str = ""  # a file of people


@dataclass
class World:
    app: Flask
    kept: Kept = field(init=False)
    browsers: dict[str, Browser] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, Things] = field(default_factory=dict)  # by role, "state", "other"
    courses: dict[str, str] = field(default_factory=dict)  # by whose: slugs
    activities: dict[str, str] = field(default_factory=dict)  # the same: slugs
    regrades: dict[str, str] = field(default_factory=dict)  # the same: references
    essays: dict[str, str] = field(default_factory=dict)  # the same
    wishes: dict[str, str] = field(default_factory=dict)  # registrations, by whose State
    requests: dict[str, str] = field(default_factory=dict)  # for another name, the same
    merge: str = ""  # done, of two officers of the State
    spare: str = ""  # an officer of the State without any place: a reference
    media: str = ""  # 16 signs of a picture's hash, which all courses share
    stylesheet: str = ""  # its name as pages ask for it
    invitation: str = "an-invitation-that-nobody-guesses"
    reset: str = "a-link-to-a-password-that-nobody-guesses"
    address: str = "a-link-about-an-address-that-nobody-guesses"

    def put_back(self) -> None:
        """The rows, counts and cookies of before: a form may have begun another session."""
        self.kept.put_back()
        self.app.extensions.pop("limiter", None)
        for role, cookie in self.cookies.items():
            self.browsers[role].client.set_cookie("lms", cookie)

    def things_of(self, role: str, whose: str) -> Things | None:
        return self.things.get(role if whose == "own" else whose)


@contextmanager
def opened(app: Flask) -> Iterator[World]:
    """The world, at noon; for a fixture of a module."""
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(clock, "now", lambda: NOON)
        restore(app)
        yield build(app)


def build(app: Flask) -> World:
    """One officer, one of each staff, a colleague, a stranger; four courses.

    Everybody has a place in the course `own`, an attempt that runs, one handed in, a quiz not
    begun, and a certificate of last year. The course `assigned` is the trainer's. The stranger
    has a place in every course, so that a look-up which forgets to ask whose it is finds one.
    """
    world = World(app)
    stranger = make_person("Arta Stranger", state_code="AL")
    published = {
        "own": publish_course("small", {"1-first/95-more.quiz.md": CHECK}),
        "assigned": publish_course("taught", {"course.md": AMBER}),
        "unassigned": publish_course("elsewhere"),
        "restricted": publish_course("closed", {"course.md": AMBER}),
    }
    for whose, made in published.items():
        world.courses[whose] = made.slug
        activity = make_activity(made)
        world.activities[whose] = activity.slug
        place = make_place(stranger, activity)
        world.regrades[whose] = regrade_of(made, stranger)
        world.essays[whose] = essay_of(place)
    running = make_activity(published["own"])
    past = make_activity(published["own"], ends_at=NOON - timedelta(days=1))
    world.activities["own"] = running.slug
    people: dict[str, Person] = {
        "officer": make_person(),
        "state": make_person("Giorgi Colleague"),
        "other": stranger,
    }
    for role in Role:
        if role is not Role.OFFICER:
            people[role.value] = make_staff(role, courses=(published["assigned"].course.id,))
    for name, person in people.items():
        world.things[name] = things_of(person, running, past)
    for whose, name in (("own", "officer"), ("state", "state"), ("other", "other")):
        world.wishes[whose] = wish_of(people[name], whose)
        world.requests[whose] = request_of(people[name])
    world.merge = merge_of()
    nominate_all(world, people, publish_course("nominated"))
    for role in ROLES:
        browser = Browser(app)
        if role != "anonymous":
            browser.sign_in(people[role], role)
        world.tokens[role] = browser.token(
            "/sign-in" if role == "anonymous" else "/account/display"
        )
        world.browsers[role] = browser
        world.cookies[role] = browser.client.get_cookie("lms").value
    db.session.remove()
    world.media = db.session.scalars(
        select(CourseFile.sha256).filter_by(path="media/street.svg").limit(1)
    ).one()[:16]
    world.stylesheet = stylesheet_of(world.browsers["anonymous"])
    invite(people["state"], world.invitation)
    invite(people["state"], world.reset, TokenPurpose.RECOVERY)
    saved(
        AddressToken(
            token_hash=hashlib.sha256(world.address.encode()).hexdigest(),
            person_id=people["state"].id,
            address="second@example.org",
            step=AddressStep.CONFIRM,
            made_at=NOON,
            expires_at=NOON + INVITATION_LASTS,
        )
    )
    world.kept = Kept(app)
    return world


def things_of(person: Person, running: Any, past: Any) -> Things:
    place = make_place(person, running)
    refs = []
    for key in ("pre-test", "first/check"):
        db.session.remove()
        refs.append(quizzes.start(person.id, place.ref, key, now=NOON))
    closed, open_ = refs
    assert closed
    assert open_
    attempt = attempt_at(f"/attempts/{closed}/")
    quizzes.hand_in(attempt.id, ending=Ending.BUTTON, now=NOON)
    code = certificate_of(person, place, past, place.release_id)
    return Things(
        place.ref,
        open_,
        closed,
        code,
        message_to(person),
        erasure_of(person),
        person.ref,
        grant_to(person),
    )


def grant_to(person: Person) -> str:
    """The reference of a role that waits for a second administrator."""
    grant = RoleGrant(
        ref=reference(),
        person_id=person.id,
        role=Role.TRAINER,
        reach="course:0",
        granted_at=NOON,
        granted_by=make_person("Ada Giver").id,
        needs_second=True,
    )
    return str(saved(grant).ref)


def erasure_of(person: Person) -> str:
    """The reference of a request for erasure that nobody has decided on."""
    wish = Erasure(ref=reference(), person_id=person.id, asked_at=NOON, files=[])
    return str(saved(wish).ref)


def nominate_all(world: World, people: dict[str, Person], made: Any) -> None:
    """Everybody is nominated, by another focal point of the same State, and has a file."""
    ours, barred = (make_nominating(made, second_focal_point=True) for _ in range(2))
    make_quota(barred, "GE", maximum=0)
    world.activities["nominating"], world.activities["barred"] = ours.slug, barred.slug
    world.spare = make_person("Eka Spare").ref
    deputies = {person.affiliation_id: person for person in (focal_point(), focal_point("AL"))}
    data = b"given_name,family_name\nTamar,Lomidze\n"
    for name, person in people.items():
        things = world.things[name]
        deputy = deputies[person.affiliation_id]
        place = nominate(deputy, ours, person)
        things.nomination = place.ref
        ended = Enrolment(
            ref=reference(),
            activity_id=ours.id,
            person_id=person.id,
            affiliation_id=person.affiliation_id,
            release_id=place.release_id,
            state=State.REJECTED,
            began_at=NOON,
        )
        things.decided = saved(ended).ref
        db.session.remove()
        things.upload = uploads.keep(
            person.id,
            person.affiliation_id,
            ours.id,
            name="officers.csv",
            data=data,
            table=read(data),
            now=NOON,
        )


def regrade_of(made: Any, person: Person) -> str:
    """The reference of a regrade that waits for a second person."""
    unit = db.session.scalars(
        select(Unit.id).filter_by(release_id=made.release.id, key="final")
    ).one()
    row = Regrade(
        ref=reference(),
        once=reference(),
        course_id=made.course.id,
        unit_key="final",
        question_id="f1",
        unit_ids=[unit],
        remedy=Remedy.FULL_MARKS,
        lowers=True,
        tells=False,
        why="The key was wrong.",
        state=RegradeState.WAITING,
        asked_by=person.id,
        asked_at=NOON,
    )
    return str(saved(row).ref)


def essay_of(place: Enrolment) -> str:
    """The reference of a text that waits for marking."""
    unit = select(Unit.id).filter_by(release_id=place.release_id, key="second/practice")
    attempt = saved(
        Attempt(
            ref=reference(),
            enrolment_id=place.id,
            unit_id=db.session.scalars(unit).one(),
            unit_key="second/practice",
            number=1,
            seed=b"seed",
            drawn=["p1"],
            language="en",
            started_at=NOON,
            handed_in_at=NOON,
            ending=Ending.BUTTON,
        )
    )
    return str(saved(Essay(ref=reference(), attempt_id=attempt.id, question_id="p1", steps=[])).ref)


def message_to(person: Person) -> str:
    """The reference of a message that was mailed."""
    message = Message(
        ref=reference(),
        kind="reserve",
        event="told",
        person_id=person.id,
        facts={"course": "small", "position": "1"},
        made_at=NOON,
        next_try_at=NOON,
        state=Delivery.SENT,
        sent_at=NOON,
    )
    return str(saved(message).ref)


def certificate_of(person: Person, like: Enrolment, past: Any, release_id: int) -> str:
    """The code of a certificate for a place that was completed last year."""
    done = saved(
        Enrolment(
            ref=reference(),
            activity_id=past.id,
            person_id=person.id,
            affiliation_id=like.affiliation_id,
            release_id=release_id,
            state=State.COMPLETED,
            began_at=NOON - timedelta(days=20),
            completed_at=NOON - timedelta(days=10),
        )
    )
    db.session.remove()
    with transaction() as session:
        certificates.issue(session, session.get_one(Enrolment, done.id), now=NOON)
    made = db.session.scalars(select(Certificate.code).filter_by(enrolment_id=done.id)).one()
    return made


def wish_of(like: Person, whose: str) -> str:
    """Somebody who asks this person's State for an account."""
    values = {"given_name": "Ketevan", "family_name": "Abashidze", "gender": "woman"}
    return saved(
        Registration(
            ref=reference(),
            affiliation_id=like.affiliation_id,
            address=f"{whose}@mia.gov.ge",
            particulars={**values, "languages": []},
            made_at=NOON,
        )
    ).ref


def request_of(person: Person) -> str:
    """A wish of the person for another name."""
    return saved(
        ChangeRequest(
            ref=reference(),
            person_id=person.id,
            kind=ChangeKind.NAME,
            before={"given_name": person.given_name, "family_name": person.family_name},
            wanted={"given_name": person.given_name, "family_name": "Changed"},
            reason="Married",
            made_at=NOON,
            made_by=person.id,
        )
    ).ref


def merge_of() -> str:
    kept, gone = make_person("Ana Twice"), make_person("Anna Twice")
    db.session.remove()
    with transaction() as session:
        row = merging.merge(
            session, kept.id, gone.id, reason="one person", now=NOON, actor=make_actor(session)
        )
        return row.ref


def make_actor(session: Any) -> int:
    return session.scalars(select(Person.id).order_by(Person.id).limit(1)).one()


def invite(person: Person, token: str, purpose: Any = TokenPurpose.INVITATION) -> None:
    saved(
        LoginToken(
            purpose=purpose,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            person_id=person.id,
            made_at=NOON,
            expires_at=NOON + INVITATION_LASTS,
        )
    )


def stylesheet_of(browser: Browser) -> str:
    found = re.search(r"/static/(app\.[0-9a-f]+\.css)", browser.get("/help").text)
    assert found
    return found[1]


def send(browser: Browser, method: str, url: str, **kwargs: Any) -> TestResponse:
    """Any request, in a context of its own."""
    db.session.remove()
    with browser.app.app_context():
        return browser.client.open(url, method=method, **kwargs)
