"""From what went wrong to a page that says what to do next."""

import logging
import secrets

from flask import Flask, current_app, g, render_template
from flask_babel import gettext, refresh
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from lms.rules.refusal import Refusal
from lms.web.times import moment

log = logging.getLogger("lms")


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(IntegrityError, collided)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, broke)


def reference() -> str:
    """A word to quote when somebody asks for help; it stands in the log beside the cause."""
    return secrets.token_hex(4)


def refused(refusal: Refusal) -> tuple[str, int]:
    return render_template("errors/refusal.html", reason=sentence(refusal), ref=reference()), 409


def sentence(refusal: Refusal) -> str:
    """What the refusal says, in the reader's language and time zone."""
    values = dict(refusal.values)
    if refusal.until is not None:
        values["until"] = moment(refusal.until)
    said = gettext(refusal.sentence)
    return said.format(**values) if values else said


def collided(error: IntegrityError) -> tuple[str, int]:
    ref = reference()
    log.warning("collided %s: %s", ref, type(error.orig).__name__)
    reason = gettext(
        "Somebody saved the same thing at the same moment. Look at it, then try again."
    )
    return render_template("errors/refusal.html", reason=reason, ref=ref), 409


def failed(error: HTTPException) -> tuple[str, int] | HTTPException:
    match error.code:
        case 404:
            return render_template("errors/not_found.html", ref=reference()), 404
        case 403:
            return render_template("errors/forgery.html", ref=reference()), 403
        case code if code and code >= 400:
            return render_template("errors/failed.html", code=code, ref=reference()), code
        case _:
            return error


def broke(error: Exception) -> tuple[str, int]:
    ref = reference()
    log.error("server error %s", ref, exc_info=error)
    g.language = "en"  # asking for the person's could fail again
    refresh()
    page = current_app.jinja_env.get_template("errors/server.html")  # without context processors
    return page.render(ref=ref), 500
