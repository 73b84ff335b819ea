"""Nominating somebody who is not on the State's list yet, and what a State says of its choice."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from lms.database import transaction
from lms.deeds import audit, nominations, people, places
from lms.models import Activity, Affiliation, Enrolment, WomenShareReason
from lms.rules.enrolments import Who
from lms.rules.particulars import Particulars
from lms.rules.refusal import Refusal

NO_ACTIVITY = "There is no such activity. Look at the list again."


def nominate_new(
    actor: int,
    affiliation_ids: Collection[int],
    activity_slug: str,
    particulars: Particulars,
    *,
    motivation: str = "",
    key: str,
    now: datetime,
) -> str:
    """Add an officer of the own State and nominate them; gives the reference of the place.

    With an address the officer is invited by message; without one a code can be printed later.
    `key` stands in the form: sent twice, the same nomination is found. Raises Refusal.
    """
    if particulars.affiliation_id not in affiliation_ids:
        raise Refusal("There is no such officer in your State. Look at the list again.")
    with transaction() as session:
        found = session.scalar(select(Activity.id).filter_by(slug=activity_slug))
        if found is None:
            raise Refusal(NO_ACTIVITY)
        activity = places.locked(session, found)  # two of the same form wait for each other here
        made = session.scalar(
            select(Enrolment.ref).filter_by(nominated_by=actor, nomination_key=key)
        )
        if made is not None:
            return made
        person = people.add(session, particulars, now=now, actor=actor, vouched_by=actor)
        if particulars.address:
            state = session.get_one(Affiliation, particulars.affiliation_id)
            invitation = people.invite(session, person, now=now, actor=actor)
            people.send_invitation(session, person, invitation, affiliation=state.name, now=now)
        place = nominations.begin(
            session,
            activity,
            person,
            who=Who.STATE,
            actor=actor,
            now=now,
            key=key,
            motivation=motivation,
        )
        nominations.submit(session, activity, place, who=Who.STATE, actor=actor, now=now)
        return place.ref


def explain_women_share(
    actor: int, affiliation_id: int, activity_id: int, *, text: str, now: datetime
) -> None:
    """Write why the State nominates fewer women than the activity asks for."""
    with transaction() as session:
        session.add(
            WomenShareReason(
                activity_id=activity_id,
                affiliation_id=affiliation_id,
                text=text,
                written_by=actor,
                written_at=now,
            )
        )
        audit.record(
            session,
            now=now,
            deed="explained the share of women",
            actor=actor,
            object=f"activity:{activity_id}",
            why=text,
        )
