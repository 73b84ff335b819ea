"""Pages that need nothing but themselves."""

import json
import logging
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text

from lms.database import db
from lms.web.access import public
from lms.web.migrating import is_current
from lms.web.page import home

bp = Blueprint("about", __name__)
log = logging.getLogger("lms.csp")
LONGEST_REPORT = 4_000  # signs of a browser's report that are kept


@bp.get("/")
@public
def front() -> Any:
    return redirect(home() if current_user.is_authenticated else url_for("catalogue.courses"), 303)


@bp.get("/help")
@public
def help() -> str:
    return render_template("about/help.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("about/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    months = current_app.config["RETENTION"]
    return render_template("about/privacy.html", months={one.value: months[one] for one in months})


@bp.get("/terms")
@public
def terms() -> str:
    return render_template("about/terms.html")


@bp.get("/healthz")
@public
def alive() -> Any:
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> Any:
    """200 when the database answers and its tables are those of this code; else 503."""
    try:
        db.session.execute(text("SELECT 1"))
        current = is_current(db.engine)
    except Exception:
        return {"status": "no database"}, 503
    return ({"status": "ready"}, 200) if current else ({"status": "migrate"}, 503)


@bp.post("/csp-reports")
@public
def csp_report() -> Any:
    """A browser tells of something that the policy stopped; it goes into the log."""
    sent = request.get_data(cache=False)[:LONGEST_REPORT]
    log.warning("policy: %s", json.dumps(sent.decode("utf-8", "replace")))
    return "", 204
