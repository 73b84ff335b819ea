"""`lms questions convert`: from a file of another system to a quiz and back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.app import cli
from lms.content.converters import formats
from lms.content.reading import read_quiz

GIFT = "::Q1::Is it [safe]?{=yes#Right ~no}\n\n::Open::Why?{}\n\nRead on.\n\nBroken{\n"
COURSES = Path(__file__).parents[3] / "courses"


@pytest.fixture
def convert(tmp_path):
    """Convert a text under a name to another name: the outcome, the new file's text."""

    def run(text: str, source: str, target: str, *words: str):
        (tmp_path / source).write_text(text)
        given = [str(tmp_path / source), target if target == "-" else str(tmp_path / target)]
        done = CliRunner().invoke(cli, ["questions", "convert", *given, *words])
        made = tmp_path / target
        return done, made.read_text() if made.exists() else ""

    return run


def test_gift_becomes_a_quiz_and_says_what_is_left_out(convert):
    done, made = convert(GIFT, "old.txt", "new.quiz.md")

    assert done.output.splitlines() == [
        "line 5: skipped: “Read on.”: a description asks nothing: put its text into a lesson",
        "line 7: skipped: the braces { } do not match",
        "2 questions taken over, 2 skipped",
    ]
    assert done.exit_code == 0
    quiz, findings = read_quiz(made, "1-a/10-new.quiz.md")
    assert [(one.id, one.heading) for one in quiz.questions] == [
        ("Q1", "Is it \\[safe\\]?"),
        ("Open", "Why?"),
    ]
    assert [one for one in findings if one.level == "error"] == []


def test_json_tells_all_that_came_in(convert):
    done, made = convert(GIFT, "old.gift", "new.xml", "--json")
    said = json.loads(done.output)

    assert (said["imported"], len(said["questions"])) == (3, 3)
    assert said["skipped"] == [{"line": 7, "reason": "the braces { } do not match"}]
    assert said["questions"][0]["type"] == "multichoice"
    assert said["questions"][0]["name"] == "Q1"
    assert said["questions"][0]["answers"] == [
        {"text": "yes", "fraction": 100, "feedback": "Right"},
        {"text": "no", "fraction": 0, "feedback": ""},
    ]
    assert made.count("<question ") == 3


@pytest.mark.parametrize(
    ("text", "name", "target", "words"),
    [
        ("<quiz>", "a.xml", "b.gift", ()),
        ("no answers", "a.txt", "b.gift", ("--from", "aiken")),
        ("", "a.txt", "b.xml", ()),
        ("# text", "a.md", "b.gift", ()),
        ("---\ntitle: A\nkind: formative\n---\n", "a.md", "b.quiz.md", ()),
        ("A{T}", "a.txt", "missing/b.xml", ()),
        ("A{T}", "a.txt", "b.xml", ("--to", "word")),
    ],
)
def test_wrong_use_ends_with_two_and_writes_nothing(convert, text, name, target, words):
    done, made = convert(text, name, target, *words)

    assert (done.exit_code, made) == (2, "")
    assert "Error: " in done.output


def test_a_lost_thing_is_named(convert):
    done, _ = convert("$CATEGORY: a/b\n\nA{=one#Yes =two}", "old.txt", "new.quiz.md")

    assert done.output.splitlines() == [
        "line 3: “A” loses its category a/b, the feedback to single answers",
        "1 questions taken over, 0 skipped",
    ]


@pytest.mark.parametrize("path", sorted(COURSES.glob("*/*final*.quiz.md")), ids=str)
@pytest.mark.parametrize("format", ["gift", "moodle-xml"])
def test_our_own_quizzes_go_out_and_come_back(path, format):
    data = path.read_bytes()
    quiz, _ = read_quiz(data, "1-a/10-b.quiz.md")
    out = formats.convert(data, "quiz", format, title="")
    back = formats.convert(out.data, format, "quiz", title="Back")
    again, _ = read_quiz(back.data, "1-a/10-b.quiz.md")
    known = {one.id: one for one in quiz.questions}

    assert len(out.questions) + len(out.skipped) == len(quiz.questions)
    assert (len(again.questions), back.skipped) == (len(out.questions), ())
    for one in again.questions:
        assert (one.type, one.heading, one.body) == (
            known[one.id].type,
            known[one.id].heading,
            known[one.id].body,
        )


def test_the_format_is_known_by_ending_and_text():
    assert formats.guess(b"<quiz/>", ".txt") == "moodle-xml"
    assert formats.guess(b"A?\nA) a\nB) b\nANSWER: A", ".txt") == "aiken"
    assert formats.guess(b"A?\nA) a\nB) b\nANSWER: A", ".gift") == "gift"
    assert formats.guess(b"A?{T}", "") == "gift"
    assert formats.guess(b"", ".md") == "quiz"
