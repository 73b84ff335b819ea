"""Small ways to read a piece of a course in a test."""

from textwrap import dedent

from lms.content.findings import Finding
from lms.content.questions import read_question
from lms.content.reading import Reading, read_course
from lms.rules.questions import Question

COURSE = "---\ntitle: A course\n---\n"
MODULE = "---\ntitle: A module\n---\n"
LESSON = "---\ntitle: A lesson\n---\n"
QUIZ = "---\ntitle: A check\nkind: formative\n---\n"
QUESTION = "\n## Which? {#q1}\n\n- (x) This\n- ( ) That\n"

MINIMAL = {
    "course.md": COURSE,
    "1-start/module.md": MODULE,
    "1-start/10-first.md": LESSON,
    "1-start/90-check.quiz.md": QUIZ + QUESTION,
}


def question(text: str, *, survey: bool = False) -> Question:
    """The question of a text that begins with `## `; fails when anything is found."""
    made, findings = read_question(dedent(text).strip("\n"), survey=survey)
    assert [str(one) for one in findings] == []
    assert made is not None
    return made


def faults(text: str, *, survey: bool = False) -> list[str]:
    """The rules that a question breaks."""
    _, findings = read_question(dedent(text).strip("\n"), survey=survey)
    return [one.rule for one in findings]


def found(text: str, *, survey: bool = False) -> tuple[Finding, ...]:
    _, findings = read_question(dedent(text).strip("\n"), survey=survey)
    return findings


def course_files(changes: dict[str, str | bytes | None] | None = None) -> dict[str, bytes]:
    """The files of a small whole course, some of them changed, added or (None) removed."""
    files: dict[str, str | bytes | None] = {**MINIMAL, **(changes or {})}
    return {
        path: data.encode() if isinstance(data, str) else data
        for path, data in files.items()
        if data is not None
    }


def read_files(changes: dict[str, str | bytes | None] | None = None) -> Reading:
    return read_course(course_files(changes), "a-course")
