"""Reading a course, a lesson or a quiz: bytes in, values and findings out, never an exception."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lms.content import values
from lms.content.decoding import Source, source_of
from lms.content.fields import Fields
from lms.content.findings import Finding, Report, has_errors, in_order
from lms.content.frontmatter import front_of
from lms.content.glossary import read_glossary
from lms.content.layout import SLUG, Layout, Name, layout_of, name_of
from lms.content.lessons import course_of, lesson_of, module_of
from lms.content.quizzes import Places, quiz_of
from lms.content.translations import read_translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a course.

    The course is None only when course.md cannot be read or has no title; otherwise what could
    not be read is left out of it and found. Publish nothing while there are errors.
    """

    course: values.Course | None
    findings: tuple[Finding, ...]
    places: Places = field(default_factory=dict)  # (path, key or "question:<id>") to line, column
    sources: Mapping[str, Source] = field(default_factory=dict)  # every text that could be read
    layout: Layout | None = None

    @property
    def has_errors(self) -> bool:
        return has_errors(self.findings)


def read_course(files: Mapping[str, bytes], slug: str) -> Reading:
    """A course from the files of its folder, by their paths in it."""
    layout, found = layout_of(files)
    reader = _Reader(files, list(found))
    modules = tuple(reader.module(name, layout.units[name.slug]) for name in layout.modules)
    quizzes = tuple(
        quiz for name in layout.quizzes if isinstance(quiz := reader.unit(name), values.Quiz)
    )
    glossary = reader.glossary("glossary.md")
    course = None
    source, report = reader.source("course.md")
    if source is not None:
        course = course_of(source, slug, modules, quizzes, glossary, report, reader.places)
        if not SLUG.fullmatch(slug):
            report.add("name", f"`{slug[:90]}` cannot be the name of a course", 1)
    reader.keep(report)
    if course is not None:
        course = replace(course, translations=reader.translations(layout, course))
    return Reading(
        course=course,
        findings=in_order(reader.findings),
        places=reader.places,
        sources=reader.sources,
        layout=layout,
    )


def read_lesson(data: str | bytes, path: str) -> tuple[values.Lesson | None, tuple[Finding, ...]]:
    """One lesson; its number, slug and key are told from the path inside its course."""
    report = Report(path)
    source = source_of(data, report)
    lesson = lesson_of(source, name_of(path), report, {}) if source else None
    return lesson, in_order(report.found)


def read_quiz(data: str | bytes, path: str) -> tuple[values.Quiz | None, tuple[Finding, ...]]:
    """One quiz; its number, slug and key are told from the path inside its course."""
    report = Report(path)
    source = source_of(data, report)
    quiz = quiz_of(source, name_of(path), report, {}) if source else None
    return quiz, in_order(report.found)


class _Reader:
    """The files of a course with what has been found and learnt while they are read."""

    def __init__(self, files: Mapping[str, bytes], findings: list[Finding]) -> None:
        self.files = files
        self.findings = findings
        self.places: Places = {}
        self.sources: dict[str, Source] = {}

    def keep(self, report: Report) -> None:
        self.findings.extend(report.found)

    def source(self, path: str) -> tuple[Source | None, Report]:
        report = Report(path)
        source = source_of(self.files[path], report) if path in self.files else None
        if source is not None:
            self.sources[path] = source
        return source, report

    def unit(self, name: Name) -> values.Lesson | values.Quiz | None:
        source, report = self.source(name.path)
        made: values.Lesson | values.Quiz | None = None
        if source is not None:
            read = quiz_of if name.quiz else lesson_of
            made = read(source, name, report, self.places)
        self.keep(report)
        return made

    def module(self, name: Name, names: tuple[Name, ...]) -> values.Module:
        units = tuple(unit for one in names if (unit := self.unit(one)) is not None)
        source, report = self.source(name.path)
        made = module_of(source, name, units, report, self.places)
        self.keep(report)
        return made

    def translations(self, layout: Layout, course: values.Course) -> dict[str, values.Translation]:
        made = {}
        for tag, paths in layout.translations.items():
            made[tag], found = read_translation(
                tag, paths, self.files, course, self.source, self.places
            )
            self.findings.extend(found)
        return made

    def glossary(self, path: str) -> dict[str, str]:
        source, report = self.source(path)
        made = {}
        if source is not None:
            front = Fields(front_of(source, report, obliged=False), report, source.lines)
            front.allow(("title",))
            made = read_glossary(source, report)
        self.keep(report)
        return made
