"""The officer's pages: My learning, a place, modules, lessons, a quiz before it begins."""

import mimetypes
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)

from lms import clock, storage
from lms.features.learning import actions, applications, queries
from lms.features.learning.forms import AnswerForm, ApplyForm, LeaveForm, LessonForm, PlaceForm
from lms.features.learning.starting import start_facts
from lms.models import UnitKind
from lms.rules.access import Permission, Reach, Scope
from lms.web.access import inside, requires
from lms.web.outlines import CourseInHand, UnitLine, course_in_hand, is_listed
from lms.web.viewer import viewer

bp = Blueprint("learning", __name__)
MEDIA_POLICY = "default-src 'none'; sandbox"
SHOWN_TYPES = {  # what media files are served as; all else is a download
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".vtt": "text/vtt",
}


@bp.get("/learning")
@requires(Permission.LEARN)
def dashboard() -> str:
    now = clock.now()
    lines = queries.place_lines(viewer().person_id)
    current = next(
        (one for one in lines if one.status(now) in ("in_progress", "not_started")), None
    )
    course = course_in_hand(current.slug, viewer().person_id) if current else None
    return render_template(
        "learning/dashboard.html",
        lines=lines,
        course=course,
        now=now,
        current=current,
        applied=applications.lines(viewer().person_id),
    )


