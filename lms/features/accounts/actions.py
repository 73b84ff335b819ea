"""What changes when people sign in and out."""

from datetime import datetime

from sqlalchemy import exists, or_, select, update

from lms.database import transaction
from lms.deeds import audit, factors, passwords, people, recovery, roles, sessions, tries
from lms.deeds.audit import AnySession
from lms.models import (
    Affiliation,
    Person,
    RoleGrant,
    SecondFactor,
    SignIn,
    Theme,
)
from lms.rules.access import Role
from lms.rules.particulars import Particulars, typed_address
from lms.rules.refusal import Refusal
from lms.rules.throttling import KEPT, KNOWN_FOR, MOST_IN_A_ROW, NOTED, WINDOW

LANDING = (  # of a person with several roles: the one that is worked as at first
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.AUDITOR,
    Role.FOCAL_POINT,
    Role.TRAINER,
)


def count_try(
    account: str, network: str, *, person_id: int | None, now: datetime
) -> datetime | None:
    """Count one try; gives the instant to wait for, or None when the try may be looked at.

    When there were many for a person's account, the audit log says so, a few times at most.
    """
    with transaction() as session:
        until = tries.count(session, account=account, network=network, now=now)
        made = tries.since(session, account=account, after=now - WINDOW)
        if person_id is not None and until is None and made in NOTED:
            audit.record(
                session,
                now=now,
                deed="many sign-in tries",
                object=f"person:{person_id}",
                after={"tries": made},
            )
        return until


def sign_in(
    person_id: int,
    id_hash: str,
    *,
    password: str,
    account: str,
    network: str,
    device: str,
    token: str,
    now: datetime,
) -> bool:
    """Begin a session; failures of this account are forgotten, an old hash is renewed.

    After a hundred failures in a row somebody may have guessed the password: then no session
    begins but from a network that the account knows, or with a second factor. Instead a link goes
    to the person's own address, made with `token`, and this gives False.
    """
    with transaction() as session:
        person = session.get_one(Person, person_id)
        if _is_guessed_at(session, person, account=account, network=network, now=now):
            recovery.send_link(session, person, token, now=now)
            audit.record(
                session,
                now=now,
                deed="asked for more than a password",
                object=f"person:{person_id}",
            )
            return False
        if person.password_hash and passwords.is_outdated(person.password_hash):
            person.password_hash = passwords.hashed(password)
        held = set(
            session.scalars(
                select(RoleGrant.role).where(
                    RoleGrant.person_id == person_id, RoleGrant.in_force(now)
                )
            )
        )
        role = next((role for role in LANDING if role in held), Role.OFFICER)
        tries.forget(session, account=account)
        session.add(
            SignIn(
                id_hash=id_hash,
                person_id=person_id,
                role=role,
                started_at=now,
                last_seen=now,
                proved_at=now,
                device=device,
                network=network,
            )
        )
        audit.record(session, now=now, deed="signed in", actor=person_id)
        return True


def _is_guessed_at(
    session: AnySession, person: Person, *, account: str, network: str, now: datetime
) -> bool:
    """Whether more than the password is asked for; a new password begins the count anew."""
    after = max(now - KEPT, person.password_at or person.created_at)
    if tries.since(session, account=account, after=after) <= MOST_IN_A_ROW:  # this one is counted
        return False
    knows = exists().where(
        SignIn.person_id == person.id,
        SignIn.network == network,
        SignIn.started_at > now - KNOWN_FOR,
    )
    has_factor = exists().where(
        SecondFactor.person_id == person.id,
        SecondFactor.ended_at.is_(None),
        SecondFactor.confirmed_at.is_not(None),
    )
    return not session.scalar(select(or_(knows, has_factor)))


def sign_out(sign_in_id: int, person_id: int, now: datetime) -> None:
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(ended_at=now))
        audit.record(session, now=now, deed="signed out", actor=person_id)


def work_as(sign_in_id: int, person_id: int, role: Role, id_hash: str, now: datetime) -> None:
    """End the session and begin another in this role, with a new id.

    Raises Refusal when the person does not hold the role.
    """
    with transaction() as session:
        held = session.scalar(
            select(RoleGrant.id)
            .where(
                RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.in_force(now)
            )
            .limit(1)
        )
        if held is None and role is not Role.OFFICER:
            raise Refusal("You do not hold this role any more. Choose another one.")
        sessions.go_on(session, sign_in_id, id_hash, now=now, role=role)
        audit.record(session, now=now, deed="works as", actor=person_id, after={"role": role.value})


def set_theme(person_id: int, theme: Theme) -> None:
    with transaction() as session:
        session.get_one(Person, person_id).theme = theme


def add_person(
    *,
    address: str,
    given_name: str,
    family_name: str,
    affiliation: str,
    now: datetime,
    invited: bool = False,
) -> tuple[int, str | None]:
    """A new person of the affiliation with this code; gives the key.

    When invited, also the token of a link to choose the password with. Raises Refusal for an
    affiliation that is not there or an address that somebody has.
    """
    if typed_address(address) is None:
        raise Refusal(
            "{address} is no email address. Write one such as name@mia.gov.ge.", address=address
        )
    with transaction() as session:
        home = session.scalar(select(Affiliation).filter_by(code=affiliation.upper()))
        if home is None:
            raise Refusal(
                "There is no affiliation {affiliation}. Write a code such as AT.",
                affiliation=affiliation,
            )
        if people.find_by_address(session, address):
            raise Refusal("{address} belongs to a person already.", address=address)
        particulars = Particulars(
            given_name=given_name,
            family_name=family_name,
            affiliation_id=home.id,
            languages=("en",),
            address=address,
        )
        person = people.add(
            session, particulars, now=now, actor=None, vouched_by=None, confirmed=True
        )
        token = None
        if invited:
            token = people.invite(session, person, now=now, actor=None).token
        return person.id, token


def grant_role(
    person_id: int,
    role: Role,
    reach: str,
    *,
    reason: str,
    now: datetime,
    by: int | None = None,
    until: datetime | None = None,
) -> bool:
    """Grant the role with its reach, such as all or course:3, to the instant `until`.

    An open one is left as it is; gives whether one was made. Raises Refusal for an end that is
    over.
    """
    if until is not None and until <= now:
        raise Refusal("The last day is over. Choose a later one.")
    with transaction() as session:
        made = roles.open_grant(
            session,
            person_id=person_id,
            role=role,
            reach=reach,
            now=now,
            granted_by=by,
            reason=reason,
            until=until,
        )
        if made is None:
            return False
        audit.record(
            session,
            now=now,
            deed="granted a role",
            actor=by,
            object=f"person:{person_id}",
            after=roles.said(made),
            why=reason,
        )
        return True


def end_role(person_id: int, role: Role, reach: str, *, reason: str, now: datetime) -> None:
    """End the open grant of a role; raises Refusal when there is none, or nobody would remain."""
    with transaction() as session:
        roles.end_grant(
            session,
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            RoleGrant.reach == reach,
            now=now,
            actor=None,
            reason=reason,
        )


def reset_factor(person_id: int, *, reason: str, now: datetime) -> None:
    """Take a lost second factor out of use where no administrator can; raises Refusal for none."""
    with transaction() as session:
        factors.reset(session, person_id, now=now, actor=None, reason=reason)
