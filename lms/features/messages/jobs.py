"""Mail goes out, a minute at most after what it tells of."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app

from lms.features.messages import actions, queries, texts
from lms.features.messages.queries import Due
from lms.mail import Bounced, Letter, NotSent, send
from lms.rules.messages import Kind

AT_ONCE = 200  # letters in one run; the next run takes the rest
log = logging.getLogger("lms.mail")


def send_messages(now: datetime) -> int:
    """Send what is due; gives how many letters went out. Several processes may do it at once."""
    own, gone = queries.own_words(), 0
    for message_id in queries.due_ids(now, AT_ONCE):
        found = actions.claim(message_id, now=now)
        if found is not None:
            gone += send_one(found, letter_of(found, own, now), now)
    return gone


def letter_of(found: Due, own: texts.Own, now: datetime) -> Letter:
    message = found.message
    asked = current_app.config["LANGUAGES"]
    language = found.language if found.language in asked else "en"
    words = texts.said(
        Kind(message.kind),
        message.facts,
        own=own,
        language=language,
        zone=ZoneInfo(found.time_zone),
    )
    # The address that people type, never the one a request came to.
    href = f"{current_app.config['BASE_URL']}{message.link}{message.token}" if message.link else ""
    return texts.letter(
        words, ref=message.ref, to=found.address or "", href=href, language=language, at=now
    )


def send_one(found: Due, letter: Letter, now: datetime) -> int:
    message_id, config = found.message.id, current_app.config
    try:
        send(
            letter,
            sender=config["MAIL_FROM"],
            server=config["SMTP_URL"],
            folder=config["DATA"] / "outbox",
        )
    except Bounced as wrong:
        actions.bounced(message_id, letter.to, why=str(wrong), now=now)
    except NotSent as wrong:
        log.warning("message %s: %s", letter.ref, wrong)
        actions.failed(message_id, why=str(wrong), now=now)
    else:
        actions.sent(message_id, letter.to, now=now)
        return 1
    return 0
