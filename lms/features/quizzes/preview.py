"""A quiz as its trainers try it: drawn and marked in memory. No row is written, so it is in no
report, no statistic and nobody's attempts."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from lms.database import db
from lms.features.quizzes import showing
from lms.features.quizzes.queries import Asked
from lms.features.quizzes.saving import bp  # with what scripts ask for on it already
from lms.models import Course, Question, Release, Unit, UnitKind
from lms.rules import questions as values
from lms.rules.access import Permission
from lms.rules.answering import answer_from_form, field_names
from lms.rules.drawing import draw_questions, shown
from lms.rules.grading import grade, per_cent, shown_points
from lms.rules.quizrules import QuizRules
from lms.rules.refusal import Refusal
from lms.rules.reviewing import ALL, SCORE
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.viewer import viewer

SEED = re.compile(r"[0-9a-f]{32}")


@bp.route("/author/<course>/preview/<path:key>", methods=["GET", "POST"])
@requires(Permission.PREVIEW_QUIZ)
def preview(course: str, key: str) -> Any:
    """All questions of one draw on a page; sent, it says how they would be marked.

    What is right is shown to those who may see keys, the points to the others.
    """
    release, unit = _quiz(course, key)
    rules = QuizRules.from_dict(unit.facts["rules"])
    seed = request.values.get("seed", "") or secrets.token_hex(16)
    if not SEED.fullmatch(seed):
        abort(400)
    asked = _drawn(release, unit, rules, bytes.fromhex(seed))
    given, errors = _given(asked) if request.method == "POST" else ({}, {})
    page: dict[str, Any] = {
        "slug": course,
        "unit": unit,
        "language": release.language,
        "seed": seed,
        "sheets": [
            (
                one,
                showing.to_answer(
                    one,
                    sent=_sent(one),
                    error=errors.get(one.number, ""),
                    prefix=_prefix(one),
                ),
            )
            for one in asked
        ],
        "wrong": bool(errors),
        "result": None,
    }
    if request.method == "POST" and not errors and unit.kind is not UnitKind.SURVEY:
        page["result"] = _result(release.course_id, rules, asked, given)
    return render_template("quizzes/preview.html", **page)


def _quiz(slug: str, key: str) -> tuple[Release, Unit]:
    """The quiz in the newest release of a course within reach; 404 for any other."""
    release = db.session.scalar(
        select(Release)
        .join(Course, Course.id == Release.course_id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    )
    may = viewer().reach(Permission.PREVIEW_QUIZ)
    if release is None or not may.covers(course=release.course_id):
        abort(404)
    unit = db.session.scalar(
        select(Unit)
        .where(Unit.release_id == release.id, Unit.key == key, Unit.kind != UnitKind.LESSON)
        .options(undefer(Unit.facts))
    )
    return release, unit or abort(404)


def _drawn(release: Release, unit: Unit, rules: QuizRules, seed: bytes) -> list[Asked]:
    home, tag = rules.pool_of(unit.key)
    rows = db.session.scalars(
        select(Question)
        .join(Unit, Unit.id == Question.unit_id)
        .where(Unit.release_id == release.id, Unit.key == home)
        .order_by(Question.position)
    )
    pool = {
        row.question_id: (values.Question.from_dict(row.body), row.html)
        for row in rows
        if not tag or tag in row.tags
    }
    ids = draw_questions(
        [question for question, _html in pool.values()],
        seed=seed,
        draw=rules.draw,
        draw_by=rules.draw_by,
        shuffle=rules.shuffle_questions,
    )
    return [
        Asked(
            number=number,
            question=pool[one][0],
            html=pool[one][1],
            shown=shown(pool[one][0], seed=seed, shuffle_options=rules.shuffle_options),
            answer=values.Answer(),
            flagged=False,
            saved_at=None,
        )
        for number, one in enumerate(ids, start=1)
    ]


def _prefix(one: Asked) -> str:
    return f"q{one.number}-"


def _sent(one: Asked) -> dict[str, list[str]]:
    names = {"a", *field_names(one.question, one.shown)}
    return {
        name: request.form.getlist(_prefix(one) + name)
        for name in names
        if _prefix(one) + name in request.form
    }


def _given(asked: Sequence[Asked]) -> tuple[dict[str, values.Answer], dict[int, str]]:
    """The answers by question, and what is wrong with them by number."""
    known = {f"{_prefix(one)}{name}" for one in asked for name in _sent(one)}
    if set(request.form) - known - {"seed", "move", "csrf_token"}:
        abort(400)
    given, errors = {}, {}
    for one in asked:
        try:
            given[one.question.id] = answer_from_form(one.question, one.shown, _sent(one))
        except Refusal as refusal:
            errors[one.number] = sentence(refusal)
    return given, errors


def _result(
    course_id: int, rules: QuizRules, asked: Sequence[Asked], given: dict[str, values.Answer]
) -> dict[str, Any]:
    worth = grade([one.question for one in asked], given, rules.pass_mark)
    keys = viewer().reach(Permission.SEE_KEYS).covers(course=course_id)
    outcomes = dict(worth.outcomes)
    percent = per_cent(worth.earned, worth.possible, rules.pass_mark)
    return {
        "earned": shown_points(worth.earned),
        "possible": shown_points(worth.possible),
        "said": _("%(percent)s%% of the points.", percent=percent),
        "passed": worth.passed,
        "waiting": worth.waiting,
        "answers": [
            showing.of_result(
                _with(one, given[one.question.id]),
                outcomes[one.question.id],
                ALL if keys else SCORE,
            )
            for one in asked
        ]
        if keys
        else [],
    }


def _with(one: Asked, answer: values.Answer) -> Asked:
    return Asked(one.number, one.question, one.html, one.shown, answer, False, None)
