"""What changes when a message is sent, read or written again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import make_transient

from lms.database import transaction
from lms.deeds import audit
from lms.deeds.messages import tell
from lms.features.messages import queries
from lms.features.messages.queries import Due
from lms.models import (
    Delivery,
    Message,
    MessagePreference,
    MessageTemplate,
    Person,
    PersonAddress,
    RoleGrant,
)
from lms.rules.access import Role
from lms.rules.messages import KINDS, Kind
from lms.rules.refusal import Refusal, marked
from lms.rules.sending import LEASE, is_mailed, is_too_late, next_try


def claim(message_id: int, *, now: datetime) -> Due | None:
    """Take one letter on; None when another process has it, or when no mail is to go out.

    Whoever claims has it alone for the time of the lease. A process that ends in the midst leaves
    the letter to be tried again, with the same Message-ID.
    """
    with transaction() as session:
        taken = session.scalar(
            update(Message)
            .where(
                Message.id == message_id,
                Message.state == Delivery.QUEUED,
                Message.next_try_at <= now,
            )
            .values(next_try_at=now + LEASE, tries=Message.tries + 1)
            .returning(Message.id)
        )
        if taken is None:
            return None
        found = queries.due(session, message_id)
        message, kind = found.message, Kind(found.message.kind)
        if found.address is None or not is_mailed(kind, found.wants):
            message.state, message.token = Delivery.IN_APP, ""
            return None
        if is_too_late(kind, message.facts, now):
            message.state, message.token = Delivery.DEAD, ""
            message.error = "the link was too old before the mail could go"
            return None
        session.flush()
        make_transient(message)  # read after the transaction, changed no more
        return found


def sent(message_id: int, address: str, *, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Message)
            .where(Message.id == message_id, Message.state == Delivery.QUEUED)
            .values(state=Delivery.SENT, sent_at=now, address=address, token="", error="")
        )


def failed(message_id: int, *, why: str, now: datetime) -> None:
    """Wait for the next try, or give up after the last one."""
    with transaction() as session:
        message = session.get_one(Message, message_id, with_for_update=True)
        if message.state is not Delivery.QUEUED:
            return
        message.error = why
        again = next_try(message.tries, now)
        if again is None:
            message.state, message.token = Delivery.DEAD, ""
        else:
            message.next_try_at = again


def bounced(message_id: int, address: str, *, why: str, now: datetime) -> None:
    """Mark the message and the address, and tell the person's focal points."""
    with transaction() as session:
        message = session.get_one(Message, message_id, with_for_update=True)
        if message.state is not Delivery.QUEUED and message.state is not Delivery.SENT:
            return
        message.state, message.token, message.error = Delivery.BOUNCED, "", why
        message.sent_at = None
        session.execute(
            update(PersonAddress)
            .where(PersonAddress.address == address, PersonAddress.person_id == message.person_id)
            .values(bounced_at=now)
        )
        person = session.get_one(Person, message.person_id)
        focal_points = select(RoleGrant.person_id).where(
            RoleGrant.role == Role.FOCAL_POINT,
            RoleGrant.reach == f"affiliation:{person.affiliation_id}",
            RoleGrant.in_force(now),
            RoleGrant.person_id != person.id,
        )
        for focal_point in session.scalars(focal_points).unique().all():
            tell(
                session,
                person_id=focal_point,
                kind=Kind.MAIL_BOUNCED,
                event=f"message:{message.id}:bounced",
                now=now,
                link=f"/state/officers/{person.ref}",
            )


def resend(message_id: int, *, now: datetime, actor: int) -> None:
    """Put the message into the line again. Raises Refusal for one with a secret link."""
    with transaction() as session:
        message = session.get_one(Message, message_id, with_for_update=True)
        if KINDS[Kind(message.kind)].secret:
            raise Refusal(
                marked("The link of this message is gone, for safety. Send the person a new one.")
            )
        if message.state is Delivery.QUEUED:
            raise Refusal(marked("This message still waits to be sent. Wait a few minutes."))
        before = message.state.value
        message.state, message.tries, message.next_try_at = Delivery.QUEUED, 0, now
        message.sent_at, message.error, message.address = None, "", ""
        audit.record(
            session,
            now=now,
            deed="sent a message again",
            actor=actor,
            object=f"message:{message.id}",
            before={"state": before},
            after={"state": message.state.value},
        )


def mark_read(person_id: int, *, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Message)
            .where(Message.person_id == person_id, Message.read_at.is_(None))
            .values(read_at=now)
        )


def choose_mail(person_id: int, wanted: Collection[str]) -> None:
    """Keep which kinds the person wants as mail; mandatory ones are not asked for."""
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)  # two tabs: one after the other
        kept = {
            row.kind: row
            for row in session.scalars(select(MessagePreference).filter_by(person_id=person_id))
        }
        for kind, words in KINDS.items():
            if words.mandatory:
                continue
            by_mail = kind.value in wanted
            if kind.value in kept:
                kept[kind.value].by_mail = by_mail
            elif not by_mail:
                session.add(MessagePreference(person_id=person_id, kind=kind.value, by_mail=False))


def write_template(
    kind: Kind, language: str, *, subject: str, body: str, now: datetime, actor: int
) -> None:
    """Keep the words of one kind in one language; without any, the built-in ones hold again.

    The words have passed rules/messages.py `check_template`.
    """
    with transaction() as session:
        row = session.scalar(
            select(MessageTemplate).filter_by(kind=kind.value, language=language).with_for_update()
        )
        before = {"subject": row.subject, "body": row.body} if row else {}
        if row is None:
            row = MessageTemplate(kind=kind.value, language=language)
            session.add(row)
        row.subject, row.body, row.changed_at, row.changed_by = subject, body, now, actor
        audit.record(
            session,
            now=now,
            deed="wrote the words of a message",
            actor=actor,
            object=f"words:{kind.value}:{language}",
            before=before,
            after={"subject": subject, "body": body},
        )
