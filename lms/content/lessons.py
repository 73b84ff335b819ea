"""Lessons, modules and course.md from their files."""

from fractions import Fraction
from typing import Literal

from lms.content import values
from lms.content.decoding import Source
from lms.content.fields import Fields
from lms.content.findings import Report
from lms.content.frontmatter import front_of
from lms.content.layout import TAG, Name
from lms.content.quizzes import Places

LESSON_KEYS = ("title", "minutes", "objectives", "required", "handling", "formerly")
MODULE_KEYS = ("title", "objectives", "minutes", "opens_after")
COURSE_KEYS = (
    "title",
    "summary",
    "language",
    "programme",
    "code",
    "subject",
    "level",
    "format",
    "hours",
    "handling",
    "audience",
    "objectives",
    "prerequisites",
    "completion",
    "certificate",
    "scores_to_states",
    "contact",
    "review_by",
    "contributors",
    "licence",
)
COMPLETION_KEYS = ("lessons", "quizzes", "evaluation", "attendance")
CERTIFICATE_KEYS = ("title", "valid_for", "show_name", "signatory")


def lesson_of(source: Source, name: Name, report: Report, places: Places) -> values.Lesson | None:
    """The lesson of a file; None when it has no title."""
    front = fields_of(source, report, places, LESSON_KEYS)
    title = front.text("title", obliged=True)
    if not title:
        return None
    body, line = source.body
    return values.Lesson(
        number=name.number or 0,
        slug=name.slug,
        key=name.key,
        path=source.path,
        title=title,
        minutes=front.whole("minutes", 0),
        objectives=front.list("objectives"),
        required=front.flag("required", False),
        handling=front.word("handling", values.Handling, values.Handling.CLEAR)
        if front.has("handling")
        else None,
        formerly=front.list("formerly"),
        body=body,
        body_line=line,
    )


def module_of(
    source: Source | None,
    name: Name,
    units: tuple[values.Lesson | values.Quiz, ...],
    report: Report,
    places: Places,
) -> values.Module:
    """A module with its units; without a file of its own it is called by its slug."""
    bare = values.Module(
        number=name.number or 0, slug=name.slug, path=name.path, title=name.slug, units=units
    )
    if source is None:
        return bare
    front = fields_of(source, report, places, MODULE_KEYS)
    body, line = source.body
    return values.Module(
        number=bare.number,
        slug=bare.slug,
        path=bare.path,
        title=front.text("title", name.slug, obliged=True),
        objectives=front.list("objectives"),
        minutes=front.whole("minutes", 0) if front.has("minutes") else None,
        opens_after=front.list("opens_after"),
        body=body,
        body_line=line,
        units=units,
    )


def course_of(
    source: Source,
    slug: str,
    modules: tuple[values.Module, ...],
    quizzes: tuple[values.Quiz, ...],
    glossary: dict[str, str],
    report: Report,
    places: Places,
) -> values.Course | None:
    """The course of course.md and what was read before it; None when it has no title."""
    front = fields_of(source, report, places, COURSE_KEYS)
    title = front.text("title", obliged=True)
    if not title:
        return None
    body, line = source.body
    return values.Course(
        slug=slug,
        title=title,
        summary=front.text("summary"),
        language=front.typed("language", _language, "a language such as en or ru", "en"),
        programme=front.text("programme"),
        code=front.text("code"),
        subject=front.word("subject", values.Subject, values.Subject.POLICING),
        level=front.word("level", values.Level, values.Level.BASIC),
        format=front.word("format", values.Format, values.Format.SELF_PACED),
        hours=front.amount("hours", Fraction(0)),
        handling=front.word("handling", values.Handling, values.Handling.CLEAR),
        audience=front.words("audience", values.Audience, ()),
        objectives={key: one.text.strip() for key, one in front.mapping("objectives").items()},
        prerequisites=front.list("prerequisites"),
        completion=_completion(front, places, source.path),
        certificate=_certificate(front),
        scores_to_states=front.flag("scores_to_states", False),
        contact=front.text("contact"),
        review_by=front.day("review_by"),
        contributors=front.list("contributors"),
        licence=front.text("licence"),
        body=body,
        body_line=line,
        modules=modules,
        quizzes=quizzes,
        glossary=glossary,
    )


def fields_of(
    source: Source, report: Report, places: Places, known: tuple[str, ...], *, obliged: bool = True
) -> Fields:
    """The front matter of a file; places learns where its keys stand."""
    table = front_of(source, report, obliged=obliged)
    front = Fields(table, report, source.lines)
    front.allow(known)
    for key in table.entries:
        places[source.path, key] = front.place(key)
    for name in front.mapping("objectives") if source.path == "course.md" else ():
        under = front.under("objectives")
        if under:
            places[source.path, f"objectives.{name}"] = under.place(name)
    return front


def _language(text: str) -> str | None:
    return text if TAG.fullmatch(text) else None


def _completion(front: Fields, places: Places, path: str) -> values.Completion:
    under = front.under("completion")
    if under is None:
        return values.Completion()
    under.allow(COMPLETION_KEYS)
    for key in COMPLETION_KEYS:
        places[path, f"completion.{key}"] = under.place(key)
    known: dict[str, Literal["all", "required"]] = {"all": "all", "required": "required"}
    lessons: Literal["all", "required"] = "all"
    return values.Completion(
        lessons=under.typed("lessons", known.get, "all or required", lessons),
        quizzes=under.list("quizzes"),
        evaluation=under.flag("evaluation", False),
        attendance=under.percent("attendance", 0),
    )


def _certificate(front: Fields) -> values.CertificateRules | None:
    under = front.under("certificate")
    if under is None:
        return None
    under.allow(CERTIFICATE_KEYS)
    signatory = under.under("signatory")
    if signatory:
        signatory.allow(("name", "function"))
    return values.CertificateRules(
        title=under.text("title", values.CertificateRules().title),
        valid_for=under.span("valid_for"),
        show_name=under.word("show_name", values.ShowName, values.ShowName.FULL),
        signatory_name=signatory.text("name") if signatory else "",
        signatory_function=signatory.text("function") if signatory else "",
    )
