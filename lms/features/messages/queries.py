"""Messages: those of one person, those that wait for mail, and the words administrators wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from lms.database import db
from lms.models import (
    Delivery,
    Message,
    MessagePreference,
    MessageTemplate,
    Person,
    PersonAddress,
)
from lms.rules.messages import Kind

ROWS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Due:
    """All that a letter needs. The address is the one it goes to; None when there is none."""

    message: Message
    language: str
    time_zone: str
    address: str | None
    wants: bool | None  # mail of this kind; None: never said


def due_ids(now: datetime, at_most: int) -> Sequence[int]:
    return db.session.scalars(
        select(Message.id)
        .where(Message.state == Delivery.QUEUED, Message.next_try_at <= now)
        .order_by(Message.next_try_at, Message.id)
        .limit(at_most)
    ).all()


def due(session: Session | scoped_session[Any], message_id: int) -> Due:
    row = session.execute(
        select(
            Message,
            Person.language,
            Person.time_zone,
            PersonAddress.address,
            MessagePreference.by_mail,
        )
        .join(Person, Person.id == Message.person_id)
        .outerjoin(
            PersonAddress,
            (PersonAddress.person_id == Person.id) & PersonAddress.is_primary,
        )
        .outerjoin(
            MessagePreference,
            (MessagePreference.person_id == Person.id) & (MessagePreference.kind == Message.kind),
        )
        .where(Message.id == message_id)
    ).one()
    return Due(row[0], row[1], row[2], row[0].address or row[3], row[4])


def of_person(person_id: int, page: int) -> tuple[Sequence[Message], int]:
    """One page of a person's messages, newest first, and how many there are of them all."""
    rows = db.session.execute(
        select(Message, func.count().over())
        .filter_by(person_id=person_id)
        .order_by(Message.made_at.desc(), Message.id.desc())
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    ).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def outbox(state: str, page: int) -> tuple[Sequence[Any], int]:
    """One page of all messages as (Message, Person), newest first, and how many there are."""
    query = (
        select(Message, Person, func.count().over())
        .join(Person, Person.id == Message.person_id)
        .order_by(Message.made_at.desc(), Message.id.desc())
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    )
    if state:
        query = query.where(Message.state == Delivery(state))
    rows = db.session.execute(query).all()
    return rows, rows[0][2] if rows else 0


def counts() -> dict[str, int]:
    """How many messages are in each state."""
    rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    return {state.value: count for state, count in rows}


def known(ref: str) -> Message | None:
    return db.session.scalar(select(Message).filter_by(ref=ref))


def own_words() -> dict[tuple[str, str], tuple[str, str]]:
    """(kind, language) → subject and body, of all that administrators wrote."""
    return {
        (row.kind, row.language): (row.subject, row.body)
        for row in db.session.scalars(select(MessageTemplate).where(MessageTemplate.body != ""))
    }


def template(kind: Kind, language: str) -> MessageTemplate | None:
    return db.session.scalar(select(MessageTemplate).filter_by(kind=kind.value, language=language))


def unwanted(person_id: int) -> set[str]:
    """The kinds that the person does not want as mail."""
    return set(
        db.session.scalars(
            select(MessagePreference.kind).filter_by(person_id=person_id, by_mail=False)
        )
    )
