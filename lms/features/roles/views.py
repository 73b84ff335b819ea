"""The roles that people hold; giving, confirming and ending one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from lms import clock
from lms.features.roles import actions, queries
from lms.features.roles.forms import Button, EndForm, GrantForm
from lms.rules.access import GRANTS, Permission, Role
from lms.web.access import requires
from lms.web.page import ROLE_WORDS
from lms.web.paging import asked_page, pages
from lms.web.viewer import viewer

bp = Blueprint("roles", __name__)


@bp.get("/admin/roles")
@requires(Permission.GRANT_ROLES)
def grants() -> Any:
    words, role, page = (
        request.args.get("q", "").strip(),
        request.args.get("role", ""),
        asked_page(),
    )
    if role not in {"", *Role} or len(words) > 200:
        abort(404)
    now = clock.now()
    rows, total = queries.in_force(now, Role(role) if role else None, words, page)
    kept = {name: value for name, value in (("q", words), ("role", role)) if value}
    return render_template(
        "roles/grants.html",
        waiting=queries.waiting(now),
        grants=rows,
        reaches=queries.reach_words(),
        roles=[(one.value, str(ROLE_WORDS[one])) for one in Role if one is not Role.OFFICER],
        words=words,
        role=role,
        me=viewer().person_id,
        pages=pages(
            total, page, queries.ROWS_A_PAGE, lambda more: url_for(".grants", **kept, **more)
        ),
    )


@bp.get("/admin/roles/rights")
@requires(Permission.GRANT_ROLES)
def rights() -> str:
    """What each role may do, as rules/access.py has it."""
    return render_template(
        "roles/rights.html",
        roles=[(role, str(ROLE_WORDS[role])) for role in Role],
        permissions=sorted(Permission, key=lambda one: one.value),
        granted=GRANTS,
    )


@bp.get("/admin/roles/grant")
@requires(Permission.GRANT_ROLES, fresh=True)
def find() -> str:
    """Whom the role is for: by name or address."""
    words = request.args.get("q", "").strip()[:200]
    found = queries.found(words) if words else []
    return render_template("roles/find.html", words=words, found=found, most=queries.FOUND_AT_MOST)


@bp.route("/admin/roles/grant/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES, fresh=True)
def grant(ref: str) -> Any:
    """Give this person a role; a second administrator confirms it."""
    person, affiliation = queries.person(ref) or abort(404)
    form = GrantForm(queries.courses(), queries.affiliations(), queries.programmes())
    if form.submitted():
        made = actions.propose(
            ref,
            Role(form.role.data),
            course=form.course.data,
            affiliation=form.affiliation.data,
            programme=form.programme.data,
            until=end_of(form.until.data),
            reason=form.reason.data or "",
            actor=viewer().person_id,
            now=clock.now(),
        )
        return redirect(url_for(".one", ref=made), 303)
    return render_template(
        "roles/grant.html", form=form, person=person, affiliation=affiliation
    ), 409 if form.errors else 200


def end_of(day: date | None) -> datetime | None:
    """The first instant after the day, which is a day in Vienna."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), current_app.config["TIME_ZONE"])


@bp.route("/admin/roles/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES, fresh=True)
def one(ref: str) -> Any:
    """One grant; here it is ended, or refused while it waits."""
    found = queries.grant(ref) or abort(404)
    form = EndForm()
    if form.submitted():
        me = viewer().person_id
        actions.end(ref, actor=me, reason=form.reason.data or "", now=clock.now())
        return redirect(url_for(".grants"), 303)
    return render_template(
        "roles/one.html",
        form=form,
        grant=found,
        reaches=queries.reach_words(),
        me=viewer().person_id,
    ), 409 if form.errors else 200


@bp.route("/admin/roles/<ref:ref>/confirm", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLES, fresh=True)
def confirm(ref: str) -> Any:
    """The second administrator looks at it and agrees."""
    found = queries.grant(ref) or abort(404)
    form = Button()
    if form.submitted():
        actions.confirm(ref, actor=viewer().person_id, now=clock.now())
        return redirect(url_for(".one", ref=ref), 303)
    return render_template("roles/confirm.html", grant=found, reaches=queries.reach_words())
