"""The questions of a course with their keys, and what becomes of results when a key was wrong."""

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, jobs
from lms.database import db
from lms.features.regrading import actions, queries
from lms.features.regrading.forms import ChoiceForm, DecideForm
from lms.features.regrading.rehearsal import rehearse
from lms.features.regrading.shown import key_lines
from lms.models import RegradeState
from lms.rules.access import Permission
from lms.web.access import requires
from lms.web.forms import require_fields
from lms.web.viewer import viewer

bp = Blueprint("regrading", __name__)
LINES = 200  # of a rehearsal, on the page; the numbers above are of all


def course_of(slug: str, permission: Permission) -> tuple[int, str]:
    """(id, title) of a course within reach; 404 for all others."""
    found = queries.course(slug)
    if found is None or not viewer().reach(permission).covers(course=found[0]):
        abort(404)
    return found


def _asked(slug: str, question: str, permission: Permission) -> queries.Asked:
    course_id, _title = course_of(slug, permission)
    quiz = request.values.get("quiz", "")
    return queries.asked(course_id, question, quiz) or abort(404)


@bp.get("/author/<course>/questions")
@requires(Permission.SEE_KEYS)
def questions(course: str) -> str:
    course_id, title = course_of(course, Permission.SEE_KEYS)
    return render_template(
        "regrading/questions.html",
        slug=course,
        title=title,
        quizzes=queries.quizzes(course_id),
        decided=queries.decided(course_id),
    )


@bp.get("/author/<course>/questions/<question>")
@requires(Permission.SEE_KEYS)
def question(course: str, question: str) -> str:
    asked = _asked(course, question, Permission.SEE_KEYS)
    return render_template(
        "regrading/question.html",
        asked=asked,
        lines=key_lines(asked.question, asked.html),
        decided=queries.decided(asked.course_id, question_id=question),
    )


@bp.route("/author/<course>/questions/<question>/regrade", methods=["GET", "POST"])
@requires(Permission.REGRADE)
def regrade(course: str, question: str) -> Any:
    asked = _asked(course, question, Permission.REGRADE)
    decide = DecideForm()
    if request.method == "POST":
        decide.submitted()  # refuses fields that the page has not
    choice = ChoiceForm(asked, request.form if request.method == "POST" else request.args)
    fits = choice.validate()
    if request.method == "POST" and fits and decide.validate():
        ref = actions.decide(
            viewer().person_id,
            asked,
            [one.unit_id for one in choice.chosen],
            choice.remedy,
            choice.key,
            lowers=choice.lowers,
            tells=decide.tells.data,
            why=decide.why.data or "",
            once=decide.once.data or "",
            now=clock.now(),
        )
        jobs.wake()
        return redirect(url_for("regrading.decided", course=course, ref=ref), 303)
    chosen = request.method == "POST" or "what" in request.args
    rehearsal = None
    if chosen and fits:
        unit_ids = [one.unit_id for one in choice.chosen]
        rehearsal = rehearse(unit_ids, choice.correction, lowers=choice.lowers)
    if request.method == "GET":
        decide.once.data, decide.tells.data = secrets.token_hex(16), True
    page = render_template(
        "regrading/regrade.html",
        asked=asked,
        choice=choice,
        chosen=chosen,
        decide=decide,
        rehearsal=rehearsal,
        most=LINES,
        now=clock.now(),
    )
    return (page, 422) if request.method == "POST" else page


@bp.get("/author/<course>/regrades/<ref:ref>")
@requires(Permission.CONFIRM_REGRADE)
def decided(course: str, ref: str) -> str:
    course_id, title, one = _decided(course, ref)
    running = one.row.state is RegradeState.RUNNING
    return render_template(
        "regrading/decided.html",
        slug=course,
        title=title,
        one=one,
        row=one.row,
        left=len(queries.left(db.session, one.row)) if running else 0,
        sees_keys=viewer().reach(Permission.SEE_KEYS).covers(course=course_id),
        may_confirm=one.row.asked_by != viewer().person_id,
        remedy_words=remedy_words(),
    )


@bp.route("/author/<course>/regrades/<ref:ref>/confirm", methods=["GET", "POST"])
@requires(Permission.CONFIRM_REGRADE, fresh=True)
def confirm(course: str, ref: str) -> Any:
    course_id, title, one = _decided(course, ref)
    if request.method == "POST":
        require_fields("do")
        if request.form["do"] not in ("confirm", "decline"):
            abort(400)
        agrees = request.form["do"] == "confirm"
        actions.confirm(viewer().person_id, course_id, ref, agrees=agrees, now=clock.now())
        jobs.wake()
    if request.method == "POST" or one.row.state is not RegradeState.WAITING:
        return redirect(url_for("regrading.decided", course=course, ref=ref), 303)
    row = one.row
    return render_template(
        "regrading/confirm.html",
        slug=course,
        title=title,
        one=one,
        row=row,
        rehearsal=rehearse(row.unit_ids, queries.correction(row), lowers=row.lowers),
        remedy_words=remedy_words(),
        most=LINES,
    )


def _decided(slug: str, ref: str) -> tuple[int, str, queries.Decided]:
    course_id, title = course_of(slug, Permission.CONFIRM_REGRADE)
    found = queries.decided(course_id, ref=ref)
    if not found:
        abort(404)
    return course_id, title, found[0]


def remedy_words() -> dict[str, str]:
    return {
        "new_key": _("A new key"),
        "accept": _("Another answer is accepted too"),
        "full_marks": _("Full marks for everybody"),
        "drop": _("The question is left out"),
    }
