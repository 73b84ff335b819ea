"""A course in another language: its files mirror the source's, its marks are the source's.

What a translated file does not say falls back to the source. A translated question keeps id,
points, key and order; its texts are its own, and typed answers of both languages are right.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from lms.content import values
from lms.content.decoding import Source
from lms.content.fields import Fields
from lms.content.findings import Finding, Report
from lms.content.glossary import read_glossary
from lms.content.lessons import fields_of
from lms.content.quizzes import Places, feedback_of, read_questions
from lms.rules.questions import Gap, NumberKey, Option, Pair, Question, Scale, WordKey

Opener = Callable[[str], tuple[Source | None, Report]]

KEYS = {
    "course.md": ("title", "summary", "objectives", "source"),
    "glossary.md": ("title", "source"),
    "quiz": ("title", "feedback", "source"),
    "other": ("title", "source"),
}


def stamp_of(data: bytes) -> str:
    """What a translation says in `source`: the first 12 hex digits of the file's SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


def read_translation(
    tag: str,
    paths: Iterable[str],
    files: Mapping[str, bytes],
    course: values.Course,
    open_source: Opener,
    places: Places,
) -> tuple[values.Translation, list[Finding]]:
    """The translation of a course in the folder `tag`, and what is wrong with it."""
    made = values.Translation(language=tag)
    modules: dict[str, values.ModuleText] = {}
    units: dict[str, values.Lesson | values.Quiz] = {}
    outdated: set[str] = set()
    found: list[Finding] = []
    by_path = {unit.path: unit for unit in course.units()}
    module_paths = {module.path: module for module in course.modules}
    for path in paths:
        inner = path.removeprefix(f"{tag}/")
        source, report = open_source(path)
        if source is not None:
            kind = "quiz" if inner.endswith(".quiz.md") else inner
            known = KEYS.get(kind, KEYS["other"])
            obliged = inner != "glossary.md"
            front = fields_of(source, report, places, known, obliged=obliged)
            if _is_outdated(front, files[inner]):
                outdated.add(path)
            title = front.text("title", obliged=obliged)
            body, line = source.body
            unit = by_path.get(inner)
            if inner == "course.md":
                objectives = _objectives(front, course)
                made = replace(
                    made,
                    title=title,
                    summary=front.text("summary"),
                    objectives=objectives,
                    body=body,
                )
            elif inner == "glossary.md":
                made = replace(made, glossary=read_glossary(source, report))
            elif inner in module_paths:
                text = values.ModuleText(title=title, body=body, body_line=line)
                modules[module_paths[inner].slug] = text
            elif isinstance(unit, values.Lesson):
                units[unit.key] = replace(
                    unit, title=title or unit.title, body=body, body_line=line, path=path
                )
            elif isinstance(unit, values.Quiz):
                units[unit.key] = _quiz(unit, title, front, source, report, places)
        found += report.found
    made = replace(made, modules=modules, units=units, outdated=frozenset(outdated))
    return made, found


def _is_outdated(front: Fields, source: bytes) -> bool:
    """Whether the source has changed; a warning says so, and also where nobody can know."""
    stamp = front.text("source")
    if stamp == stamp_of(source) or front.table.broken:
        return False
    wrong = "the source has changed since this was translated"
    if not stamp:
        wrong = "the key `source` is missing, which tells whether this is out of date"
    front.report.add("stale-translation", wrong, *front.place("source"))
    return bool(stamp)


def _objectives(front: Fields, course: values.Course) -> Mapping[str, str]:
    objectives = {key: one.text.strip() for key, one in front.mapping("objectives").items()}
    for name in objectives:
        if name not in course.objectives:
            wrong = f"the source has no objective {name[:40]}"
            front.report.add("translation", wrong, *front.place("objectives"))
    return objectives


def _quiz(
    source: values.Quiz, title: str, front: Fields, text: Source, report: Report, places: Places
) -> values.Quiz:
    survey = source.kind is values.Kind.SURVEY
    intro, questions = read_questions(text, report, places, survey=survey)
    feedback = feedback_of(front)
    thresholds = [threshold for threshold, _ in source.feedback]
    if feedback and [threshold for threshold, _ in feedback] != thresholds:
        wrong = "the feedback has other per cents than the source's"
        report.add("translation", wrong, *front.place("feedback"))
        feedback = ()
    return replace(
        source,
        title=title or source.title,
        path=text.path,
        feedback=feedback or source.feedback,
        intro=intro or source.intro,
        questions=_questions(source.questions, questions, report, places),
    )


