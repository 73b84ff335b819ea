"""A course's values made into what a release keeps: HTML, facts, search text."""

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from lms.content.page import anchor
from lms.content.pictures import size
from lms.content.surroundings import Media, Surroundings
from lms.content.values import Course, Lesson, Module, Quiz, Shuffle
from lms.content.workshop import render_apart as render
from lms.content.workshop import render_inline_apart as render_inline
from lms.content.workshop import render_stem_apart as render_stem
from lms.rules.questions import Question, Type
from lms.rules.quizrules import QuizRules
from lms.rules.searching import fold

GAP = "<gap-{}></gap-{}>"  # where the page of an attempt puts the field of a gap


def address(course: Course, unit: Lesson | Quiz) -> str:
    return f"/courses/{course.slug}/{unit.key}"


def surroundings_of(course: Course, files: Mapping[str, bytes], hashes: Mapping[str, str]) -> Any:
    """A function from a file's path to the surroundings its text is rendered in."""
    media = {
        path: medium(
            f"/courses/{course.slug}/media/{hashes[path][:16]}/{posixpath.basename(path)}", data
        )
        for path, data in files.items()
        if path.startswith("media/")
    }
    terms = {term: anchor(term) for term in course.glossary}
    addresses = {unit.path: address(course, unit) for unit in course.units()}
    addresses |= {module.path: f"/courses/{course.slug}/{module.slug}" for module in course.modules}
    addresses |= {
        "course.md": f"/courses/{course.slug}",
        "glossary.md": f"/courses/{course.slug}/glossary",
    }

    def of(path: str) -> Surroundings:
        folder = posixpath.dirname(path)

        def links(written: str) -> str | None:
            return addresses.get(posixpath.normpath(posixpath.join(folder, written)))

        return Surroundings(
            course=course.slug, media=media, terms=terms, links=links, language=course.language
        )

    return of


def medium(url: str, data: bytes) -> Media:
    width, height = size(data) or (None, None)
    return Media(url, width, height, len(data))


def facts_of(course: Course, of: Callable[[str], Surroundings]) -> dict[str, Any]:
    """What a release keeps of course.md and the module.md files, as plain JSON values."""
    rules = course.certificate
    return {
        "hours": str(course.hours) if course.hours else "",
        "objectives": dict(course.objectives),
        "audience": [str(one) for one in course.audience],
        "prerequisites": list(course.prerequisites),
        "completion": {
            "lessons": course.completion.lessons,
            "quizzes": list(course.completion.quizzes),
            "evaluation": course.completion.evaluation,
            "attendance": course.completion.attendance,
        },
        "certificate": rules
        and {
            "title": rules.title,
            "valid_for": rules.valid_for and [rules.valid_for.amount, rules.valid_for.unit],
            "show_name": str(rules.show_name),
            "signatory_name": rules.signatory_name,
            "signatory_function": rules.signatory_function,
        },
        "scores_to_states": course.scores_to_states,
        "contact": course.contact,
        "contributors": list(course.contributors),
        "licence": course.licence,
        "review_by": course.review_by and course.review_by.isoformat(),
        "titles": {tag: one.title for tag, one in course.translations.items() if one.title},
        "summaries": {tag: one.summary for tag, one in course.translations.items() if one.title},
        "languages": languages_of(course),
        "modules": [module_of(module, of) for module in course.modules],
        "opens_after": {
            unit.key: "all" if unit.opens_after == "all" else list(unit.opens_after)
            for unit in course.units()
            if isinstance(unit, Quiz) and unit.opens_after
        },
    }


def module_of(module: Module, of: Callable[[str], Surroundings]) -> dict[str, Any]:
    return {
        "slug": module.slug,
        "title": module.title,
        "minutes": module.total_minutes,
        "objectives": list(module.objectives),
        "opens_after": list(module.opens_after),
        "html": render(module.body, of(module.path)).html,
    }


def languages_of(course: Course) -> dict[str, int]:
    """Per cent of the units that each language has; the course's own has all."""
    total = len(course.units())
    return {course.language: 100} | {
        tag: 100 * len(one.units) // total for tag, one in course.translations.items() if total
    }


def unit_of(unit: Lesson | Quiz, of: Callable[[str], Surroundings]) -> tuple[str, dict[str, Any]]:
    """(HTML, facts) of a lesson or of a quiz with its rules."""
    place = of(unit.path)
    if isinstance(unit, Lesson):
        made = render(unit.body, place)
        headings = [[one.level, one.id, one.text] for one in made.headings]
        return made.html, {
            "headings": headings,
            "words": made.words,
            "objectives": list(unit.objectives),
            "formerly": list(unit.formerly),
        }
    rules = QuizRules(
        pass_mark=unit.pass_mark,
        attempts=unit.attempts,
        time_limit=unit.time_limit,
        wait=unit.wait,
        draw=unit.draw,
        draw_by=unit.draw_by,
        shuffle_questions=Shuffle.QUESTIONS in unit.shuffle,
        shuffle_options=Shuffle.OPTIONS in unit.shuffle,
        forward_only=unit.navigation == "forward",
        grade=str(unit.grade),
        review=str(unit.review),
        pool=unit.pool,
        feedback=tuple((from_, render(text, place).html) for from_, text in unit.feedback),
        objectives=unit.objectives,
    )
    return render(unit.intro, place).html, {
        "rules": rules.as_dict(),
        "formerly": list(unit.formerly),
    }


def question_html(question: Question, place: Surroundings) -> dict[str, Any]:
    """The HTML of every text of a question, options and items by their text."""
    texts = [
        *(one.text for one in question.options),
        *question.items,
        *(text for pair in question.pairs for text in (pair.left, pair.right)),
        *(text for gap in question.gaps for text in gap.texts),
    ]
    if question.type is Type.GAPS:
        marks = [GAP.format(number, number) for number in range(len(question.gaps))]
        body = render_stem(question.body, place, marks).html
    else:
        body = render(question.body, place).html
    return {
        "heading": render_inline(question.heading, place).html,
        "body": body,
        "explanation": render(question.explanation, place).html,
        "texts": {text: render_inline(text, place).html for text in texts if text},
        "feedback": {
            one.text: render(one.feedback, place).html for one in question.options if one.feedback
        },
    }


def glossary_of(course: Course, of: Callable[[str], Surroundings]) -> list[list[str]]:
    """[term, anchor, HTML] in the order of the file."""
    place = of("glossary.md")
    return [
        [term, anchor(term), render(text, place).html] for term, text in course.glossary.items()
    ]


def search_text(course: Course) -> str:
    """All that a search finds the course by: titles, outcomes and glossary, in every language."""
    texts = [course.title, course.summary, course.code, *course.objectives.values()]
    texts += [module.title for module in course.modules]
    texts += [unit.title for unit in course.units()]
    texts += list(course.glossary)
    for one in course.translations.values():
        texts += [one.title, one.summary, *one.objectives.values()]
    return fold(" ".join(texts))
