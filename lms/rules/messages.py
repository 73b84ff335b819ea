"""What people are told, and in which words: one table, a kind of message in each row.

A subject has no placeholder, so it names no person and no course. A body is plain paragraphs with
`{placeholders}`. What one holds follows from its end: `_at` an instant (ISO 8601, shown in the
reader's zone and in Vienna time), `_on` a day (ISO 8601), `_word` a text marked in the code and
shown in the reader's language, anything else is shown as it is. Facts hold no names of other
people: they are kept as long as the message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.rules.refusal import marked

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LONGEST_SUBJECT = 120  # characters
LONGEST_BODY = 4_000


class Kind(StrEnum):
    # Getting in
    INVITATION = "invitation"
    VOUCHED = "vouched"
    REGISTRATION_DECLINED = "registration_declined"
    CONFIRM_ADDRESS = "confirm_address"
    CHANGE_ADDRESS = "change_address"
    HAS_AN_ACCOUNT = "has_an_account"
    REGISTRATION_WAITS = "registration_waits"
    REQUEST_WAITS = "request_waits"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    ADDRESS_CHANGED = "address_changed"
    FACTOR_CHANGED = "factor_changed"
    ROLE_GRANTED = "role_granted"
    ROLE_ENDED = "role_ended"
    REQUEST_GRANTED = "request_granted"
    REQUEST_DECLINED = "request_declined"
    ERASURE_ACCEPTED = "erasure_accepted"
    ERASURE_DECLINED = "erasure_declined"
    ACCOUNT_UNUSED = "account_unused"
    # Places
    NOMINATED = "nominated"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RESERVE = "reserve"
    MOVED_UP = "moved_up"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUBSTITUTED = "substituted"
    OFFER_EXPIRED = "offer_expired"
    # For those who decide
    SEATS_RELEASED_SOON = "seats_released_soon"
    DECISION_WAITS = "decision_waits"
    STATE_IS_LATE = "state_is_late"
    SPMU_IS_LATE = "spmu_is_late"
    DIGEST = "digest"
    MAIL_BOUNCED = "mail_bounced"
    # Quizzes
    QUIZ_HANDED_IN = "quiz_handed_in"
    RESULT_CHANGED = "result_changed"
    ATTEMPT_GIVEN = "attempt_given"
    LATE_ACCEPTED = "late_accepted"
    ESSAY_MARKED = "essay_marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The built-in English words of a kind; each text is translated where it is shown."""

    name: str  # in lists of kinds
    subject: str
    body: str
    action: str = ""  # what the one link says
    facts: tuple[str, ...] = ()  # the placeholders that a body may use, and that tell() demands
    mandatory: bool = False  # mailed whatever the person prefers
    secret: bool = False  # the link holds a token: mail only


