"""The pages of an attempt: a question, the check before handing in, the result."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lms import clock
from lms.deeds.answers import Sender, Sent
from lms.features.quizzes import actions, queries, results, showing
from lms.features.quizzes.queries import Asked, Sitting
from lms.models import Ending
from lms.rules.access import Permission
from lms.rules.answering import answer_from_form, field_names
from lms.rules.attempts import accepts_saves
from lms.rules.marking import is_number
from lms.rules.questions import Type
from lms.rules.refusal import Refusal
from lms.web import throttle
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.forms import refuse_doubled, require_fields
from lms.web.viewer import viewer

bp = Blueprint("quizzes", __name__)
STEPS = ("next", "leave")


@bp.post("/attempts")
@requires(Permission.LEARN)
def start() -> Any:
    require_fields("place", "unit")
    ref = actions.start(
        viewer().person_id,
        request.form["place"],
        request.form["unit"],
        now=clock.now(),
        sender=sender(),
    )
    if ref is None:
        abort(404)
    sitting = queries.own_sitting(viewer().person_id, ref) or abort(404)
    return redirect(_first_open(sitting), 303)


@bp.route("/attempts/<ref:ref>/<int:number>", methods=["GET", "POST"])
@requires(Permission.LEARN)
def question(ref: str, number: int) -> Any:
    sitting = _open_sitting(ref, saves=request.method == "POST")
    if not isinstance(sitting, Sitting):
        return sitting
    asked = queries.asked(sitting)
    if not 1 <= number <= len(asked):
        abort(404)
    one = asked[number - 1]
    if sitting.rules.forward_only and one.number != sitting.reached:
        return redirect(_address(sitting, sitting.reached), 303)
    if request.method == "POST":
        return _save(sitting, asked, one)
    return _question_page(sitting, asked, one)


@bp.route("/attempts/<ref:ref>/check", methods=["GET", "POST"])
@requires(Permission.LEARN)
def check(ref: str) -> Any:
    sitting = _open_sitting(ref, saves=request.method == "POST")
    if not isinstance(sitting, Sitting):
        return sitting
    if request.method == "POST":
        require_fields()
        actions.hand_in(sitting.id, ending=Ending.BUTTON, now=clock.now())
        return redirect(url_for("quizzes.result", ref=ref), 303)
    return render_template(
        "quizzes/check.html",
        sitting=sitting,
        asked=queries.asked(sitting),
        left=showing.milliseconds_left(sitting.deadline),
        person=viewer().ref,
    )


@bp.get("/attempts/<ref:ref>/questions")
@requires(Permission.LEARN)
def questions(ref: str) -> Any:
    """The forms of all questions in one page without a frame, for the script of the attempt.

    With them in hand an officer goes on while the connection is down. A quiz that goes forward
    only gives the question asked now and no other.
    """
    sitting = _open_sitting(ref)
    if not isinstance(sitting, Sitting):
        return sitting
    asked = queries.asked(sitting)
    if sitting.rules.forward_only:
        asked = [one for one in asked if one.number == sitting.reached]
    return render_template(
        "quizzes/sheets.html",
        sitting=sitting,
        sheets=[(one, showing.to_answer(one)) for one in asked],
    )


@bp.route("/attempts/<ref:ref>/here", methods=["GET", "POST"])
@requires(Permission.LEARN)
def here(ref: str) -> Any:
    """The attempt is answered in another session: say so, and go on here on request."""
    sitting = _current(ref)
    if sitting.handed_in_at is not None:
        return redirect(url_for("quizzes.result", ref=ref), 303)
    if request.method == "POST":
        require_fields()
        actions.go_on_here(sitting.id, sender(), now=clock.now())
        return redirect(_first_open(sitting), 303)
    return render_template("quizzes/here.html", sitting=sitting)


@bp.get("/attempts/<ref:ref>/result")
@requires(Permission.LEARN)
def result(ref: str) -> Any:
    sitting = _current(ref)
    if sitting.handed_in_at is None:
        return redirect(_first_open(sitting), 303)
    following = queries.next_unit(sitting.release_id, sitting.unit_id)
    if sitting.is_survey:
        sent = sitting.ending is Ending.BUTTON
        return render_template("quizzes/sent.html", sitting=sitting, following=following, sent=sent)
    page = results.result_page(sitting, now=clock.now())
    return render_template(
        "quizzes/result.html",
        sitting=sitting,
        following=following,
        person=viewer().ref,
        **page,
    )


def _current(ref: str) -> Sitting:
    """The own attempt, closed first when its time is over; 404 for anybody else's."""
    sitting = queries.own_sitting(viewer().person_id, ref) or abort(404)
    if sitting.handed_in_at is None and not accepts_saves(
        sitting.deadline, clock.now(), actions.grace()
    ):
        actions.hand_in(sitting.id, ending=Ending.TIME, now=clock.now())
        sitting = queries.own_sitting(viewer().person_id, ref) or abort(404)
    return sitting


def _open_sitting(ref: str, *, saves: bool = False) -> Any:
    """The own attempt while it can be answered here, else the way on.

    What is saved from another session is not turned away: nothing that was typed is lost.
    """
    sitting = _current(ref)
    if sitting.handed_in_at is not None:
        return redirect(url_for("quizzes.result", ref=ref), 303)
    if not saves and queries.is_elsewhere(sitting, sender(), clock.now()):
        return redirect(url_for("quizzes.here", ref=ref), 303)
    return sitting


