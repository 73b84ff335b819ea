from datetime import timedelta
from textwrap import dedent

import pytest

from lms.content.reading import read_course, read_lesson, read_quiz
from lms.content.values import Handling, Kind, Review, Shuffle
from tests.content.helpers import COURSE, LESSON, MODULE, QUESTION, QUIZ, course_files, read_files


def rules(changes: dict[str, str | bytes | None]) -> list[str]:
    return [one.rule for one in read_files(changes).findings]


def test_a_course_has_modules_and_units_in_the_order_of_their_numbers():
    reading = read_files(
        {
            "2-second/module.md": MODULE,
            "2-second/100-last.md": LESSON,
            "2-second/20-first.md": LESSON,
            "10-third/module.md": MODULE,
            "0-before.quiz.md": QUIZ + QUESTION,
            "11-after.quiz.md": QUIZ + QUESTION,
            "evaluation.quiz.md": "---\ntitle: E\nkind: survey\n---\n\n## Q {#a}\n\n= …\n",
        }
    )
    assert reading.findings == ()
    course = reading.course
    assert [unit.key for unit in course.units()] == [
        "before", "start/first", "start/check", "second/first", "second/last", "after", "evaluation"
    ]  # fmt: skip
    assert [module.slug for module in course.modules] == ["start", "second", "third"]
    assert [quiz.slug for quiz in course.opening_quizzes()] == ["before"]
    assert [quiz.slug for quiz in course.closing_quizzes()] == ["after", "evaluation"]
    assert course.unit("second/last").path == "2-second/100-last.md"
    assert course.module_of("second/last").slug == "second"
    assert course.module_of("after") is None


def test_a_lesson_knows_the_line_where_its_body_begins():
    made, _ = read_lesson("---\ntitle: A\nminutes: 20\n---\n\nText.\n\n", "1-a/10-b.md")
    assert (made.key, made.number, made.minutes) == ("a/b", 10, 20)
    assert (made.body, made.body_line) == ("Text.", 6)


def test_a_module_without_minutes_has_those_of_its_units():
    timed = "---\ntitle: A\nminutes: 15\n---\n"
    changes = {"1-start/10-first.md": timed, "1-start/20-second.md": timed}
    course = read_files(changes).course
    assert course.modules[0].minutes is None
    assert course.modules[0].total_minutes == 30


def test_the_kind_of_a_quiz_gives_its_defaults():
    def quiz(kind: str, path: str = "9-final.quiz.md"):
        made, _ = read_quiz(f"---\ntitle: A\nkind: {kind}\n---\n\n## Q {{#q}}\n\n= a\n", path)
        return made

    both = frozenset(Shuffle)
    final = quiz("summative")
    assert (final.pass_mark, final.attempts, final.wait) == (80, 3, timedelta(hours=24))
    assert (final.shuffle, final.review) == (both, Review.AFTER_PASSING)
    assert final.opens_after == "all"
    assert quiz("summative", "1-a/90-b.quiz.md").opens_after == ()
    check = quiz("formative")
    assert (check.pass_mark, check.attempts, check.wait) == (None, 0, timedelta(0))
    assert (check.shuffle, check.review) == (frozenset({Shuffle.OPTIONS}), Review.AFTER_SUBMISSION)
    for kind in ("pre_test", "post_test"):
        test = quiz(kind)
        assert (test.pass_mark, test.attempts) == (None, 1)
        assert (test.shuffle, test.review) == (both, Review.NEVER)
    made, _ = read_quiz("---\ntitle: A\nkind: survey\n---\n\n## Q {#q}\n\n= …\n", "e.quiz.md")
    assert (made.kind, made.shuffle, made.number) == (Kind.SURVEY, frozenset(), None)


def test_a_quiz_says_its_rules():
    made, findings = read_quiz(
        dedent("""\
            ---
            title: Final
            kind: summative
            pass_mark: 70 %
            attempts: 0
            draw: 1
            draw_by: objective
            shuffle: []
            navigation: forward
            grade: latest
            review: after_close
            opens_after: [one, two]
            feedback:
              0: "Read again."
              80: "Well done: passed."
            ---
            Before the first question.

            ## Which? {#q}

            = a
        """),
        "9-final.quiz.md",
    )
    assert findings == ()
    assert (made.pass_mark, made.attempts, made.draw) == (70, 0, 1)
    assert made.shuffle == frozenset()
    assert made.opens_after == ("one", "two")
    assert made.feedback == ((80, "Well done: passed."), (0, "Read again."))
    assert made.intro == "Before the first question."


