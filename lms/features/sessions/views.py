"""The own sessions, and those of somebody who needs help."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lms import clock
from lms.features.sessions import actions, queries
from lms.features.sessions.forms import HelpForm
from lms.rules.access import Permission
from lms.rules.references import typed_reference
from lms.web.access import requires
from lms.web.forms import require_fields
from lms.web.viewer import viewer

bp = Blueprint("sessions", __name__)


@bp.route("/account/sessions", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def own() -> Any:
    """Where one is signed in; `end` names one session, or all others."""
    me, now = viewer(), clock.now()
    if request.method == "POST":
        require_fields("end")
        which = request.form["end"]
        if which == "others":
            actions.end_others(me.person_id, me.sign_in_id, now)
        else:
            actions.end_one(me.person_id, typed_reference(which) or "", now)
        return redirect(url_for(".own"), 303)
    return render_template(
        "sessions/own.html", sessions=queries.open_ones(me.person_id, now), here=me.sign_in_id
    )


@bp.route("/people/<ref:ref>/sign-in", methods=["GET", "POST"])
@requires(Permission.END_SESSIONS, fresh=True)
def of_person(ref: str) -> Any:
    """An administrator ends somebody's sessions, or takes a lost second factor out of use."""
    person = queries.person(ref) or abort(404)
    form = HelpForm()
    if form.submitted():
        act = actions.reset_factor if form.what.data == "factor" else actions.end_all_of
        me = viewer().person_id
        act(person.id, actor=me, reason=form.reason.data or "", now=clock.now())
        return redirect(url_for(".of_person", ref=ref, saved=1), 303)
    now = clock.now()
    return render_template(
        "sessions/of_person.html",
        form=form,
        person=person,
        sessions=queries.open_ones(person.id, now),
        factor=queries.factor(person.id),
        saved="saved" in request.args,
    ), 409 if form.errors else 200