@bp.route("/learning/places/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.LEARN)
def place(ref: str) -> Any:
    """One's own application, nomination or offer: where it stands, and one's own answer."""
    one = applications.application(viewer().person_id, ref) or abort(404)
    form = AnswerForm()
    if form.submitted():
        me, reason, now = viewer().person_id, form.reason.data or "", clock.now()
        match form.do.data:
            case "accept":
                actions.accept(me, ref, now=now)
            case "decline":
                actions.decline(me, ref, reason=reason, now=now)
            case "withdraw":
                actions.withdraw(me, ref, reason=reason, now=now)
            case _:
                abort(400)
        return redirect(url_for(".place", ref=ref), 303)
    steps = [(step, applications.said(step.reason)) for step in one.steps]
    return render_template("learning/place.html", one=one, form=form, steps=steps)


@bp.route("/courses/<course>/application", methods=["GET", "POST"])
@requires(Permission.LEARN)
def application(course: str) -> Any:
    """Ask for a place in an activity by application."""
    activity = request.args.get("activity", "")
    found, title = applications.applying(course, activity) or abort(404)
    form = ApplyForm()
    if form.submitted():
        ref = actions.apply(
            viewer().person_id, activity, motivation=form.motivation.data or "", now=clock.now()
        )
        return redirect(url_for(".place", ref=ref), 303)
    return render_template(
        "learning/application.html", activity=found, title=title, course=course, form=form
    )


@bp.post("/courses/<course>/place")
@requires(Permission.LEARN)
def take_place(course: str) -> Any:
    form = PlaceForm()
    if not form.submitted():
        abort(400)
    if not is_listed(course) and course_in_hand(course, viewer().person_id) is None:
        abort(404)
    taken = actions.take_place(
        viewer().person_id, course, form.activity.data or "", now=clock.now()
    )
    waits = applications.ref_of(taken)
    if waits is not None:
        return redirect(url_for(".place", ref=waits), 303)
    wanted = inside(form.next.data)
    if wanted and wanted.startswith(f"/courses/{course}/"):
        return redirect(wanted, 303)
    found = course_in_hand(course, viewer().person_id, activity=form.activity.data or "")
    unit = found.resume() if found else None
    return redirect(unit.href if unit else url_for("catalogue.course", course=course), 303)


@bp.route("/courses/<course>/leave", methods=["GET", "POST"])
@requires(Permission.LEARN)
def leave(course: str) -> Any:
    found = course_in_hand(course, viewer().person_id) or abort(404)
    assert found.place is not None
    form = LeaveForm()
    if form.submitted():
        actions.withdraw(
            viewer().person_id, found.place.ref, reason=form.reason.data or "", now=clock.now()
        )
        return redirect(url_for("catalogue.course", course=course), 303)
    return render_template("learning/leave.html", course=found, form=form)


@bp.get("/courses/<course>/glossary")
@requires(Permission.READ_UNITS)
def glossary(course: str) -> Any:
    found = _in_hand(course)
    if found is None:
        return _to_course(course)
    terms = queries.glossary(found.release_id)
    return render_template("learning/glossary.html", course=found, terms=terms)


@bp.get("/courses/<course>/media/<sha_start>/<name>")
@requires(Permission.READ_UNITS)
def media(course: str, sha_start: str, name: str) -> Response:
    if len(sha_start) != 16:
        abort(404)
    found = queries.course_file(
        course, viewer().person_id, sha_start, name, anybody=_may_look(course)
    ) or abort(404)
    ending = "." + name.rpartition(".")[2].lower()
    type_ = SHOWN_TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(storage.get(found.sha256), mimetype=type_)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    # the name holds the content's hash: the same address never means another file
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    if ending not in SHOWN_TYPES:
        response.headers["Content-Disposition"] = "attachment"
    return response


@bp.get("/courses/<course>/<module>")
@requires(Permission.READ_UNITS)
def module(course: str, module: str) -> Any:
    """A module's opening page; or, at the same kind of address, a quiz of the course."""
    found = _in_hand(course)
    if found is None:
        return _to_course(course)
    unit = found.unit(module)
    if unit is not None:
        return _unit_page(found, unit)
    facts = found.module(module) or abort(404)
    return render_template("learning/module.html", course=found, module=facts)


@bp.route("/courses/<course>/<module>/<unit>", methods=["GET", "POST"])
@requires(Permission.READ_UNITS)
def unit(course: str, module: str, unit: str) -> Any:
    if request.method == "POST" and viewer().reach(Permission.LEARN).scope is None:
        abort(404)
    found = _in_hand(course)
    if found is None:
        return _to_course(course)
    line = found.unit(f"{module}/{unit}") or abort(404)
    if request.method == "POST":
        return _finish(found, line)
    return _unit_page(found, line)


def _in_hand(course: str) -> CourseInHand | None:
    """The course for this viewer; None when they need a place first.

    A course that is not there answers 404, and so does one that the viewer may not know of.
    """
    activity = request.args.get("activity", "")
    found = course_in_hand(course, viewer().person_id, activity=activity, anybody=_may_look(course))
    if found is None and not is_listed(course):
        abort(404)
    return found


def _may_look(course: str) -> bool:
    """Whether the role reads this course without a place: its trainers, coordinators …"""
    reach: Reach = viewer().reach(Permission.READ_UNITS)
    if reach.scope is Scope.COURSES:
        return reach.covers(course=queries.course_id(course))
    return reach.scope is Scope.ALL


def _to_course(course: str) -> Any:
    return redirect(url_for("catalogue.course", course=course, next=request.path), 303)


def _unit_page(course: CourseInHand, unit: UnitLine) -> Any:
    if unit.lock is not None:
        return render_template("learning/locked.html", course=course, unit=unit)
    text = queries.unit_text(unit.id)
    _remember(course, unit)
    before, after = course.neighbours(unit.key)
    page = {
        "course": course,
        "unit": unit,
        "text": text,
        "before": before,
        "after": after,
        "may_learn": viewer().reach(Permission.LEARN).scope is not None,
        "may_preview": viewer().reach(Permission.PREVIEW_QUIZ).covers(course=course.course_id),
    }
    if unit.kind is UnitKind.LESSON:
        contents = [(words, id_) for level, id_, words in text.facts["headings"] if level == 2]
        return render_template("learning/lesson.html", **page, contents=contents)
    return render_template("learning/start.html", **page, **start_facts(course, unit, text))


def _remember(course: CourseInHand, unit: UnitLine) -> None:
    """Write the last position when it changes; the one thing that looking at a page may write."""
    if course.place and course.place.last_unit != unit.key:
        actions.remember_position(course.place.id, unit.key, clock.now())


def _finish(course: CourseInHand, unit: UnitLine) -> Any:
    if course.place is None or not unit.is_lesson:
        abort(404)
    if not LessonForm().submitted():
        abort(400)
    actions.finish_lesson(course.place.id, unit.id, now=clock.now())
    after = course.neighbours(unit.key)[1]
    return redirect(after.href if after else url_for("learning.dashboard"), 303)