def test_a_pool_draws_the_tagged_questions_of_another_quiz():
    pool = "---\ntitle: F\nkind: summative\n---\n\n## A {#a tags=pp}\n\n= a\n\n## B {#b}\n\n= b\n"
    course = read_files(
        {
            "0-pre.quiz.md": "---\ntitle: P\nkind: pre_test\npool: final#pp\n---\n",
            "9-final.quiz.md": pool,
        }
    ).course
    assert [one.id for one in course.questions_of(course.unit("pre"))] == ["a"]
    assert [one.id for one in course.questions_of(course.unit("final"))] == ["a", "b"]


def test_the_glossary_is_a_definition_list_in_order():
    reading = read_files(
        {
            "glossary.md": "PEN Online\n:   A system\n    of INCB.\n\n    For notices.\n\n"
            "Precursor\nPrecursors\n: A chemical.\n"
        }
    )
    assert reading.findings == ()
    assert dict(reading.course.glossary) == {
        "PEN Online": "A system\nof INCB.\n\nFor notices.",
        "Precursor": "A chemical.",
        "Precursors": "A chemical.",
    }


def test_a_file_may_have_a_mark_and_windows_line_ends():
    plain = read_course(course_files(), "a")
    windows = {
        path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
        for path, data in course_files().items()
    }
    assert read_course(windows, "a").course == plain.course


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"course.md": None}, "missing-file"),
        ({"1-start/module.md": None}, "missing-file"),
        ({"notes.txt": ""}, "unknown-file"),
        ({"intro.md": LESSON}, "unknown-file"),
        ({"1-start/intro.md": LESSON}, "unknown-file"),
        ({"1-start/sub/10-a.md": LESSON}, "unknown-file"),
        ({"pictures/a.png": ""}, "unknown-file"),
        ({"media/a.exe": ""}, "unknown-file"),
        ({"1-other/module.md": MODULE}, "doubled-number"),
        ({"1-start/010-other.md": LESSON}, "doubled-number"),
        ({"2-start/module.md": MODULE}, "doubled-slug"),
        ({"start.quiz.md": QUIZ + QUESTION}, "doubled-slug"),
        ({"2-media/module.md": MODULE}, "name"),
        ({"1-start/20-Second.md": LESSON}, "name"),
        ({"1-start/10-first.md": b"---\ntitle: \xff\n---\n"}, "encoding"),
        ({"1-start/10-first.md": "---\ntitle: A\n---\n\x00"}, "encoding"),
        ({"course.md": COURSE + "x" * 200_000}, "limit"),
        ({"course.md": COURSE + "> " * 51 + "x"}, "limit"),
        ({"course.md": COURSE + "*" * 2001}, "limit"),
        ({"1-start/90-check.quiz.md": QUIZ + QUESTION + QUESTION}, "doubled-id"),
        ({"1-start/90-check.quiz.md": QUIZ + "\n## Which?\n\n= a\n"}, "missing-id"),
        ({"1-start/90-check.quiz.md": QUIZ + "\n# Part\n" + QUESTION}, "quiz-heading"),
        ({"1-start/90-check.quiz.md": QUIZ + "\nPart\n----\n" + QUESTION}, "quiz-heading"),
        ({"1-start/90-check.quiz.md": QUIZ + "\n```\n" + QUESTION}, "construct"),
    ],
)
def test_what_is_wrong_with_a_course_is_found(changes, rule):
    assert rule in rules(changes)


def test_limits_name_the_line():
    (finding,) = read_files({"1-start/10-first.md": LESSON + "a\n\n" + "[" * 2001}).findings
    assert (finding.rule, finding.line) == ("limit", 6)


def test_dot_files_readme_and_licence_are_no_fault():
    assert rules({".git/x": "", "media/.DS_Store": "", "README.md": "", "LICENSE.txt": ""}) == []


def test_a_course_with_a_broken_question_is_there_without_it():
    reading = read_files({"1-start/90-check.quiz.md": QUIZ + QUESTION + "\n## Broken {#b}\n"})
    assert reading.has_errors
    assert [one.id for one in reading.course.unit("start/check").questions] == ["q1"]


def test_without_a_title_there_is_no_course():
    assert read_files({"course.md": "---\nsummary: A\n---\n"}).course is None


def test_a_lesson_may_be_marked_higher():
    made, _ = read_lesson("---\ntitle: A\nhandling: TLP:GREEN\n---\n", "1-a/1-b.md")
    assert made.handling is Handling.GREEN
    assert read_lesson(LESSON, "1-a/1-b.md")[0].handling is None
