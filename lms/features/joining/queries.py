"""Looking up links and codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.database import db
from lms.deeds import people
from lms.models import Affiliation, LoginToken, Person, PersonAddress, TokenPurpose
from lms.rules.searching import fold

MOST_WRONG_TRIES = 5  # of a code with somebody else's name; then it is dead


@dataclass(frozen=True, slots=True)
class Way:
    """An open link or code, and whom it lets in."""

    token_id: int
    purpose: TokenPurpose
    person: Person
    affiliation: str
    inviter: str  # empty: the platform itself
    addresses: Sequence[PersonAddress]

    @property
    def signs_in_with(self) -> list[str]:
        """What the person will type: the address, unless somebody else has confirmed it, and the
        sign-in name."""
        own = [one.address for one in self.addresses if is_free(one)]
        return [*own[:1], *filter(None, [self.person.sign_in_name])]


def is_free(one: PersonAddress) -> bool:
    if one.confirmed_at is not None:
        return True
    return people.find_by_address(db.session, one.address) is None


def by_token(token: str, now: datetime) -> Way | None:
    return _open(LoginToken.token_hash == people.hash_of(token), now)


def by_code(typed: str, now: datetime) -> Way | None:
    """Whose open code this is; the name has still to be compared."""
    code = people.typed_code(typed)
    return _open(LoginToken.code_hash == people.hash_of(code), now) if code else None


def _open(this: object, now: datetime) -> Way | None:
    inviter = aliased(Person)
    row = db.session.execute(
        select(LoginToken, Person, Affiliation.name, inviter)
        .join(Person, Person.id == LoginToken.person_id)
        .join(Affiliation, Affiliation.id == Person.affiliation_id)
        .outerjoin(inviter, inviter.id == LoginToken.made_by)
        .where(
            this,
            LoginToken.used_at.is_(None),
            LoginToken.ended_at.is_(None),
            LoginToken.expires_at > now,
            LoginToken.wrong_tries < MOST_WRONG_TRIES,
            Person.suspended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    token, person, affiliation, made_by = row
    return Way(
        token_id=token.id,
        purpose=token.purpose,
        person=person,
        affiliation=affiliation,
        inviter=made_by.name if made_by else "",
        addresses=people.addresses(db.session, person.id),
    )


def is_named(way: Way, who: str) -> bool:
    """Whether these are the person's family name, an address or the sign-in name."""
    known = {fold(way.person.family_name), fold(way.person.own_script_name)}
    known |= {one.address for one in way.addresses} | {way.person.sign_in_name or ""}
    return fold(who) in known - {""}


def states() -> list[tuple[str, str]]:
    """(code, name) of whom one can serve."""
    query = select(Affiliation.code, Affiliation.name).order_by(Affiliation.name)
    return sorted(((code, name) for code, name in db.session.execute(query)), key=_by_name)


def _by_name(state: tuple[str, str]) -> str:
    return fold(state[1])
