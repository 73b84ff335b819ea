"""Marking: what waits, and one text after the other."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lms import clock
from lms.features.marking import actions, queries
from lms.features.marking.actions import By
from lms.features.marking.forms import MarkForm
from lms.features.marking.queries import MarkedCourse
from lms.rules.access import Permission
from lms.web.access import requires
from lms.web.forms import require_fields
from lms.web.viewer import viewer

bp = Blueprint("marking", __name__)
STEPS = ("draft", "mark", "let_go")


def _course(slug: str) -> MarkedCourse:
    """A course whose texts the viewer marks; 404 for all others."""
    found = queries.course(slug)
    if found is None or not viewer().reach(Permission.MARK).covers(course=found.id):
        abort(404)
    return found


@bp.get("/author/<course>/marking")
@requires(Permission.MARK)
def waiting(course: str) -> str:
    made = _course(course)
    now = clock.now()
    by_question, by_officer = queries.groups(made, viewer_id=viewer().person_id, now=now)
    return render_template(
        "marking/waiting.html",
        course=made,
        by_question=by_question,
        by_officer=by_officer,
        drafts=queries.drafts(made.id, viewer().person_id, now),
        marked=queries.marked(made.id),
    )


@bp.post("/author/<course>/marking")
@requires(Permission.MARK)
def take(course: str) -> Any:
    made = _course(course)
    require_fields("text", "by")
    return _take(made, request.form["text"], request.form["by"])


def _take(made: MarkedCourse, ref: str, by: str) -> Any:
    if by not in list(By):
        abort(400)
    taken = actions.claim(viewer().person_id, made.id, ref, By(by), now=clock.now())
    if taken is None:
        return redirect(url_for("marking.waiting", course=made.slug), 303)
    return redirect(url_for("marking.text", course=made.slug, ref=taken, by=by), 303)


@bp.post("/author/<course>/marking/names")
@requires(Permission.MARK)
def names(course: str) -> Any:
    made = _course(course)
    require_fields("names")
    if request.form["names"] not in ("hidden", "shown"):
        abort(400)
    hides = request.form["names"] == "hidden"
    actions.hide_names(viewer().person_id, made.id, hides, now=clock.now())
    return redirect(url_for("marking.waiting", course=course), 303)


@bp.route("/author/<course>/marking/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.MARK)
def text(course: str, ref: str) -> Any:
    made = _course(course)
    one = queries.text(made.id, ref) or abort(404)
    form = MarkForm(one)
    by = form.by.data if request.method == "POST" else request.args.get("by", By.QUESTION)
    if by not in list(By):
        abort(400 if request.method == "POST" else 404)
    if form.submitted():
        return _keep(made, ref, form, by)
    page = render_template("marking/text.html", course=made, one=one, form=form, by=by)
    return (page, 422) if request.method == "POST" else page


def _keep(made: MarkedCourse, ref: str, form: MarkForm, by: str) -> Any:
    do, person_id, now = form.do.data, viewer().person_id, clock.now()
    if do not in STEPS:
        abort(400)
    if do == "let_go":
        actions.let_go(person_id, made.id, ref)
        return redirect(url_for("marking.waiting", course=made.slug), 303)
    points = form.given
    if do == "mark" and points is not None:
        actions.mark(person_id, made.id, ref, points=points, now=now, **form.values())
        return _take(made, ref, by)
    actions.keep(person_id, made.id, ref, points=points, now=now, **form.values())
    return redirect(url_for("marking.text", course=made.slug, ref=ref, by=by), 303)