KINDS: dict[Kind, Words] = {
    Kind.INVITATION: Words(
        name=marked("Invitation"),
        subject=marked("Your invitation to the training platform"),
        body=marked(
            "You are invited to the training platform of the OSCE Strategic Police Matters Unit."
            " Your place is kept by: {affiliation}.\n\n"
            "Open the link and choose a password. The link works once, until {until_at}."
        ),
        action=marked("Start here"),
        facts=("affiliation", "until_at"),
        mandatory=True,
        secret=True,
    ),
    Kind.VOUCHED: Words(
        name=marked("Account confirmed"),
        subject=marked("Your account is ready"),
        body=marked("{affiliation} has confirmed that you serve there. You can sign in now."),
        action=marked("Sign in"),
        facts=("affiliation",),
        mandatory=True,
    ),
    Kind.REGISTRATION_DECLINED: Words(
        name=marked("Registration declined"),
        subject=marked("About your registration"),
        body=marked(
            "{affiliation} has not confirmed your registration. The reason given: {reason}\n\n"
            "If you think that this is a mistake, please speak to the focal point of your State."
        ),
        facts=("affiliation", "reason"),
        mandatory=True,
    ),
    Kind.CONFIRM_ADDRESS: Words(
        name=marked("New address to confirm"),
        subject=marked("Please confirm your address"),
        body=marked(
            "Somebody added this address to an account of the training platform. If it was you,"
            " open the link until {until_at}. If not, do nothing."
        ),
        action=marked("Confirm this address"),
        facts=("until_at",),
        mandatory=True,
        secret=True,
    ),
    Kind.CHANGE_ADDRESS: Words(
        name=marked("Another main address"),
        subject=marked("Please allow another main address"),
        body=marked(
            "Somebody asked that messages of your account go to another address from now on. If"
            " it was you, open the link until {until_at}. If not, do nothing and choose a new"
            " password."
        ),
        action=marked("Allow it"),
        facts=("until_at",),
        mandatory=True,
        secret=True,
    ),
    Kind.HAS_AN_ACCOUNT: Words(
        name=marked("Registered again"),
        subject=marked("You have an account already"),
        body=marked(
            "Somebody asked for an account with your address. You have one already: sign in, or"
            " ask for a new password there. If it was not you, you need to do nothing."
        ),
        action=marked("Sign in"),
        mandatory=True,
    ),
    Kind.REGISTRATION_WAITS: Words(
        name=marked("Somebody waits to be confirmed"),
        subject=marked("Somebody of your State asks for an account"),
        body=marked(
            "Somebody who says that he or she serves in your State asks for an account. Please"
            " confirm or decline it."
        ),
        action=marked("Open what waits"),
    ),
    Kind.REQUEST_WAITS: Words(
        name=marked("A request waits"),
        subject=marked("A request waits for your decision"),
        body=marked(
            "Somebody asks to change a name or a State in a record. Please decide the request."
        ),
        action=marked("Open what waits"),
    ),
    Kind.PASSWORD_RESET: Words(
        name=marked("New password"),
        subject=marked("Choose a new password"),
        body=marked(
            "Open the link and choose a new password. The link works once, until {until_at}.\n\n"
            "If you did not ask for it, do nothing: your password stays as it is."
        ),
        action=marked("Choose a new password"),
        facts=("until_at",),
        mandatory=True,
        secret=True,
    ),
    Kind.PASSWORD_CHANGED: Words(
        name=marked("Password changed"),
        subject=marked("Your password was changed"),
        body=marked(
            "The password of your account was changed on {changed_at}. All other sessions were"
            " ended.\n\nIf it was not you, please choose a new password now and tell us."
        ),
        action=marked("Open my account"),
        facts=("changed_at",),
        mandatory=True,
    ),
    Kind.ADDRESS_CHANGED: Words(
        name=marked("Address changed"),
        subject=marked("An address of your account was changed"),
        body=marked(
            "The addresses of your account were changed on {changed_at}.\n\n"
            "If it was not you, please choose a new password now and tell us."
        ),
        action=marked("Open my account"),
        facts=("changed_at",),
        mandatory=True,
    ),
    Kind.FACTOR_CHANGED: Words(
        name=marked("Sign-in code changed"),
        subject=marked("The second step of your sign-in was changed"),
        body=marked(
            "The app that makes your sign-in codes, or your recovery codes, were changed on"
            " {changed_at}.\n\nIf it was not you, please choose a new password now and tell us."
        ),
        action=marked("Open my account"),
        facts=("changed_at",),
        mandatory=True,
    ),
    Kind.ROLE_GRANTED: Words(
        name=marked("New role"),
        subject=marked("You have a new role"),
        body=marked("From now on you can work in the role: {role_word}."),
        action=marked("Open the platform"),
        facts=("role_word",),
        mandatory=True,
    ),
    Kind.ROLE_ENDED: Words(
        name=marked("Role ended"),
        subject=marked("One of your roles has ended"),
        body=marked("You no longer work in the role: {role_word}."),
        action=marked("Open the platform"),
        facts=("role_word",),
        mandatory=True,
    ),
    Kind.REQUEST_GRANTED: Words(
        name=marked("Request granted"),
        subject=marked("Your request was granted"),
        body=marked("The change that you asked for is done: {what_word}."),
        action=marked("Open my profile"),
        facts=("what_word",),
    ),
    Kind.REQUEST_DECLINED: Words(
        name=marked("Request declined"),
        subject=marked("Your request was declined"),
        body=marked(
            "The change that you asked for was declined: {what_word}. The reason given: {reason}"
        ),
        action=marked("Open my profile"),
        facts=("what_word", "reason"),
    ),
    Kind.ERASURE_ACCEPTED: Words(
        name=marked("Erasure accepted"),
        subject=marked("Your request to erase your data"),
        body=marked(
            "An administrator has accepted your request. When a second administrator confirms it,"
            " your personal data are erased at once and you can no longer sign in. No other"
            " message follows.\n\nIf you have changed your mind, take the request back now."
        ),
        action=marked("Open my data"),
        mandatory=True,
    ),
    Kind.ERASURE_DECLINED: Words(
        name=marked("Erasure declined"),
        subject=marked("Your request to erase your data"),
        body=marked("Your request was declined. The reason given: {reason}"),
        action=marked("Open my data"),
        facts=("reason",),
        mandatory=True,
    ),
    Kind.ACCOUNT_UNUSED: Words(
        name=marked("Account not used"),
        subject=marked("Your account is not used"),
        body=marked(
            "You have not signed in for {unused} months, so your account is closed for now. In"
            " {left} more months your personal data are erased.\n\n"
            "If you need the account, ask the focal point of your State to open it again."
        ),
        facts=("unused", "left"),
        mandatory=True,
    ),
    Kind.NOMINATED: Words(
        name=marked("Nominated"),
        subject=marked("You are nominated for a course"),
        body=marked(
            "{affiliation} has nominated you for the course “{course}”. You need to do nothing"
            " now: we tell you what is decided."
        ),
        action=marked("See my application"),
        facts=("affiliation", "course"),
    ),
    Kind.OFFERED: Words(
        name=marked("Place offered"),
        subject=marked("A place is offered to you: please answer"),
        body=marked(
            "A place in the course “{course}” is yours if you accept it until {until_at}. After"
            " that it goes to the next officer."
        ),
        action=marked("Accept or decline"),
        facts=("course", "until_at"),
        mandatory=True,
    ),
    Kind.ACCEPTED: Words(
        name=marked("Place confirmed"),
        subject=marked("You have a place"),
        body=marked("You have a place in the course “{course}”. It begins on {begins_at}."),
        action=marked("Open the course"),
        facts=("course", "begins_at"),
        mandatory=True,
    ),
    Kind.RESERVE: Words(
        name=marked("On the waiting list"),
        subject=marked("You are on the waiting list"),
        body=marked(
            "All places in the course “{course}” are taken. You are number {position} on the"
            " waiting list. We tell you when a place becomes free."
        ),
        action=marked("See my application"),
        facts=("course", "position"),
    ),
    Kind.MOVED_UP: Words(
        name=marked("Place after waiting"),
        subject=marked("A place has become free for you"),
        body=marked(
            "A place in the course “{course}” has become free, and it is yours. The course begins"
            " on {begins_at}."
        ),
        action=marked("Open the course"),
        facts=("course", "begins_at"),
        mandatory=True,
    ),
    Kind.REJECTED: Words(
        name=marked("Not selected"),
        subject=marked("About your application"),
        body=marked(
            "You were not selected for the course “{course}”. The reason given: {reason}\n\n"
            "You can be nominated again."
        ),
        action=marked("See other courses"),
        facts=("course", "reason"),
    ),
    Kind.WITHDRAWN: Words(
        name=marked("Place withdrawn"),
        subject=marked("Your place or application was withdrawn"),
        body=marked(
            "Your place or application for the course “{course}” was withdrawn."
            " The reason given: {reason}"
        ),
        action=marked("See my courses"),
        facts=("course", "reason"),
        mandatory=True,
    ),
    Kind.SUBSTITUTED: Words(
        name=marked("Replaced"),
        subject=marked("Another officer takes your place"),
        body=marked(
            "Your State has given your place in the course “{course}” to another officer."
            " The reason given: {reason}"
        ),
        action=marked("See my courses"),
        facts=("course", "reason"),
        mandatory=True,
    ),
    Kind.OFFER_EXPIRED: Words(
        name=marked("Offer ended"),
        subject=marked("The offer of a place has ended"),
        body=marked(
            "You did not accept the place in the course “{course}” in time, so the offer has"
            " ended. You can be nominated again."
        ),
        action=marked("See my courses"),
        facts=("course",),
    ),
    Kind.SEATS_RELEASED_SOON: Words(
        name=marked("Unused places are given back soon"),
        subject=marked("Unused places of your State are given back soon"),
        body=marked(
            "In the course “{course}”, {places} places kept for {affiliation} are not used. On"
            " {release_at} they go to other States. Nominate officers before then to keep them."
        ),
        action=marked("Nominate"),
        facts=("course", "places", "affiliation", "release_at"),
    ),
    Kind.DECISION_WAITS: Words(
        name=marked("Nominations wait for your decision"),
        subject=marked("Nominations wait for your decision"),
        body=marked(
            "Nominations for the course “{course}” that wait for you: {waiting}. At least one has"
            " waited for {days} days or more. Please decide."
        ),
        action=marked("Open the nominations"),
        facts=("course", "waiting", "days"),
    ),
    Kind.STATE_IS_LATE: Words(
        name=marked("A State does not decide"),
        subject=marked("Nominations wait for the decision of a State"),
        body=marked(
            "Nominations for the course “{course}” that wait for their State: {waiting}. At least"
            " one has waited for {days} days or more. Please speak to the focal points."
        ),
        action=marked("Open the nominations"),
        facts=("course", "waiting", "days"),
    ),
    Kind.SPMU_IS_LATE: Words(
        name=marked("The coordinators do not decide"),
        subject=marked("Nominations wait for the decision of the coordinators"),
        body=marked(
            "Nominations for the course “{course}” that wait for the coordinators: {waiting}. At"
            " least one has waited for {days} days or more. Please make sure that one of them can"
            " decide."
        ),
        action=marked("See who the coordinators are"),
        facts=("course", "waiting", "days"),
    ),
    Kind.DIGEST: Words(
        name=marked("Summary for focal points"),
        subject=marked("Summary of the nominations of your State"),
        body=marked(
            "{affiliation}: {selected} officers selected, {waiting} on a waiting list,"
            " {open} applications wait for you."
        ),
        action=marked("Open the nominations"),
        facts=("affiliation", "selected", "waiting", "open"),
    ),
    Kind.MAIL_BOUNCED: Words(
        name=marked("Mail came back"),
        subject=marked("Mail to an officer came back"),
        body=marked(
            "Mail to an officer of your State could not be delivered. Please check the address in"
            " the officer's record."
        ),
        action=marked("Open the record"),
    ),
    Kind.QUIZ_HANDED_IN: Words(
        name=marked("Quiz handed in"),
        subject=marked("We have your answers"),
        body=marked(
            "You handed in “{quiz}” (attempt {attempt}) on {handed_in_at}. Answers received:"
            " {answers} of {questions}."
        ),
        action=marked("See the result page"),
        facts=("quiz", "attempt", "handed_in_at", "answers", "questions"),
    ),
    Kind.ATTEMPT_GIVEN: Words(
        name=marked("Another attempt"),
        subject=marked("You have another attempt"),
        body=marked("A trainer has given you another attempt at “{quiz}”."),
        action=marked("Open my learning"),
        facts=("quiz",),
        mandatory=True,
    ),
    Kind.LATE_ACCEPTED: Words(
        name=marked("Late answers accepted"),
        subject=marked("Your late answers were accepted"),
        body=marked(
            "Answers of yours in “{quiz}” came after its end. A trainer has accepted them, so your"
            " result was worked out again."
        ),
        action=marked("See the result page"),
        facts=("quiz",),
    ),
    Kind.RESULT_CHANGED: Words(
        name=marked("Result changed"),
        subject=marked("One of your results has changed"),
        body=marked("A question in “{quiz}” was corrected, so your result was worked out again."),
        action=marked("See the result page"),
        facts=("quiz",),
        mandatory=True,
    ),
    Kind.ESSAY_MARKED: Words(
        name=marked("Written answer marked"),
        subject=marked("Your written answers are marked"),
        body=marked("Your written answers in “{quiz}” are marked. The result is ready."),
        action=marked("See the result page"),
        facts=("quiz",),
    ),
}


