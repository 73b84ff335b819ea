"""One function that sends a letter: by SMTP, or without a server into a folder of .eml files."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

LONGEST_WAIT = 20  # seconds for one word of the server
ON_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    ref: str  # of the message; the same letter keeps its Message-ID however often it is sent
    to: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime


class NotSent(Exception):  # noqa: N818 -- an answer of the server
    """It may go another time. The message names no address."""


class Bounced(NotSent):
    """The server refuses this address for good."""


def send(letter: Letter, *, sender: str, server: str, folder: Path) -> None:
    """Hand the letter over to `server` (LMS_SMTP_URL), or write it into `folder` without one.

    Raises Bounced or NotSent.
    """
    message = composed(letter, sender)
    if server:
        by_smtp(message, server)
    else:
        into(folder, letter.ref, message)


def composed(letter: Letter, sender: str) -> EmailMessage:
    """Plain text first, the same in light HTML beside it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.ref}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # no automatic answers, please
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = letter.language
    return message


def by_smtp(message: EmailMessage, server: str) -> None:
    """Always with TLS, but to a server on this machine."""
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or 0
    trusted = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            opened = smtplib.SMTP_SSL(host, port, timeout=LONGEST_WAIT, context=trusted)
        else:
            opened = smtplib.SMTP(host, port, timeout=LONGEST_WAIT)
        with opened as line:
            if parts.scheme == "smtp" and host not in ON_THIS_MACHINE:
                line.starttls(context=trusted)
            if parts.username:
                line.login(unquote(parts.username), unquote(parts.password or ""))
            line.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        if codes and min(codes) >= 500:
            raise Bounced(f"the address was refused ({min(codes)})") from None
        raise NotSent(f"the address was refused for now ({max(codes, default=0)})") from None
    except smtplib.SMTPResponseException as wrong:
        raise NotSent(f"the mail server answered {wrong.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as wrong:
        raise NotSent(f"the mail server cannot be reached ({type(wrong).__name__})") from None


def into(folder: Path, ref: str, message: EmailMessage) -> None:
    """Readable by the owner alone, and whole or not at all."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f"{ref}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        os.replace(part, folder / f"{ref}.eml")
    except OSError as wrong:
        raise NotSent(f"the folder cannot be written ({type(wrong).__name__})") from None
