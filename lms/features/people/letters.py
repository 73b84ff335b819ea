"""The letter with a code, for somebody whose mail never arrives."""

from datetime import datetime

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from lms.deeds.people import Invitation
from lms.features.people.queries import Record
from lms.web.paper.letters import Letter, make_pdf
from lms.web.times import day, moment, vienna


def pdf(record: Record, made: Invitation, now: datetime) -> bytes:
    """One A4 page; the code stands nowhere else."""
    person = record.person
    base = current_app.config["BASE_URL"]
    facts = [
        (_("Address of the page"), f"{base}/join"),
        (_("Code"), made.code),
        (_("Family name"), person.family_name),
    ]
    if person.sign_in_name:
        facts.append((_("Sign-in name, for later"), person.sign_in_name))
    facts.append((_("The code works once, until"), moment(made.expires_at)))
    return make_pdf(
        Letter(
            title=_("Your way into the training platform"),
            language=str(get_locale()).replace("_", "-"),
            on=vienna(now),
            dated=day(now),
            to=[person.name, record.state],
            paragraphs=[
                _("Open the page below and write the code and your family name."),
                _("Then look at what is known of you, and choose a password. No email is needed."),
                _("Keep this letter to yourself. Destroy it when you have used the code."),
            ],
            facts=facts,
        )
    )
