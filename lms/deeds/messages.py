"""Telling a person something, in the transaction of the deed that he is told of."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from lms.deeds.audit import AnySession
from lms.models.messages import Delivery, Message
from lms.rules.messages import KINDS, Kind, check_facts, is_path
from lms.rules.references import new_reference


def tell(
    session: AnySession,
    *,
    person_id: int,
    kind: Kind,
    event: str,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    link: str = "",
    token: str = "",
    address: str = "",
) -> None:
    """Add one message, unless this event was told to this person already.

    `event` names what happened once, such as `enrolment:12:offered:3`. `facts` are exactly the
    placeholders of the kind as texts (rules/messages.py); no names of people. `link` is a path.

    `token` is the secret end of a link (`/reset/` + token): only the mail shows it. It stands in
    the row from now until the mail is out or given up, then it is blanked; a person without an
    address never has it kept. `address` sends to this one instead of the primary address of that
    moment, for a new address to confirm or an old one to warn.

    Raises ValueError for facts, a link or a token that do not fit the kind.
    """
    check_facts(kind, facts or {})
    if not is_path(link):
        raise ValueError(f"{kind}: the link is no path of the application")
    if bool(token) != KINDS[kind].secret:
        raise ValueError(f"{kind}: a token where none belongs, or none where one does")
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if on_sqlite else postgresql.insert
    session.execute(
        insert(Message)
        .values(
            ref=new_reference(secrets.token_bytes(10)),
            kind=kind.value,
            event=event,
            person_id=person_id,
            address=address.lower(),
            facts=dict(facts or {}),
            link=link,
            token=token,
            made_at=now,
            read_at=now if token else None,  # read in the mail alone: in the list it is no news
            state=Delivery.QUEUED,
            tries=0,
            next_try_at=now,
            error="",
        )
        .on_conflict_do_nothing(index_elements=["event", "person_id"])
    )