def placeholders(text: str) -> list[str]:
    """The names in braces, in their order, each as often as it stands there."""
    return _PLACEHOLDER.findall(text)


def check_facts(kind: Kind, facts: Mapping[str, str]) -> None:
    """Raises ValueError when a fact is missing, over, no text, or no instant where one is due."""
    wanted = set(KINDS[kind].facts)
    if set(facts) != wanted:
        raise ValueError(f"{kind} needs {sorted(wanted)}, not {sorted(facts)}")
    for name, fact in facts.items():
        if not isinstance(fact, str):
            raise ValueError(f"{kind}: {name} is no text")
        if name.endswith("_at") and datetime.fromisoformat(fact).tzinfo is None:
            raise ValueError(f"{kind}: {name} has no time zone")
        if name.endswith("_on"):
            date.fromisoformat(fact)


def check_template(kind: Kind, subject: str, body: str) -> list[tuple[str, str, dict[str, str]]]:
    """What is wrong with an administrator's words: (field, sentence to translate, its values).

    The body must use every placeholder of the kind at least once and no other; the subject none.
    """
    wrong: list[tuple[str, str, dict[str, str]]] = []
    if "{" in subject or "}" in subject:
        wrong.append(
            ("subject", marked("Take the braces out: a subject names no person or course."), {})
        )
    used = placeholders(body)
    unknown = sorted(set(used) - set(KINDS[kind].facts))
    missing = [name for name in KINDS[kind].facts if name not in used]
    rest = _PLACEHOLDER.sub("", body)
    if "{" in rest or "}" in rest:
        wrong.append(("body", marked("A brace is open or closed twice: write {{name}}."), {}))
    for name in unknown:
        wrong.append(
            ("body", marked("{name} is no placeholder of this message."), {"name": f"{{{name}}}"})
        )
    for name in missing:
        wrong.append(("body", marked("{name} is missing."), {"name": f"{{{name}}}"}))
    return wrong


def filled(text: str, shown: Mapping[str, str]) -> str:
    """The text with its placeholders filled; one that is not known stays as it is.

    A value is put in as it is: braces in it are no placeholders.
    """
    return _PLACEHOLDER.sub(lambda found: shown.get(found[1], found[0]), text)


def is_path(link: str) -> bool:
    """Whether the link is empty or a path of the application, and so leads nowhere else."""
    return link == "" or bool(re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", link))
