"""What the script of an attempt asks for: keep this answer, how much time is left.

Answers are JSON and say nothing about keys. Nothing is acknowledged before it is in the database.
"""

from datetime import datetime
from typing import Any

from flask import abort, request, url_for

from lms import clock
from lms.deeds.answers import Sent
from lms.features.quizzes import actions, queries, showing
from lms.features.quizzes.queries import Target
from lms.features.quizzes.views import bp, sender, whole
from lms.rules.access import Permission
from lms.rules.answering import answer_from_form, field_names
from lms.rules.attempts import HIGHEST
from lms.rules.marking import is_number
from lms.rules.questions import Type
from lms.rules.refusal import Refusal
from lms.web import cookies
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.forms import refuse_doubled
from lms.web.times import time_of_day
from lms.web.viewer import viewer

OURS = {"number", "sequence", "device", "flag", "csrf_token"}


@bp.post("/attempts/<ref:ref>/answers")
@requires(Permission.LEARN)
def answers(ref: str) -> Any:
    """Keep one answer. 422 says what is wrong with it, 409 that it can no longer be kept."""
    found = queries.target(viewer().person_id, ref, _number("number", 1_000)) or abort(404)
    names = {"a", *field_names(found.question, found.shown)}
    if set(request.form) - names - OURS:
        abort(400)
    refuse_doubled(*OURS)
    device = request.form.get("device", "")
    if not (device.isascii() and device.isalnum() and device.islower() and len(device) <= 16):
        abort(400)
    values = {name: request.form.getlist(name) for name in names if name in request.form}
    now = clock.now()
    try:
        answer = answer_from_form(found.question, found.shown, values)
    except Refusal as refusal:
        return {"wrong": sentence(refusal)}, 422
    sent = Sent(
        question_id=found.question.id,
        answer=answer,
        flagged="flag" in request.form,
        sequence=_number("sequence", HIGHEST),
        device=device,
        number=found.number if found.forward_only else None,
    )
    try:
        saved = actions.save(found.attempt_id, sent, now=now, sender=sender())
    except Refusal as refusal:
        return {"over": sentence(refusal), "result": url_for("quizzes.result", ref=ref)}, 409
    return {
        "saved": "" if saved.late else time_of_day(now),
        "sequence": saved.sequence,
        "kept": saved.kept,
        "answered": not answer.blank,
        "flagged": sent.flagged,
        "doubt": _doubt(found, answer.text),
        **_clock(saved.deadline, not saved.late, elsewhere=saved.elsewhere),
    }


@bp.get("/attempts/<ref:ref>/time")
@requires(Permission.LEARN)
def time(ref: str) -> Any:
    """How much time is left; a token too, for a page that was open before another sign-in."""
    found = queries.clock_of(viewer().person_id, ref) or abort(404)
    elsewhere = found.held_by not in (None, viewer().sign_in_id)
    return {
        "token": cookies.csrf_token(),
        **_clock(found.deadline, found.handed_in_at is None, elsewhere=elsewhere),
    }


def _clock(deadline: datetime | None, is_open: bool, *, elsewhere: bool) -> dict[str, Any]:
    return {
        "open": is_open,
        "left": showing.milliseconds_left(deadline),
        "until": time_of_day(deadline) if deadline else "",
        "elsewhere": elsewhere,
    }


def _number(name: str, highest: int) -> int:
    """A whole number from 1 that the script has sent; 400 for anything else."""
    try:
        number = whole(request.form.get(name, ""))
    except ValueError:
        abort(400)
    if not 1 <= number <= highest:
        abort(400)
    return number


def _doubt(found: Target, typed: str) -> str:
    """What to write instead of something that is no number; it is kept all the same."""
    if found.question.type is not Type.NUMERIC or not typed or is_number(found.question, typed):
        return ""
    return showing.number_hint(found.question)
