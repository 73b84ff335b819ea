"""Every rule of the checker, shown by a course that breaks it at a known line."""

import pytest

from lms.content.checking import check_course
from lms.content.findings import RULES
from tests.content.helpers import COURSE, LESSON, MINIMAL, MODULE, QUESTION, QUIZ, course_files

LESSON_PATH = "1-start/10-first.md"
QUIZ_PATH = "1-start/90-check.quiz.md"
MODULE_PATH = "1-start/module.md"
RU_QUIZ = f"ru/{QUIZ_PATH}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
LO1 = "---\ntitle: A course\nobjectives:\n  LO1: Know it\n---\n"
FINAL = "---\ntitle: F\nkind: summative\n"


def front(keys: str) -> str:
    """A file whose front matter has a title at line 2 and these keys from line 3 on."""
    return f"---\ntitle: A\n{keys}\n---\n"


def body(text: str) -> dict[str, str]:
    """A lesson whose body begins at line 4."""
    return {LESSON_PATH: LESSON + text + "\n"}


def quiz(text: str, front: str = "") -> dict[str, str]:
    """A quiz; without more front matter its body begins at line 5."""
    return {QUIZ_PATH: f"---\ntitle: A check\nkind: formative\n{front}---\n{text}\n"}


# Rule, files that are changed (None: removed), path and line of the finding.
CASES: list[tuple[str, dict[str, str | bytes | None], str, int]] = [
    ("missing-file", {MODULE_PATH: None}, MODULE_PATH, 1),
    ("unknown-file", {"notes.txt": "x"}, "notes.txt", 1),
    ("unknown-file", {"ru/9-nothing.quiz.md": QUIZ}, "ru/9-nothing.quiz.md", 1),
    ("name", {"2-search/module.md": MODULE}, "2-search/module.md", 1),
    ("doubled-number", {"1-start/10-b.md": LESSON}, LESSON_PATH, 1),
    ("doubled-slug", {"start.quiz.md": QUIZ + QUESTION}, "start.quiz.md", 1),
    ("encoding", {LESSON_PATH: b"---\ntitle: A\n---\n\xff\n"}, LESSON_PATH, 4),
    ("limit", body("[" * 2001), LESSON_PATH, 4),
    ("picture-size", {"media/a.png": b"x" * 40_001}, "media/a.png", 1),
    ("picture-limit", {"media/a.png": b"x" * 1_000_001}, "media/a.png", 1),
    ("svg", {"media/a.svg": "<svg/>"}, "media/a.svg", 1),
    ("front-matter", {LESSON_PATH: "Text.\n"}, LESSON_PATH, 1),
    ("unknown-key", {LESSON_PATH: front("author: B")}, LESSON_PATH, 3),
    ("doubled-key", {LESSON_PATH: front("title: B")}, LESSON_PATH, 3),
    ("missing-key", {LESSON_PATH: "---\nminutes: 3\n---\n"}, LESSON_PATH, 2),
    ("value", {LESSON_PATH: front("minutes: ten")}, LESSON_PATH, 3),
    ("value", {LESSON_PATH: front("formerly: [a/b/c]")}, LESSON_PATH, 3),
    ("comment-in-title", {LESSON_PATH: "---\ntitle: A # B\n---\n"}, LESSON_PATH, 2),
    ("reference", {LESSON_PATH: front("objectives: [LO9]")}, LESSON_PATH, 3),
    ("reference", {MODULE_PATH: front("opens_after: [x]")}, MODULE_PATH, 3),
    ("reference", {MODULE_PATH: front("opens_after: [start]")}, MODULE_PATH, 3),
    ("reference", {"course.md": front("completion: {quizzes: [x]}")}, "course.md", 3),
    ("reference", {"course.md": front("completion: {quizzes: [start/check]}")}, "course.md", 3),
    ("reference", {"course.md": front("completion: {evaluation: true}")}, "course.md", 3),
    ("reference", quiz("\n## Q {#q objective=LO7}\n\n= a"), QUIZ_PATH, 6),
    ("reference", quiz("", "pool: nothing\n"), QUIZ_PATH, 4),
    ("reference", quiz(QUESTION, "opens_after: all\n"), QUIZ_PATH, 4),
    ("reference", {LESSON_PATH: front("formerly: [start/check]")}, LESSON_PATH, 3),
    ("prerequisite", {"course.md": front("prerequisites: [x]")}, "course.md", 3),
    ("handling", {LESSON_PATH: front("handling: TLP:AMBER")}, LESSON_PATH, 3),
    ("link", body("See [this](20-none.md)."), LESSON_PATH, 4),
    ("link", body("See [this](#none)."), LESSON_PATH, 4),
    ("link", body("See [this](90-check.quiz.md), [that](javascript:x)."), LESSON_PATH, 4),
    ("link", body("See [this](/etc/passwd)."), LESSON_PATH, 4),
    ("link", body("See [this](media/none.pdf)."), LESSON_PATH, 4),
    ("link", body("![What](media/none.svg)"), LESSON_PATH, 4),
    ("link", body("![What](https://example.org/a.svg)"), LESSON_PATH, 4),
    ("link", body("See [this][one].\n\n[one]: none.md"), LESSON_PATH, 4),
    ("link", quiz("\n## Q {#q}\n\n- (x) a\n  > See [b](c.md).\n- ( ) d"), QUIZ_PATH, 9),
    ("transcript", {"media/a.mp4": "x", **body("![Talk](media/a.mp4)")}, LESSON_PATH, 4),
    ("term", body("A [[precursor]]."), LESSON_PATH, 4),
    ("term", {"glossary.md": "Precursor\n\nMore.\n"}, "glossary.md", 1),
    ("question", quiz("\n## Q {#q}\n\nNothing."), QUIZ_PATH, 6),
    ("question", body("```question\nQ?\n```"), LESSON_PATH, 5),
    ("no-right-answer", quiz("\n## Q {#q}\n\n- ( ) a\n- ( ) b"), QUIZ_PATH, 6),
    ("two-right", quiz("\n## Q {#q}\n\n- (x) a\n- (x) b"), QUIZ_PATH, 6),
    ("doubled-answer", quiz("\n## Q {#q}\n\n- (x) a\n- ( ) a"), QUIZ_PATH, 6),
    ("doubled-id", quiz("\n## Q {#q}\n\n= a\n\n## R {#q}\n\n= a"), QUIZ_PATH, 10),
    ("doubled-id", body("## A {#x}\n\n## B {#x}"), LESSON_PATH, 6),
    ("missing-id", quiz("\n## Q\n\n= a"), QUIZ_PATH, 6),
    ("braces", quiz("\n## Q {a, b}\n\n= a"), QUIZ_PATH, 6),
    ("number-as-words", quiz("\n## Q {#q}\n\n= 10,200"), QUIZ_PATH, 8),
    ("quiz-heading", quiz("\n# Part\n" + QUESTION), QUIZ_PATH, 6),
    ("draw", quiz(QUESTION, "draw: 2\n"), QUIZ_PATH, 4),
    ("small-pool", quiz(QUESTION, "draw: 1\n"), QUIZ_PATH, 4),
    ("untested-objective", {"course.md": LO1}, "course.md", 4),
    ("attribute", body("## A {.red}"), LESSON_PATH, 4),
    ("attribute", body("[a](10-first.md){target=_blank}"), LESSON_PATH, 4),
    ("attribute", body("![A](media/a.svg){width=3}") | {"media/a.svg": SVG}, LESSON_PATH, 4),
    ("construct", body('!!! danger "A"\n    B'), LESSON_PATH, 4),
    ("construct", body('!!! note "A"\n\nB'), LESSON_PATH, 4),
    ("construct", body("??? Show\n    B"), LESSON_PATH, 4),
    ("construct", body("```steps\nOne.\n```"), LESSON_PATH, 5),
    ("construct", body("```\nno end"), LESSON_PATH, 4),
    ("alternative-text", body("![](media/a.svg)") | {"media/a.svg": SVG}, LESSON_PATH, 4),
    ("heading-level", body("## A\n\n#### B"), LESSON_PATH, 6),
    ("heading-level", body("# A"), LESSON_PATH, 4),
    ("long-sentence", body("One.\n\n" + "word " * 36 + "end."), LESSON_PATH, 6),
    ("translation", {RU_QUIZ: "---\ntitle: П\n---\n\n## К {#z}\n\n= а\n"}, RU_QUIZ, 5),
    ("stale-translation", {"ru/course.md": front("source: 0123456789ab")}, "ru/course.md", 3),
]  # fmt: skip
# Rules that need more than the files of one course, and where they are tested.
ELSEWHERE = {
    "outside-link": "tests/content/test_files.py",
    "markdown": "tests/content/test_checking.py",
}


@pytest.mark.parametrize(
    ("rule", "changes", "path", "line"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_rule_finds_what_breaks_it(rule, changes, path, line):
    found = check_course(course_files(changes), "a-course", known={"a-course"})
    assert (rule, path, line) in [(one.rule, one.path, one.line) for one in found]


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} | set(ELSEWHERE) == set(RULES)
    assert len(RULES) <= 45


def test_every_finding_has_a_remedy_and_the_level_of_its_rule():
    for _, changes, _, _ in CASES:
        for one in check_course(course_files(changes), "a-course", known=set()):
            assert one.remedy
            assert one.level == RULES[one.rule].level


def test_a_whole_course_has_no_findings():
    assert check_course(course_files(), "a-course", known=set()) == ()
    assert set(MINIMAL) >= {"course.md"}
    assert COURSE.startswith("---")
