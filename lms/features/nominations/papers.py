"""Letters to officers and the annex of a note verbale, in the activity's working language.

Each is made anew of what is known: the same facts on the same day give the same bytes.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms.database import db
from lms.deeds import telling
from lms.features.nominations.queries import Desk, Nominee, rejection
from lms.models import Activity, Affiliation
from lms.rules.approvals import WHY_WORDS, Why
from lms.rules.enrolments import State
from lms.web.paper.letters import Letter, make_pdf
from lms.web.times import day, last_day, vienna


class Kind(StrEnum):
    INVITATION = "invitation"
    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"


LISTED = (
    *(State.SUBMITTED, State.WAIT_LISTED, State.OFFERED, State.ENROLLED),
    *(State.COMPLETED, State.FAILED, State.EXPIRED),
)


def kind_of(state: State) -> Kind | None:
    """The letter that fits the state of a place; None while nothing is decided."""
    match state:
        case State.OFFERED:
            return Kind.INVITATION
        case State.ENROLLED | State.COMPLETED:
            return Kind.ACCEPTANCE
        case State.REJECTED:
            return Kind.REJECTION
        case _:
            return None


def letter(one: Nominee, kind: Kind, state: Affiliation, now: datetime) -> bytes:
    activity = one.place.activity
    with force_locale(_language(activity)):
        title, said = _words(one, kind)
        return make_pdf(
            Letter(
                title=title,
                language=_language(activity),
                on=vienna(now),
                dated=day(vienna(now)),
                to=(one.person.name, one.person.own_script_name, one.person.agency, state.name),
                paragraphs=(_("Dear %(name)s,", name=one.person.name), *said),
                facts=_facts(activity) if kind is not Kind.REJECTION else (),
                closing=(_("Yours sincerely,"), "", _("The Strategic Police Matters Unit")),
                page_word=_("Page"),
            )
        )


def _words(one: Nominee, kind: Kind) -> tuple[str, Sequence[str]]:
    course = telling.title(db.session, one.place.activity)
    match kind:
        case Kind.INVITATION:
            until = one.place.offered_until
            return _("Invitation to a course"), (
                _("you are invited to take part in the course “%(course)s”.", course=course),
                _("Please sign in and answer until %(day)s.", day=day(until)) if until else "",
            )
        case Kind.ACCEPTANCE:
            return _("Your place in a course"), (
                _("you have a place in the course “%(course)s”.", course=course),
                _("Sign in on the first day or later, and begin with the first lesson."),
            )
        case Kind.REJECTION:
            return _("Your nomination for a course"), (
                _("you were nominated for the course “%(course)s”.", course=course),
                _("We regret that you could not be selected this time."),
                _reason(one.place.id),
            )


def _reason(place_id: int) -> str:
    decided = rejection(place_id)
    if decided is None:
        return ""
    words = _(WHY_WORDS[Why(decided.reason_code)]) if decided.reason_code else ""
    if decided.reason_code == Why.OTHER:
        words = ""
    return _("The reason: %(reason)s", reason=f"{words} {decided.reason}".strip())


def _facts(activity: Activity) -> Sequence[tuple[str, str]]:
    return (
        (_("Course"), telling.title(db.session, activity)),
        (_("First day"), day(activity.begins_at)),
        (_("Last day"), last_day(activity.ends_at)),
        (_("Address"), current_app.config["BASE_URL"]),
        (_("Project"), activity.funding_project),
    )


def annex(desk: Desk, listed: Sequence[Nominee], state: Affiliation, now: datetime) -> bytes:
    """The officers in the State's order, with what has been decided."""
    activity = desk.activity
    with force_locale(_language(activity)):
        words = {
            State.SUBMITTED: _("Nominated"),
            State.WAIT_LISTED: _("Reserve"),
            State.OFFERED: _("Selected"),
            State.ENROLLED: _("Selected"),
            State.COMPLETED: _("Completed"),
            State.FAILED: _("Not passed"),
            State.EXPIRED: _("Expired"),
        }
        shown = [one for one in listed if one.place.state in LISTED]
        rows = [
            (
                str(number),
                f"{one.person.family_name.upper()}, {one.person.given_name}",
                one.person.own_script_name,
                one.person.agency,
                one.person.function,
                words[one.place.state],
            )
            for number, one in enumerate(shown, 1)
        ]
        return make_pdf(
            Letter(
                title=_("Annex: officers of %(state)s", state=state.name),
                language=_language(activity),
                on=vienna(now),
                dated=day(vienna(now)),
                facts=_facts(activity),
                columns=(
                    _("No."),
                    _("Name, as in the passport"),
                    _("Own script"),
                    _("Service"),
                    _("Function"),
                    _("Status"),
                ),
                rows=rows,
                page_word=_("Page"),
                wide=True,
            )
        )


def _language(activity: Activity) -> str:
    offered = current_app.config["LANGUAGES"]
    return activity.language if activity.language in offered else "en"
