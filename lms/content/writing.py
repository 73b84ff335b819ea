"""Writing a course from its values; reading it again gives equal values.

Edits of files that are there already, which leave every other line as it is, stand in
`lms.content.editing`.
"""

from collections.abc import Mapping
from datetime import timedelta

from lms.content import amounts, values
from lms.content.fronttext import Plain, front_text
from lms.content.glossary import write_glossary
from lms.content.questiontext import points_text, write_question
from lms.content.translations import stamp_of

_STALE = "0" * 12  # the stamp of a translation whose source has changed


def write_course(course: values.Course) -> dict[str, bytes]:
    """Every text file of a course by its path; pictures and other media are not values.

    Raises ValueError when something in it has no words in the format.
    """
    files = {"course.md": _file(_course_front(course), course.body)}
    for module in course.modules:
        files[module.path] = _file(_module_front(module), module.body)
    for unit in course.units():
        files[unit.path] = write_unit(unit)
    if course.glossary:
        files["glossary.md"] = f"{write_glossary(course.glossary)}\n".encode()
    for tag, translation in course.translations.items():
        files |= _translation(course, tag, translation, files)
    return files


def write_unit(unit: values.Lesson | values.Quiz) -> bytes:
    """The file of a lesson or quiz. Raises ValueError as above."""
    if isinstance(unit, values.Lesson):
        return _file(_lesson_front(unit), unit.body)
    return _file(_quiz_front(unit), _quiz_body(unit))


def _file(front: Mapping[str, Plain], body: str) -> bytes:
    text = front_text(front)
    return (f"{text}\n{body}\n" if body else text).encode()


def _without_empty(front: Mapping[str, Plain | None]) -> dict[str, Plain]:
    """Keys whose value says something: a default that is empty is left out."""
    return {
        key: value
        for key, value in front.items()
        if value is not None and value != "" and value != () and value != {} and value is not False
    }


def _course_front(course: values.Course) -> dict[str, Plain]:
    completion, certificate = course.completion, course.certificate
    front: dict[str, Plain | None] = {
        "title": course.title,
        "summary": course.summary,
        "language": course.language,
        "programme": course.programme,
        "code": course.code,
        "subject": course.subject,
        "level": course.level,
        "format": course.format,
        "hours": points_text(course.hours) if course.hours else None,
        "handling": course.handling,
        "audience": course.audience,
        "objectives": dict(course.objectives),
        "prerequisites": course.prerequisites,
    }
    if completion != values.Completion():
        front["completion"] = {
            "lessons": completion.lessons,
            "quizzes": completion.quizzes,
            "evaluation": completion.evaluation,
            "attendance": completion.attendance,
        }
    if certificate:
        signatory = {
            "name": certificate.signatory_name,
            "function": certificate.signatory_function,
        }
        front["certificate"] = _without_empty(
            {
                "title": certificate.title,
                "valid_for": str(certificate.valid_for) if certificate.valid_for else None,
                "show_name": certificate.show_name,
                "signatory": _without_empty(signatory),
            }
        )
    front |= {
        "scores_to_states": course.scores_to_states,
        "contact": course.contact,
        "review_by": course.review_by.isoformat() if course.review_by else None,
        "contributors": course.contributors,
        "licence": course.licence,
    }
    return _without_empty(front)


def _module_front(module: values.Module) -> dict[str, Plain]:
    return _without_empty(
        {
            "title": module.title,
            "objectives": module.objectives,
            "minutes": module.minutes,
            "opens_after": module.opens_after,
        }
    )


def _lesson_front(lesson: values.Lesson) -> dict[str, Plain]:
    return _without_empty(
        {
            "title": lesson.title,
            "minutes": lesson.minutes or None,
            "objectives": lesson.objectives,
            "required": lesson.required,
            "handling": lesson.handling,
            "formerly": lesson.formerly,
        }
    )


def _quiz_front(quiz: values.Quiz) -> dict[str, Plain]:
    front: dict[str, Plain] = {"title": quiz.title, "kind": quiz.kind}
    said: dict[str, Plain | None] = {
        "pass_mark": quiz.pass_mark,
        "attempts": quiz.attempts,
        "wait": amounts.duration_text(quiz.wait),
        "shuffle": tuple(word for word in values.Shuffle if word in quiz.shuffle),
        "review": quiz.review,
    }
    for key, default in values.DEFAULTS[quiz.kind].items():
        value = said[key]
        if getattr(quiz, key) != default:
            if value is None:
                raise ValueError(f"a {quiz.kind} quiz ({quiz.key}) has a {key}")
            front[key] = value
    everywhere = "all" if quiz.kind is values.Kind.SUMMATIVE and quiz.of_course else ()
    front |= _without_empty(
        {
            "time_limit": amounts.duration_text(quiz.time_limit or timedelta(0))
            if quiz.time_limit
            else None,
            "draw": quiz.draw,
            "draw_by": quiz.draw_by,
            "navigation": None if quiz.navigation is values.Navigation.FREE else quiz.navigation,
            "grade": None if quiz.grade is values.GradeRule.HIGHEST else quiz.grade,
        }
    )
    if quiz.opens_after != everywhere:
        front["opens_after"] = quiz.opens_after
    return front | _without_empty(
        {
            "feedback": {str(threshold): text for threshold, text in quiz.feedback},
            "pool": quiz.pool,
            "minutes": quiz.minutes or None,
            "objectives": quiz.objectives,
            "formerly": quiz.formerly,
        }
    )


def _quiz_body(quiz: values.Quiz) -> str:
    survey = quiz.kind is values.Kind.SURVEY
    parts = [quiz.intro] if quiz.intro else []
    parts += [write_question(question, survey=survey) for question in quiz.questions]
    return "\n\n".join(parts)


def _translation(
    course: values.Course,
    tag: str,
    translation: values.Translation,
    sources: Mapping[str, bytes],
) -> dict[str, bytes]:
    made: dict[str, bytes] = {}

    def write(inner: str, front: Mapping[str, Plain | None], body: str) -> None:
        path = f"{tag}/{inner}"
        stale = path in translation.outdated
        stamp = _STALE if stale else stamp_of(sources[inner])
        made[path] = _file(_without_empty({**front, "source": stamp}), body)

    if translation.title:
        front: dict[str, Plain | None] = {
            "title": translation.title,
            "summary": translation.summary,
            "objectives": dict(translation.objectives),
        }
        write("course.md", front, translation.body)
    for slug, text in translation.modules.items():
        write(course.module(slug).path, {"title": text.title}, text.body)
    for key, unit in translation.units.items():
        inner = course.unit(key).path
        if isinstance(unit, values.Lesson):
            write(inner, {"title": unit.title}, unit.body)
        else:
            feedback: dict[str, Plain] = {str(low): text for low, text in unit.feedback}
            write(inner, {"title": unit.title, "feedback": feedback}, _quiz_body(unit))
    if translation.glossary:
        write("glossary.md", {}, write_glossary(translation.glossary))
    return made
