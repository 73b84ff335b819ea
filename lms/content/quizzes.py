"""A quiz from its file: its rules, its introduction, its questions."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal

from lms.content import amounts, values
from lms.content.decoding import Source
from lms.content.fields import Fields
from lms.content.findings import Report
from lms.content.frontmatter import Text, front_of
from lms.content.layout import Name
from lms.content.lines import Kind, blocks, fenced, fences
from lms.content.questions import question_of
from lms.rules.questions import Question

KEYS = (
    "title",
    "kind",
    "pass_mark",
    "attempts",
    "time_limit",
    "wait",
    "draw",
    "draw_by",
    "shuffle",
    "navigation",
    "grade",
    "review",
    "opens_after",
    "feedback",
    "pool",
    "minutes",
    "objectives",
    "formerly",
)
Places = dict[tuple[str, str], tuple[int, int]]  # (path, what) to line and column

_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *")


def quiz_of(source: Source, name: Name, report: Report, places: Places) -> values.Quiz | None:
    """The quiz of a file; places learns where its keys and questions stand.

    None when it has no title or kind.
    """
    table = front_of(source, report)
    front = Fields(table, report, source.lines)
    front.allow(KEYS)
    for key in table.entries:
        places[source.path, key] = front.place(key)
    title = front.text("title", obliged=True)
    kind = _kind(front)
    if not title or kind is None:
        return None
    survey = kind is values.Kind.SURVEY
    intro, questions = read_questions(source, report, places, survey=survey)
    pool = front.text("pool") or None
    if pool and questions:
        wrong = "a quiz with a pool has no questions of its own"
        report.add("value", wrong, *front.place("pool"), "remove the pool or the questions")
    elif not pool and not questions and not report.found:
        report.add("question", "the quiz has no questions", 1, 1, "write one below `## `")
    return values.Quiz(
        number=name.number,
        slug=name.slug,
        key=name.key,
        path=source.path,
        title=title,
        kind=kind,
        draw=front.whole("draw", 0, low=1) or None if front.has("draw") else None,
        draw_by=_draw_by(front),
        navigation=front.word("navigation", values.Navigation, values.Navigation.FREE),
        grade=front.word("grade", values.GradeRule, values.GradeRule.HIGHEST),
        opens_after=_opens_after(front, kind, name),
        feedback=feedback_of(front),
        pool=pool,
        minutes=front.whole("minutes", 0),
        objectives=front.list("objectives"),
        formerly=front.list("formerly"),
        intro=intro,
        questions=questions,
        **_rules(front, kind),
    )


def _kind(front: Fields) -> values.Kind | None:
    if not front.has("kind"):
        line, column = front.place("kind")
        kinds = ", ".join(values.Kind)
        if front.table.broken:
            return None
        wrong = "the key `kind` is missing"
        front.report.add("missing-key", wrong, line, column, f"add `kind: …`, one of {kinds}")
        return None
    unknown: Any = None
    kind: values.Kind | None = front.word("kind", values.Kind, unknown)
    return kind


def _rules(front: Fields, kind: values.Kind) -> Mapping[str, Any]:
    """The keys whose default depends on the kind."""
    made: dict[str, Any] = dict(values.DEFAULTS[kind])
    if front.has("pass_mark"):
        made["pass_mark"] = front.percent("pass_mark", made["pass_mark"] or 0)
    made["attempts"] = front.whole("attempts", made["attempts"], high=1000)
    made["wait"] = front.duration("wait", made["wait"])
    made["shuffle"] = frozenset(front.words("shuffle", values.Shuffle, made["shuffle"]))
    made["review"] = front.word("review", values.Review, made["review"])
    none = timedelta(0)
    made["time_limit"] = front.duration("time_limit", none) or None
    return made


def _draw_by(front: Fields) -> Literal["", "objective"]:
    known: dict[str, Literal["", "objective"]] = {"objective": "objective"}
    empty: Literal["", "objective"] = ""
    return front.typed("draw_by", known.get, "objective, or leave the key out", empty)


def _opens_after(front: Fields, kind: values.Kind, name: Name) -> tuple[str, ...] | Literal["all"]:
    if not front.has("opens_after"):
        # the course's final test opens after all modules unless it says otherwise
        return "all" if kind is values.Kind.SUMMATIVE and not name.module else ()
    node = front.node("opens_after")
    if isinstance(node, Text) and node.text.strip() == "all":
        return "all"
    return front.list("opens_after")


def feedback_of(front: Fields) -> tuple[tuple[int, str], ...]:
    """Thresholds in per cent with their texts, highest first."""
    made: dict[int, str] = {}
    for key, node in front.mapping("feedback").items():
        threshold = amounts.percent(key)
        if threshold is None or threshold in made:
            wrong = f"`{key[:40]}` is no per cent of its own"
            report = front.report
            report.add("value", wrong, node.line, 1, 'write such as `80: "Well done"`')
        else:
            made[threshold] = node.text.strip()
    return tuple(sorted(made.items(), reverse=True))


def read_questions(
    source: Source, report: Report, places: Places, *, survey: bool
) -> tuple[str, tuple[Question, ...]]:
    """Introduction and questions of a quiz's body."""
    lines = source.lines[source.body_at :]
    first = source.body_at + 1  # the file's line of lines[0]
    _check_headings(lines, first, report)
    spans = question_spans(lines)
    intro = "\n".join(lines[: spans[0].start if spans else len(lines)]).strip("\n").rstrip()
    made: dict[str, Question] = {}
    for span in spans:
        heading, line = lines[span.start], first + span.start
        below = lines[span.start + 1 : span.stop]
        question = question_of(heading[3:], below, line, report, survey=survey)
        if question is None:
            continue
        if question.id in made:
            other = places[source.path, f"question:{question.id}"][0]
            wrong = f"the question at line {other} is called {question.id} too"
            report.add("doubled-id", wrong, line, 1, "write {#…} with a name of its own")
            continue
        if question.id.startswith("q-") and f"#{question.id}" not in heading:
            remedy = f"write {{#{question.id}}} behind it, or run `lms courses ids`"
            report.add("missing-id", "the question has no id", line, 1, remedy)
        made[question.id] = question
        places[source.path, f"question:{question.id}"] = (line, 1)
    return intro, tuple(made.values())


def question_spans(lines: Sequence[str]) -> list[range]:
    """The lines of each question of a quiz's body, its heading first."""
    mask = fenced(lines)
    starts = [
        index for index, line in enumerate(lines) if line.startswith("## ") and not mask[index]
    ]
    return [range(*pair) for pair in pairwise([*starts, len(lines)])]


def _check_headings(lines: tuple[str, ...], first: int, report: Report) -> None:
    found = fences(lines)
    for fence in found:
        if not fence.closed:
            wrong = "this block of code does not end"
            remedy = "end it with a line of the same marks (``` or ~~~)"
            report.add("construct", wrong, first + fence.start, 1, remedy)
    mask = fenced(lines, found)
    texts = {
        index
        for block in blocks(lines)
        if block.kind is Kind.TEXT
        for index in range(block.start, block.end)
    }
    for index, line in enumerate(lines):
        if mask[index]:
            continue
        if line.startswith("# "):
            report.add("quiz-heading", "a heading with one # stands in a quiz", first + index)
        elif (
            index
            and index - 1 in texts
            and _UNDERLINE.fullmatch(line)
            and not lines[index - 1].startswith("#")
            and not _UNDERLINE.fullmatch(lines[index - 1])
        ):
            wrong = "the line above is underlined, which makes it a heading"
            report.add("quiz-heading", wrong, first + index)