def _questions(
    source: Sequence[Question], translated: Sequence[Question], report: Report, places: Places
) -> tuple[Question, ...]:
    """The source's questions with the translated texts; one that does not fit stays as it is."""
    known = {question.id: question for question in translated}
    for id in known:
        if all(id != one.id for one in source):
            line, column = places[report.path, f"question:{id}"]
            report.add("translation", f"the source has no question {id}", line, column)
    made, order = [], []
    for question in source:
        if question.id not in known:
            report.add("translation", f"the question {question.id} is not here", 1)
            made.append(question)
            continue
        order.append(list(known).index(question.id))
        line, column = places[report.path, f"question:{question.id}"]
        fault = _difference(question, known[question.id])
        if fault:
            report.add("translation", f"{fault} than in the source", line, column)
        made.append(question if fault else merged(question, known[question.id]))
    if order != sorted(order):
        report.add("translation", "the questions stand in another order than in the source", 1)
    return tuple(made)


def _difference(source: Question, other: Question) -> str:
    """In what the two are not the same question; empty when they are."""
    if source.type is not other.type:
        return "the question has another type"
    counts = ("options", "pairs", "items", "gaps")
    for name in counts:
        if len(getattr(source, name)) != len(getattr(other, name)):
            return f"the question has more or fewer {name}"
    if [one.right for one in source.options] != [one.right for one in other.options]:
        return "other options are marked right"
    for old, new in zip(source.options, other.options, strict=True):
        if new.weight is not None and new.weight != old.weight:
            return "an option has another per cent"
    if _sides(source.pairs) != _sides(other.pairs):
        return "other right sides are equal or empty"
    for one, two in zip(source.gaps, other.gaps, strict=True):
        if one.listed is not two.listed or (one.listed and len(one.texts) != len(two.texts)):
            return "a gap has another kind or number of answers"
    points = [(one.low, one.high) for one in (source.scale, other.scale) if one]
    return "the scale has other points" if len(set(points)) > 1 else ""


def _sides(pairs: Sequence[Pair]) -> list[tuple[bool, int]]:
    """For each pair whether it has a left side, and which is the first with its right side."""
    rights = [pair.right for pair in pairs]
    return [(bool(pair.left), rights.index(pair.right)) for pair in pairs]


def merged(source: Question, other: Question) -> Question:
    """The source's question in the words of its translation; typed answers of both count."""
    return replace(
        source,
        heading=other.heading,
        body=other.body,
        options=tuple(map(_option, source.options, other.options)),
        numbers=_both(other.numbers, source.numbers),
        words=_words(source.words, other.words),
        pairs=other.pairs,
        items=other.items,
        item_was=other.item_was,
        gaps=tuple(map(_gap, source.gaps, other.gaps)),
        scale=_scale(source.scale, other.scale),
        explanation=other.explanation or source.explanation,
        rubric=other.rubric or source.rubric,
    )


def _option(source: Option, other: Option) -> Option:
    feedback = other.feedback or source.feedback
    return replace(source, text=other.text, was=other.was, feedback=feedback)


def _both(first: Sequence[NumberKey], second: Sequence[NumberKey]) -> tuple[NumberKey, ...]:
    """Those of the reader's language first: the first is the one that is shown."""
    return tuple(dict.fromkeys([*first, *second]))


def _words(source: Sequence[WordKey], other: Sequence[WordKey]) -> tuple[WordKey, ...]:
    patterns = {one.pattern for one in other}
    return (*other, *(one for one in source if one.pattern not in patterns))


def _gap(source: Gap, other: Gap) -> Gap:
    if source.listed:
        return other
    return replace(source, texts=tuple(dict.fromkeys([*other.texts, *source.texts])))


def _scale(source: Scale | None, other: Scale | None) -> Scale | None:
    if source is None or other is None:
        return source
    low, high = other.low_label or source.low_label, other.high_label or source.high_label
    return replace(source, low_label=low, high_label=high)


def in_language(course: values.Course, tag: str) -> values.Course:
    """The course in this language; what is not translated stays in the course's own.

    `course.translations[tag]` tells which unit (by key) and module (by slug) are translated.
    Raises KeyError when there is no such translation.
    """
    texts = course.translations[tag]

    def unit(one: values.Lesson | values.Quiz) -> values.Lesson | values.Quiz:
        return texts.units.get(one.key, one)

    modules = []
    for module in course.modules:
        units = tuple(map(unit, module.units))
        own = texts.modules.get(module.slug)
        if own:
            title = own.title or module.title
            body, line = (own.body, own.body_line) if own.body else (module.body, module.body_line)
            module = replace(module, title=title, body=body, body_line=line)
        modules.append(replace(module, units=units))
    quizzes = tuple(one for q in course.quizzes if isinstance(one := unit(q), values.Quiz))
    return replace(
        course,
        title=texts.title or course.title,
        summary=texts.summary or course.summary,
        objectives={**course.objectives, **texts.objectives},
        body=texts.body or course.body,
        modules=tuple(modules),
        quizzes=quizzes,
        glossary={**course.glossary, **texts.glossary},
    )
