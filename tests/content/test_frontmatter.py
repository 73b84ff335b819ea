from datetime import date, timedelta
from fractions import Fraction

import pytest

from lms.content.reading import read_lesson, read_quiz
from lms.content.values import Span
from tests.content.helpers import QUESTION, read_files

PATH = "1-start/10-first.md"


def lesson_faults(front: str) -> list[tuple[str, int, int]]:
    _, findings = read_lesson(f"---\n{front}\n---\nText.\n", PATH)
    return [(one.rule, one.line, one.column) for one in findings]


def message(front: str) -> str:
    _, findings = read_lesson(f"---\n{front}\n---\nText.\n", PATH)
    return str(findings[0])


def test_values_stay_what_was_written():
    made, _ = read_lesson("---\ntitle: no\nobjectives: [0123, 1:30, 2020-01-01]\n---\n", PATH)
    assert made.title == "no"
    assert made.objectives == ("0123", "1:30", "2020-01-01")


def test_a_file_without_front_matter_is_found():
    _, findings = read_lesson("Text.\n", PATH)
    assert [one.rule for one in findings] == ["front-matter"]


def test_front_matter_that_does_not_end_is_found():
    _, findings = read_lesson("---\ntitle: A\n", PATH)
    assert findings[0].wrong == "the front matter does not end"


def test_an_unknown_key_names_the_nearest_known_one():
    assert message("titel: A\ntitle: B").startswith(
        f"{PATH}:2:1: error: the key `titel` is unknown; did you mean `title`?"
    )


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("title: A\ntitle: B", ("doubled-key", 3, 1)),
        ("title: A\n\tminutes: 3", ("front-matter", 3, 1)),
        ("title: &a A", ("front-matter", 2, 8)),
        ("title: *a", ("front-matter", 2, 8)),
        ("title: !!str A", ("front-matter", 2, 8)),
        ("title: A\nminutes: many", ("value", 3, 10)),
        ("title: A\nrequired: yes", ("value", 3, 11)),
        ("title: A\nhandling: TLP:RED", ("value", 3, 11)),
        ("title: [A, B]", ("value", 2, 8)),
        ("title: About # of seizures", ("comment-in-title", 2, 14)),
    ],
)
def test_each_fault_has_its_line_and_column(front, place):
    assert place in lesson_faults(front)


def test_a_sentence_with_a_colon_is_shown_mended():
    assert message("title: Seizures: a summary").endswith('write `title: "Seizures: a summary"`')
    assert message('title: The "new" law: a summary').endswith(
        r'write `title: "The \"new\" law: a summary"`'
    )


@pytest.mark.parametrize(
    "front",
    [
        "[" * 3000, "{" * 300, "? a\n: b", "- a\n- b", "a", "...", "%YAML 1.1", "--- >",
        "a: |\n  b",
        "a: 'b", 'a: "b', "a: @b", "a: `b", "'a': [", "a: {b: {c: {d: {e: {f: {g: h}}}}}}",
        "a: !!python/object/apply:os.system [ls]", "<<: {title: A}", "a:\n b\nc", "",
    ],
)  # fmt: skip
def test_whatever_front_matter_is_gives_findings_and_no_exception(front):
    _, findings = read_lesson(f"---\n{front}\n---\nText.\n", PATH)
    assert findings


def test_durations_per_cents_and_dates_are_typed():
    course = read_files(
        {
            "course.md": "---\ntitle: A\nhours: 4.5\nreview_by: 2028-12-31\n"
            "completion: {attendance: 80 %}\ncertificate: {valid_for: 1 year}\n---\n"
        }
    ).course
    assert course.hours == Fraction(9, 2)
    assert course.review_by == date(2028, 12, 31)
    assert course.completion.attendance == 80
    assert course.certificate.valid_for == Span(amount=1, unit="years")
    assert str(course.certificate.valid_for) == "1 year"


def test_durations_of_a_quiz_are_exact():
    quiz, _ = read_quiz(
        "---\ntitle: A\nkind: summative\ntime_limit: 30 min\nwait: 2 days\n---\n" + QUESTION,
        "9-final.quiz.md",
    )
    assert quiz.time_limit == timedelta(minutes=30)
    assert quiz.wait == timedelta(days=2)


@pytest.mark.parametrize("wrong", ["30", "half an hour", "2 months", "-1 h", "0x10 h"])
def test_a_wait_has_a_fixed_length(wrong):
    _, findings = read_quiz(f"---\ntitle: A\nkind: summative\nwait: {wrong}\n---\n", "9-f.quiz.md")
    assert "value" in [one.rule for one in findings]
