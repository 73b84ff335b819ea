"""Results of a course: how its questions work, what was learnt, what evaluations say."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from lms import clock
from lms.features.results import exports, findings, queries
from lms.features.results.queries import Quiz, ResultsCourse, Sample
from lms.models import UnitKind
from lms.rules.access import Permission
from lms.rules.analysis import LEAST, QuizFigures, figures
from lms.web.access import requires
from lms.web.viewer import viewer

bp = Blueprint("results", __name__)
FILTERS = ("quiz", "release", "language", "attempts", "activity")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for, checked against what there is."""

    course: ResultsCourse
    quiz: Quiz
    release: int | None
    language: str
    first_only: bool
    with_keys: bool

    @property
    def chosen(self) -> dict[str, str]:
        """As the address has it; nothing for the usual."""
        made = {
            "quiz": self.quiz.key,
            "release": str(self.release or ""),
            "language": self.language,
        }
        made["attempts"] = "" if self.first_only else "all"
        return {name: value for name, value in made.items() if value}

    def sample(self) -> Sample:
        return queries.sample(
            self.course,
            self.quiz,
            release=self.release,
            language=self.language,
            first_only=self.first_only,
        )


def _choice(slug: str) -> Choice:
    """404 for a course out of reach and for anything that is not on offer."""
    made = queries.course(slug)
    if made is None or not viewer().reach(Permission.SEE_RESULTS).covers(course=made.id):
        abort(404)
    sent = request.args
    if set(sent) - set(FILTERS) or any(len(sent.getlist(name)) > 1 for name in sent):
        abort(404)
    usual = next((one for one in made.quizzes if one.kind is UnitKind.SUMMATIVE), None)
    quiz = made.quiz(sent["quiz"]) if sent.get("quiz") else usual or next(iter(made.quizzes), None)
    release = sent.get("release", "")
    numbers = {str(number) for number in made.releases}
    attempts = sent.get("attempts", "")
    if quiz is None or release not in {*numbers, ""} or attempts not in ("", "all"):
        abort(404)
    return Choice(
        course=made,
        quiz=quiz,
        release=int(release) if release else None,
        language=sent.get("language", ""),
        first_only=attempts != "all",
        with_keys=viewer().reach(Permission.SEE_KEYS).covers(course=made.id),
    )


def _figures(sample: Sample) -> QuizFigures | None:
    options = {
        id: [(option.text, option.right) for option in item.question.options]
        for id, item in sample.items.items()
    }
    return figures(sample.tried, options)


@bp.get("/author/<course>/results")
@requires(Permission.SEE_RESULTS)
def results(course: str) -> str:
    choice = _choice(course)
    if choice.quiz.kind is UnitKind.SURVEY:
        return _survey(choice)
    sample = choice.sample()
    made = _figures(sample)
    shown: dict[str, Any] = {}
    if made is not None:
        names = {id: _name(number, id, choice, sample) for number, id in enumerate(sample.items, 1)}
        finding, bars = findings.chart(made, names)
        shown = {
            "kpis": findings.kpis(choice.quiz, made, first_only=choice.first_only),
            "finding": finding,
            "bars": bars,
            "names": names,
        }
    is_post = choice.quiz.kind in (UnitKind.SUMMATIVE, UnitKind.POST_TEST)
    found = queries.pairs(choice.course, choice.quiz) if is_post else {}
    return render_template(
        "results/results.html",
        course=choice.course,
        quiz=choice.quiz,
        choice=choice,
        languages=sample.languages,
        n=len(sample.tried),
        least=LEAST,
        made=made,
        items=sample.items,
        flags=findings.flag_words(),
        show=findings,
        gains=findings.gains(found, choice.course.objectives),
        csv=url_for("results.file", course=course, **choice.chosen),
        now=clock.now(),
        **shown,
    )


def _name(number: int, id: str, choice: Choice, sample: Sample) -> str:
    """A question for the chart; its text only for those who may see questions."""
    return f"{number} {id}" if choice.with_keys else str(number)


def _survey(choice: Choice) -> str:
    said = queries.survey(choice.course, choice.quiz)
    slugs = sorted({slug for one in said for slug in one.answers})
    offered = findings.offered(said, slugs)
    activity = request.args.get("activity", "")
    if activity and activity not in offered:
        abort(404)
    return render_template(
        "results/survey.html",
        course=choice.course,
        quiz=choice.quiz,
        offered=offered,
        activity=activity,
        opinions=findings.opinions(said, activity),
    )


@bp.get("/author/<course>/results.csv")
@requires(Permission.SEE_RESULTS)
def file(course: str) -> Response:
    choice = _choice(course)
    if choice.quiz.kind is UnitKind.SURVEY:
        abort(404)
    sample = choice.sample()
    text = exports.csv_of(_figures(sample), sample.items, with_keys=choice.with_keys)
    name = f"{course}-{choice.quiz.key.replace('/', '-')}-questions.csv"
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