def sender() -> Sender:
    """Who sends this request, as visits keep it."""
    return Sender(
        session=viewer().sign_in_id,
        network=throttle.network(),
        browser=request.user_agent.string,
    )


def _first_open(sitting: Sitting) -> str:
    """Where to go on: the first question that was never saved, or where forward-only stands."""
    if sitting.rules.forward_only:
        return _address(sitting, sitting.reached)
    asked = queries.asked(sitting)
    first = next((one.number for one in asked if one.saved_at is None), len(asked) + 1)
    return _address(sitting, first)


def _address(sitting: Sitting, number: int, *, row: int | None = None) -> str:
    if number > len(sitting.drawn):
        return url_for("quizzes.check", ref=sitting.ref)
    anchor = None if row is None else f"row{row}"
    return url_for("quizzes.question", ref=sitting.ref, number=number, _anchor=anchor)


def _save(sitting: Sitting, asked: list[Asked], one: Asked) -> Any:
    """Keep what was sent, then lead on; a mistake comes back with what was typed."""
    known = {
        *field_names(one.question, one.shown),
        "a",
        "flag",
        "do",
        "move",
        "sequence",
        "csrf_token",
    }
    if set(request.form) - known or request.form.get("do", "next") not in STEPS:
        abort(400)
    refuse_doubled("flag", "do", "move", "sequence")
    shown = request.form.get("sequence", type=whole)
    values = {name: request.form.getlist(name) for name in request.form}
    moved = request.form.get("move")
    if moved is not None:
        values = _moved(one, values, moved)
    try:
        answer = answer_from_form(one.question, one.shown, values)
    except Refusal as refusal:
        page = _question_page(sitting, asked, one, sent=values, error=sentence(refusal))
        return page, 409
    if moved is not None and sitting.rules.forward_only:
        return _question_page(sitting, asked, one, sent=values)  # saving would go on
    sent = Sent(
        question_id=one.question.id,
        answer=answer,
        flagged="flag" in request.form,
        shown=shown,
        number=one.number if sitting.rules.forward_only else None,
        goes_on=moved is None and request.form.get("do") != "leave",
    )
    saved = actions.save(sitting.id, sent, now=clock.now(), sender=sender())
    if saved.conflict:
        return _conflict_page(sitting, one, values), 409
    if saved.late:
        return redirect(url_for("quizzes.result", ref=sitting.ref), 303)
    if moved is not None:
        return redirect(_address(sitting, one.number, row=int(moved.partition(":")[0])), 303)
    if request.form.get("do") == "leave":
        return redirect(sitting.unit_href, 303)
    no_number = _no_number(one, answer.text) and answer.text != one.answer.text
    if no_number and not sitting.rules.forward_only:
        return redirect(_address(sitting, one.number), 303)  # which says what is missing
    return redirect(_address(sitting, one.number + 1), 303)


def whole(text: str) -> int:
    """A number that a page counts with; ValueError for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise ValueError(text)
    return int(text)


def _conflict_page(sitting: Sitting, one: Asked, values: dict[str, list[str]]) -> str:
    """Both answers, when another page has saved a newer one: the officer chooses."""
    now = next(again for again in queries.asked(sitting) if again.number == one.number)
    mine = answer_from_form(one.question, one.shown, values)
    kept = {name for name in values if name not in ("csrf_token", "sequence", "do", "move")}
    return render_template(
        "quizzes/conflict.html",
        sitting=sitting,
        one=now,
        theirs=showing.in_words(now, now.answer),
        mine=showing.in_words(now, mine),
        fields=[(name, value) for name in sorted(kept) for value in values[name]],
    )


def _no_number(one: Asked, typed: str) -> bool:
    """Whether a number is asked for and something else was typed; it is kept all the same."""
    return one.question.type is Type.NUMERIC and bool(typed) and not is_number(one.question, typed)


def _moved(one: Asked, values: dict[str, list[str]], moved: str) -> dict[str, list[str]]:
    """The positions after one item went up or down; without a script each arrow is a request."""
    item, _colon, way = moved.partition(":")
    count = len(one.shown.items)
    if item not in map(str, range(count)) or way not in ("up", "down"):
        abort(400)
    sent = {place: values.get(f"o{place}", [""])[0] for place in range(count)}
    if not set(sent.values()) <= {str(position) for position in range(1, count + 1)}:
        abort(400)
    order = sorted(range(count), key=lambda place: int(sent[place]))
    at = order.index(int(item))
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < count:
        order[at], order[to] = order[to], order[at]
    return {f"o{place}": [str(position)] for position, place in enumerate(order, start=1)}


def _question_page(
    sitting: Sitting,
    asked: list[Asked],
    one: Asked,
    *,
    sent: dict[str, list[str]] | None = None,
    error: str = "",
) -> str:
    if not error and _no_number(one, one.answer.text):
        error = showing.number_hint(one.question)
    return render_template(
        "quizzes/question.html",
        sitting=sitting,
        asked=asked,
        one=one,
        q=showing.to_answer(one, sent=sent, error=error),
        error=error,
        saved_at=max((each.saved_at for each in asked if each.saved_at), default=None),
        sequence=max((each.sequence for each in asked), default=0),
        left=showing.milliseconds_left(sitting.deadline),
        person=viewer().ref,
    )
