"""From a kind and its facts to words, in the language and the time zone of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, render_template
from flask_babel import force_locale, gettext

from lms.mail import Letter
from lms.rules.messages import KINDS, Kind, filled
from lms.web.times import day


@dataclass(frozen=True, slots=True)
class Said:
    """A message in words. `paragraphs` are plain text."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str


Own = Mapping[tuple[str, str], tuple[str, str]]  # (kind, language) → subject and body


def said(kind: Kind, facts: Mapping[str, str], *, own: Own, language: str, zone: ZoneInfo) -> Said:
    """The message in `language`: the administrator's own words, else the built-in ones."""
    words = KINDS[kind]
    subject, body = own.get((kind, language)) or built_in(kind, language)
    with force_locale(_locale(language)):
        shown = {name: fact_in_words(name, fact, zone) for name, fact in facts.items()}
        action = gettext(words.action) if words.action else ""
    paragraphs = tuple(part.strip() for part in filled(body, shown).split("\n\n") if part.strip())
    return Said(subject, paragraphs, action)


def built_in(kind: Kind, language: str) -> tuple[str, str]:
    """Subject and body as the code has them, in this language as far as they are translated."""
    with force_locale(_locale(language)):
        return gettext(KINDS[kind].subject), gettext(KINDS[kind].body)


def _locale(language: str) -> str:
    return language.replace("-", "_")


def fact_in_words(name: str, fact: str, zone: ZoneInfo) -> str:
    """What stands for the placeholder; the end of its name says how (rules/messages.py)."""
    if name.endswith("_at"):
        return instant(datetime.fromisoformat(fact), zone)
    if name.endswith("_on"):
        return day(date.fromisoformat(fact))
    return gettext(fact) if name.endswith("_word") and fact else fact


def instant(value: datetime, zone: ZoneInfo) -> str:
    """4 December 2026, 17:40 +05 (4 December 2026, 13:40 CET): the reader's time, then Vienna's."""
    vienna = current_app.config["TIME_ZONE"]
    if value.astimezone(zone).utcoffset() == value.astimezone(vienna).utcoffset():
        return _local(value, vienna)
    return f"{_local(value, zone)} ({_local(value, vienna)})"


def _local(value: datetime, zone: ZoneInfo) -> str:
    local = value.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"


def letter(words: Said, *, ref: str, to: str, href: str, language: str, at: datetime) -> Letter:
    """The mail of a message; `href` is the whole address of its one link, or empty.

    Mail is read by many machines on its way: it names nobody.
    """
    with force_locale(_locale(language)):
        parts = {"words": words, "href": href, "language": language}
        return Letter(
            ref=ref,
            to=to,
            subject=words.subject,
            text=render_template("messages/mail.txt", **parts),
            html=render_template("messages/mail.html", **parts),
            language=language,
            at=at,
        )
