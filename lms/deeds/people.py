"""Adding people, changing what is known of them, letting them in and keeping them out."""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select

from lms.deeds import audit, messages, sessions
from lms.deeds.audit import AnySession
from lms.models import LoginToken, Person, PersonAddress, RoleGrant, TokenPurpose
from lms.rules.access import Role
from lms.rules.messages import Kind
from lms.rules.particulars import Particulars, check, typed_address
from lms.rules.references import grouped, new_reference, signs, typed_signs
from lms.rules.refusal import Refusal
from lms.rules.searching import fold

INVITATION_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(minutes=60)  # by mail
CODE = 12  # signs of a printed code: 60 bits
_OF_THE_ROW = tuple(
    one.name for one in fields(Particulars) if one.name not in ("address", "languages")
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """The only time that these are readable; kept are their hashes."""

    token: str  # /invitations/<token>, or /reset/<token> of a lost password
    code: str  # printed: K7WQ-3MZT-9HXD
    expires_at: datetime
    purpose: TokenPurpose = TokenPurpose.INVITATION


def hash_of(secret: str) -> str:
    """SHA-256, hexadecimal: how tokens and codes are kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(
    session: AnySession,
    particulars: Particulars,
    *,
    now: datetime,
    actor: int | None,
    vouched_by: int | None,
    confirmed: bool = False,
) -> Person:
    """A new person, who cannot sign in yet, with a sign-in name for those whose mail never arrives.

    The address is not confirmed until its owner joins, unless a command says so: until then
    another State's person may have the same one, and nothing here tells whether that is so.
    Raises Refusal for particulars that are wrong, and for an address that a person of the same
    affiliation has.
    """
    refuse_mistakes(particulars)
    address = typed_address(particulars.address) or ""
    if address and find_by_address(session, address, affiliation_id=particulars.affiliation_id):
        raise Refusal(
            "A person of this State has the address {address} already. Look at the list of"
            " officers.",
            address=address,
        )
    person = Person(
        ref=new_reference(secrets.token_bytes(10)),
        languages=list(particulars.languages),
        vouched_at=now,
        vouched_by=vouched_by,
        created_at=now,
        **{name: getattr(particulars, name) for name in _OF_THE_ROW},
    )
    person.sign_in_name = new_sign_in_name(particulars.given_name, particulars.family_name)
    session.add(person)
    session.flush()
    if address:
        add_address(session, person, address, primary=True, confirmed_at=now if confirmed else None)
    audit.record(
        session,
        now=now,
        deed="added a person",
        actor=actor,
        object=f"person:{person.id}",
        after={"affiliation_id": person.affiliation_id},
    )
    return person


def update(
    session: AnySession,
    person: Person,
    particulars: Particulars,
    *,
    now: datetime,
    actor: int | None,
) -> tuple[str, ...]:
    """Change what differs, but for the affiliation and the addresses, which have deeds of their
    own; gives the names of the fields that changed. The audit row names fields, never values.

    Raises Refusal for particulars that are wrong.
    """
    refuse_mistakes(particulars)
    wanted = {name: getattr(particulars, name) for name in _OF_THE_ROW}
    wanted["languages"] = list(particulars.languages)
    del wanted["affiliation_id"]
    changed = tuple(sorted(name for name in wanted if getattr(person, name) != wanted[name]))
    for name in changed:
        setattr(person, name, wanted[name])
    if changed:
        audit.record(
            session,
            now=now,
            deed="changed a person",
            actor=actor,
            object=f"person:{person.id}",
            after={"fields": list(changed)},
        )
    return changed


def particulars_of(person: Person) -> Particulars:
    """What is known of the person, without an address."""
    known = {name: getattr(person, name) for name in _OF_THE_ROW}
    return Particulars(**known, languages=tuple(person.languages))


def refuse_mistakes(particulars: Particulars) -> None:
    """Raises Refusal with the first mistake; forms show all of them with `check`."""
    for _field, sentence in check(particulars):
        raise Refusal(sentence)


def find_by_address(
    session: AnySession, address: str, *, affiliation_id: int | None = None
) -> Person | None:
    """Whose address it is, without regard to case: the person who has confirmed it, or within one
    affiliation also somebody who has not yet. Nobody of another affiliation is found then."""
    query = select(Person).join(PersonAddress).where(PersonAddress.address == address.lower())
    if affiliation_id is None:
        return session.scalar(query.where(PersonAddress.confirmed_at.is_not(None)))
    query = query.where(Person.affiliation_id == affiliation_id, Person.merged_into.is_(None))
    return session.scalar(query.order_by(PersonAddress.confirmed_at, Person.id).limit(1))


def find_to_sign_in(session: AnySession, typed: str) -> Person | None:
    """Whom an address or a sign-in name stands for."""
    if "@" in typed:
        return find_by_address(session, typed)
    return session.scalar(select(Person).filter_by(sign_in_name=typed.strip().lower()))


def sign_in_word(session: AnySession, person_id: int) -> str:
    """What the person writes to sign in: the primary address, else the sign-in name."""
    address = session.scalar(
        select(PersonAddress.address).filter_by(person_id=person_id, is_primary=True)
    )
    return address or session.get_one(Person, person_id).sign_in_name or ""


def add_address(
    session: AnySession,
    person: Person,
    address: str,
    *,
    primary: bool,
    confirmed_at: datetime | None,
) -> PersonAddress:
    row = PersonAddress(
        person_id=person.id, address=address, is_primary=primary, confirmed_at=confirmed_at
    )
    session.add(row)
    session.flush()
    return row


def focal_points(session: AnySession, affiliation_id: int, *, now: datetime) -> Sequence[int]:
    """The keys of those who speak for the State."""
    query = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.FOCAL_POINT,
        RoleGrant.reach == f"affiliation:{affiliation_id}",
        RoleGrant.in_force(now),
    )
    return session.scalars(query.distinct()).all()


def addresses(session: AnySession, person_id: int) -> Sequence[PersonAddress]:
    """The primary one first."""
    query = select(PersonAddress).filter_by(person_id=person_id)
    return session.scalars(query.order_by(PersonAddress.is_primary.desc(), PersonAddress.id)).all()


def new_sign_in_name(given_name: str, family_name: str) -> str:
    """`nino.beridze.k7wq`: to be remembered, and telling nothing of others with the same name."""
    end = signs(secrets.token_bytes(3), bytes_wanted=3).lower()
    words = [_ascii(given_name)[:20], _ascii(family_name)[:20], end]
    return ".".join(word for word in words if word)


def _ascii(name: str) -> str:
    apart = unicodedata.normalize("NFKD", fold(name))
    return "".join(sign for sign in apart if sign.isascii() and sign.isalnum())


def invite(
    session: AnySession,
    person: Person,
    *,
    now: datetime,
    actor: int | None,
    lasts: timedelta = INVITATION_LASTS,
    purpose: TokenPurpose = TokenPurpose.INVITATION,
) -> Invitation:
    """A link and a printed code to choose a password with; either works, once. Older ones end.

    Raises Refusal for somebody who is suspended.
    """
    session.execute(select(Person.id).filter_by(id=person.id).with_for_update())
    if person.suspended_at is not None:
        raise Refusal("This person is suspended. End the suspension first.")
    end_tokens(session, person.id, now=now)
    made = Invitation(
        token=secrets.token_urlsafe(24),
        code=grouped(signs(secrets.token_bytes(8), bytes_wanted=8)),
        expires_at=now + lasts,
        purpose=purpose,
    )
    session.add(
        LoginToken(
            token_hash=hash_of(made.token),
            code_hash=hash_of(made.code),
            purpose=purpose,
            person_id=person.id,
            made_at=now,
            made_by=actor,
            expires_at=made.expires_at,
        )
    )
    audit.record(
        session,
        now=now,
        deed="made a way in",
        actor=actor,
        object=f"person:{person.id}",
        after={"purpose": purpose.value},
    )
    return made


def send_invitation(
    session: AnySession, person: Person, made: Invitation, *, affiliation: str, now: datetime
) -> None:
    """Mail the link; somebody without an address needs the printed code."""
    until = made.expires_at.isoformat()
    is_new = made.purpose is TokenPurpose.INVITATION
    messages.tell(
        session,
        person_id=person.id,
        kind=Kind.INVITATION if is_new else Kind.PASSWORD_RESET,
        event=f"invitation:{hash_of(made.token)[:16]}",
        now=now,
        facts={"affiliation": affiliation, "until_at": until} if is_new else {"until_at": until},
        link="/invitations/" if is_new else "/reset/",
        token=made.token,
    )


def typed_code(text: str) -> str | None:
    """The code as it is hashed, however it was typed; None when it can be none."""
    typed = typed_signs(text, CODE)
    return grouped(typed) if typed else None


def end_tokens(session: AnySession, person_id: int, *, now: datetime) -> None:
    """No link and no code of before works any more."""
    session.execute(
        sa.update(LoginToken)
        .where(
            LoginToken.person_id == person_id,
            LoginToken.used_at.is_(None),
            LoginToken.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def suspend(
    session: AnySession, person: Person, *, now: datetime, actor: int | None, reason: str
) -> None:
    """Keep the person out from the next request on. Places, results and certificates stay.

    Raises Refusal without a reason, and for somebody who is suspended already or suspends
    themselves.
    """
    if not reason.strip():
        raise Refusal("Say why, so that others understand it later.")
    if actor == person.id:
        raise Refusal("You cannot suspend yourself. Ask a colleague.")
    done = session.scalar(
        sa.update(Person)
        .where(Person.id == person.id, Person.suspended_at.is_(None))
        .values(suspended_at=now, suspended_why=reason)
        .returning(Person.id)
        .execution_options(synchronize_session="fetch")
    )
    if done is None:
        raise Refusal("This person is suspended already.")
    sessions.end_all(session, person.id, now=now)
    end_tokens(session, person.id, now=now)
    audit.record(
        session,
        now=now,
        deed="suspended a person",
        actor=actor,
        object=f"person:{person.id}",
        why=reason,
    )


def resume(
    session: AnySession, person: Person, *, now: datetime, actor: int | None, reason: str
) -> None:
    """Let the person in again. Raises Refusal for somebody who is not suspended."""
    if person.merged_into is not None:
        raise Refusal("This record was merged with another one. Undo the merge first.")
    done = session.scalar(
        sa.update(Person)
        .where(Person.id == person.id, Person.suspended_at.is_not(None))
        .values(suspended_at=None, suspended_why="")
        .returning(Person.id)
        .execution_options(synchronize_session="fetch")
    )
    if done is None:
        raise Refusal("This person is not suspended.")
    audit.record(
        session,
        now=now,
        deed="ended a suspension",
        actor=actor,
        object=f"person:{person.id}",
        why=reason,
    )
