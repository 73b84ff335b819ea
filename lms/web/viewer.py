"""Who is asking: a plain value, read once per request, never a row."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from flask import current_app, g, request
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy import String, cast, exists, func, literal, select, update

from lms import clock
from lms.database import db, transaction
from lms.models import Affiliation, Course, Message, Person, RoleGrant, SecondFactor, SignIn
from lms.rules.access import STAFF, Permission, Reach, Role, reach_of
from lms.web import cookies

IDLE = timedelta(minutes=60)
IDLE_STAFF = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
ASKED_BY_A_CLOCK = {"quizzes.time"}  # what pages ask for by themselves is no sign of a person
FRESH = timedelta(minutes=10)  # that a proof of who one is lasts for what needs a fresh one
UNREAD = (
    select(func.count(Message.id))
    .where(Message.person_id == Person.id, Message.read_at.is_(None))
    .scalar_subquery()
)
HAS_FACTOR = exists().where(
    SecondFactor.person_id == Person.id,
    SecondFactor.ended_at.is_(None),
    SecondFactor.confirmed_at.is_not(None),
)
OF_PROGRAMME = RoleGrant.reach == literal("programme:") + cast(Course.programme_id, String)


class BeforeFactor(Enum):
    """Whether a view opens while the second factor is asked for and was not shown."""

    NEVER = 0
    WITHOUT_ONE = 1  # only while the person has none: it leads to setting one up
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class Viewer(UserMixin):
    """The signed-in person, the role worked as, and what the open grants reach."""

    person_id: int
    ref: str
    name: str
    affiliation_id: int
    affiliation: str
    role: Role
    roles: tuple[Role, ...]
    theme: str
    language: str
    time_zone: str
    sign_in_id: int
    proved_at: datetime
    has_factor: bool
    is_pending: bool = False  # the second factor is asked for and was not shown yet
    unread: int = 0  # messages
    courses: frozenset[int] = field(default=frozenset())
    affiliations: frozenset[int] = field(default=frozenset())
    everything: bool = True  # a grant is over all, or none needs to be

    def get_id(self) -> str:
        return str(self.person_id)

    @property
    def is_fresh(self) -> bool:
        return clock.now() - self.proved_at < FRESH

    def reach(self, permission: Permission) -> Reach:
        return reach_of(
            self.role,
            permission,
            courses=self.courses,
            affiliations=self.affiliations,
            everything=self.everything,
        )


class Nobody(AnonymousUserMixin):
    def reach(self, permission: Permission) -> Reach:
        return Reach(None)


login_manager = LoginManager()
login_manager.anonymous_user = Nobody


@login_manager.request_loader
def load_viewer(_request: object) -> Viewer | None:
    """The person of the cookie's session, or None when there is none or it has ended.

    Until the second factor is shown, the person is nobody but at the doors that say
    `before_factor`: so no page, public or not, shows anything of theirs.
    """
    id_hash = cookies.id_hash()
    if id_hash is None:
        return None
    now = clock.now()
    rows = db.session.execute(
        select(SignIn, Person, Affiliation.name, RoleGrant, UNREAD, HAS_FACTOR, Course.id)
        .join(Person, Person.id == SignIn.person_id)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .outerjoin(RoleGrant, (RoleGrant.person_id == Person.id) & RoleGrant.in_force(now))
        .outerjoin(Course, OF_PROGRAMME)
        .where(SignIn.id_hash == id_hash, SignIn.ended_at.is_(None))
    ).all()
    if not rows:
        return None
    sign_in, person, affiliation, _, unread, has_factor, _ = rows[0]
    grants = [row[3] for row in rows if row[3] is not None]
    roles = (Role.OFFICER, *sorted({grant.role for grant in grants} - {Role.OFFICER}))
    if person.suspended_at is not None or sign_in.role not in roles:
        return None
    if not is_alive(sign_in, now):
        g.session_ended = True
        return None
    own = [grant.reach.partition(":") for grant in grants if grant.role == sign_in.role]
    viewer = Viewer(
        person_id=person.id,
        ref=person.ref,
        name=person.name,
        affiliation_id=person.affiliation_id,
        affiliation=affiliation,
        role=sign_in.role,
        roles=roles,
        theme=person.theme,
        language=person.language,
        time_zone=person.time_zone,
        sign_in_id=sign_in.id,
        proved_at=sign_in.proved_at,
        has_factor=has_factor,
        is_pending=sign_in.factor_at is None and (has_factor or needs_factor(sign_in.role)),
        unread=unread,
        courses=frozenset(int(number) for kind, _, number in own if kind == "course")
        | frozenset(
            row[6]
            for row in rows
            if row[6] is not None and row[3].role == sign_in.role  # a course of a programme
        ),
        affiliations=frozenset(int(number) for kind, _, number in own if kind == "affiliation"),
        everything=sign_in.role is not Role.COORDINATOR or ("all", "", "") in own,
    )
    if now - sign_in.last_seen >= SEEN_EVERY and request.endpoint not in ASKED_BY_A_CLOCK:
        seen(sign_in.id, now)
    if viewer.is_pending and not opens_before_factor(viewer):
        g.pending = viewer
        return None
    return viewer


def needs_factor(role: Role) -> bool:
    """Whether nobody works in this role without a second factor; the demo asks for none."""
    return role in STAFF and current_app.config["SECOND_FACTOR"] == "required"


def opens_before_factor(viewer: Viewer) -> bool:
    """Whether the view of this request is one of the few that a pending person may use."""
    view = current_app.view_functions.get(request.endpoint or "")
    match getattr(view, "before_factor", BeforeFactor.NEVER):
        case BeforeFactor.ALWAYS:
            return True
        case BeforeFactor.WITHOUT_ONE:
            return not viewer.has_factor
        case _:
            return False


def is_alive(sign_in: SignIn, now: datetime) -> bool:
    """Idle no longer than the role allows, and begun at most twelve hours ago.

    Saving an answer is a request like any other, so an open quiz stays open while it is worked on.
    """
    idle = IDLE_STAFF if sign_in.role in STAFF else IDLE
    return now - sign_in.last_seen < idle + SEEN_EVERY and now - sign_in.started_at < LONGEST


def seen(sign_in_id: int, now: datetime) -> None:
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen=now))


def viewer() -> Viewer:
    """The signed-in person; only behind `requires`."""
    return current_user._get_current_object()


__all__ = ["Nobody", "Viewer", "login_manager", "viewer"]
