"""The State's steps. Each takes the affiliations that the focal point speaks for.

A reference that is nobody's, or another State's, answers with one and the same sentence.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from lms.database import transaction
from lms.deeds import audit, nominations, places
from lms.deeds.audit import AnySession
from lms.models import Activity, Enrolment, Person
from lms.rules.approvals import Decision, Side, Why
from lms.rules.enrolments import Move, State, Who
from lms.rules.refusal import Refusal, marked

NOT_YOURS = marked("There is no such officer in your State. Look at the list again.")
NO_ACTIVITY = marked("There is no such activity. Look at the list again.")


def nominate(
    actor: int,
    affiliation_ids: Collection[int],
    activity_slug: str,
    person_ref: str,
    *,
    key: str,
    now: datetime,
    motivation: str = "",
    rank: int | None = None,
    draft: bool = False,
) -> str:
    """Nominate an officer of one's own State; gives the reference of the place.

    `key` is random and stands in the form: sent twice, the same nomination is found. With `draft`
    it is kept and not handed in, so that a condition can be waived first. Raises Refusal, and
    NotEligible (a Refusal) for conditions that are not met.
    """
    with transaction() as session:
        activity = _locked_activity(session, activity_slug)
        made = session.scalar(
            select(Enrolment.ref).filter_by(nominated_by=actor, nomination_key=key)
        )
        if made is not None:
            return made
        place = nominations.begin(
            session,
            activity,
            _own_officer(session, person_ref, affiliation_ids),
            who=Who.STATE,
            actor=actor,
            now=now,
            key=key,
            motivation=motivation,
            rank=rank,
        )
        if not draft:
            nominations.submit(session, activity, place, who=Who.STATE, actor=actor, now=now)
        return place.ref


def submit(actor: int, affiliation_ids: Collection[int], ref: str, *, now: datetime) -> None:
    """Hand in a draft. Raises Refusal."""
    with transaction() as session:
        activity, place = _own_place(session, ref, affiliation_ids)
        if not places.was_done_by(session, place, actor, to=State.SUBMITTED):
            nominations.submit(session, activity, place, who=Who.STATE, actor=actor, now=now)


def withdraw(
    actor: int, affiliation_ids: Collection[int], ref: str, *, reason: str, now: datetime
) -> None:
    """Take a nomination or a place back; a seat that it held is free at once. Raises Refusal."""
    if not reason:
        raise Refusal("Write a reason. The officer reads it.")
    with transaction() as session:
        activity, place = _own_place(session, ref, affiliation_ids)
        if places.was_done_by(session, place, actor, to=State.WITHDRAWN):
            return
        nominations.leave(
            session,
            activity,
            place,
            Move.WITHDRAW,
            actor=actor,
            who=Who.STATE,
            now=now,
            reason=reason,
        )


def substitute(
    actor: int,
    affiliation_ids: Collection[int],
    ref: str,
    new_person_ref: str,
    *,
    reason: str,
    key: str,
    now: datetime,
) -> str:
    """Give the place to another officer of the same State; gives the new reference."""
    if not reason:
        raise Refusal("Write a reason. The officer reads it.")
    with transaction() as session:
        activity, place = _own_place(session, ref, affiliation_ids)
        made = session.scalar(
            select(Enrolment.ref).filter_by(nominated_by=actor, nomination_key=key)
        )
        if made is not None:
            return made
        return nominations.substitute(
            session,
            activity,
            place,
            _own_officer(session, new_person_ref, affiliation_ids),
            actor=actor,
            now=now,
            reason=reason,
            key=key,
        ).ref


def rank(
    actor: int,
    affiliation_ids: Collection[int],
    activity_slug: str,
    refs: Sequence[str],
    *,
    now: datetime,
) -> None:
    """Set the State's order of preference; nominations that are not named come after these."""
    with transaction() as session:
        activity = _locked_activity(session, activity_slug)
        nominations.rank(session, activity, affiliation_ids, refs)
        audit.record(
            session,
            now=now,
            deed="ranked nominations",
            actor=actor,
            object=f"activity:{activity.slug}",
            after={"order": list(refs)},
        )


def approve(actor: int, affiliation_ids: Collection[int], ref: str, *, now: datetime) -> None:
    """The State's yes to an application, or to a colleague's nomination. Raises Refusal."""
    with transaction() as session:
        activity, place = _own_place(session, ref, affiliation_ids)
        nominations.decide(
            session, activity, place, Side.STATE, Decision.APPROVED, actor=actor, now=now
        )


def reject(
    actor: int,
    affiliation_ids: Collection[int],
    ref: str,
    *,
    why: Why,
    text: str = "",
    now: datetime,
) -> None:
    """The State's no, with a reason that the officer reads. Raises Refusal."""
    with transaction() as session:
        activity, place = _own_place(session, ref, affiliation_ids)
        nominations.decide(
            session,
            activity,
            place,
            Side.STATE,
            Decision.REJECTED,
            actor=actor,
            now=now,
            why=why,
            text=text,
        )


def _locked_activity(session: AnySession, slug: str) -> Activity:
    found = session.scalar(select(Activity.id).filter_by(slug=slug))
    if found is None:
        raise Refusal(NO_ACTIVITY)
    return places.locked(session, found)


def _own_officer(session: AnySession, ref: str, affiliation_ids: Collection[int]) -> Person:
    person = session.scalar(
        select(Person).where(Person.ref == ref, Person.affiliation_id.in_(affiliation_ids))
    )
    if person is None:
        raise Refusal(NOT_YOURS)
    return person


def _own_place(
    session: AnySession, ref: str, affiliation_ids: Collection[int]
) -> tuple[Activity, Enrolment]:
    own = select(Enrolment.id).where(
        Enrolment.ref == ref, Enrolment.affiliation_id.in_(affiliation_ids)
    )
    if session.scalar(own) is None:
        raise Refusal(NOT_YOURS)
    return places.locked_place(session, ref)
