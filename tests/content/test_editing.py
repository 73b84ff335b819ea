from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.editing import (
    add_ids,
    replace_body,
    replace_option,
    replace_question,
    set_key,
    stamp,
    text_of,
)
from lms.content.questions import id_of
from lms.content.questiontext import write_question
from lms.content.reading import read_course, read_lesson, read_quiz
from lms.content.translations import stamp_of
from lms.content.writing import write_unit
from tests.content.helpers import course_files
from tests.content.strategies import bodies, lessons, questions, quizzes, words

MARK = b"\xef\xbb\xbf"
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def windows(data: bytes) -> bytes:
    return MARK + data.replace(b"\n", b"\r\n")


def dressed(data: bytes, mark: bool, crlf: bool, newline: bool) -> bytes:
    """The file as some editor saves it."""
    data = data if newline else data.removesuffix(b"\n")
    return (MARK if mark else b"") + (data.replace(b"\n", b"\r\n") if crlf else data)


DRESS = st.tuples(st.booleans(), st.booleans(), st.booleans())

LESSON = dedent("""\
    ---
    # who wrote this
    title: Stocks and prices   # short
    minutes: 20
    objectives: [LO1, LO2]  # two
    certificate:
      # shown on paper
      title: "A"
      show_name: full

    # the last
    required: true
    ---

    First.

    Second.
    """).encode()


def changed(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    """Lines with their ends that are only in one of the two, after what both begin with."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("title", "Prices: a view", [b"title: Stocks and prices   # short\n"],
         [b'title: "Prices: a view"   # short\n']),
        ("minutes", 25, [b"minutes: 20\n"], [b"minutes: 25\n"]),
        ("objectives", ["LO1"], [b"objectives: [LO1, LO2]  # two\n"],
         [b"objectives: [LO1]  # two\n"]),
        ("required", False, [b"required: true\n"], [b"required: false\n"]),
        ("required", None, [b"required: true\n"], []),
        ("handling", "TLP:GREEN", [], [b"handling: TLP:GREEN\n"]),
        ("certificate.title", "B", [b'  title: "A"\n'], [b"  title: B\n"]),
        ("certificate.valid_for", "4 years", [], [b"  valid_for: 4 years\n"]),
        ("completion.evaluation", True, [], [b"completion:\n", b"  evaluation: true\n"]),
    ],
)  # fmt: skip
def test_a_key_changes_its_own_lines_and_keeps_its_comment(key, value, old, new):
    assert changed(LESSON, set_key(LESSON, key, value)) == (old, new)
    crlf = [line.replace(b"\n", b"\r\n") for line in new]
    assert changed(windows(LESSON), set_key(windows(LESSON), key, value))[1] == crlf


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "Stocks and prices"), ("minutes", 20), ("objectives", ["LO1", "LO2"]),
        ("required", True), ("certificate.title", "A"), ("nothing", None), ("certificate.x", None),
        ("certificate", {"title": "A", "show_name": "full"}),
    ],
)  # fmt: skip
def test_a_key_that_says_the_same_leaves_the_file_alone(key, value):
    assert set_key(LESSON, key, value) == LESSON


def test_a_key_in_a_table_on_one_line_is_changed_in_it():
    file = b"---\nsignatory: {name: A, function: B} # who\n---\n"
    assert set_key(file, "signatory.name", "C: D") == (
        b'---\nsignatory: {name: "C: D", function: B} # who\n---\n'
    )
    assert set_key(file, "signatory.name", None) == b"---\nsignatory: {function: B} # who\n---\n"


def test_a_value_of_many_lines_is_replaced_whole():
    file = b"---\nfeedback:\n  80: Good\n\n  # low\n  0: Bad\n# end\ntitle: A\n---\n"
    assert set_key(file, "feedback", {"50": "Fair: so"}) == (
        b'---\nfeedback:\n  50: "Fair: so"\n# end\ntitle: A\n---\n'
    )
    long = b"---\ntitle: A\n  long one\nminutes: 3\n---\n"
    assert set_key(long, "title", "B") == b"---\ntitle: B\nminutes: 3\n---\n"


def test_a_file_without_front_matter_gets_one():
    assert set_key(b"Text.\n", "title", "A") == b"---\ntitle: A\n---\nText.\n"


def test_broken_front_matter_is_not_edited():
    with pytest.raises(ValueError, match="cannot be edited"):
        set_key(b"---\ntitle: *a\n---\n", "title", "A")


@FEW
@given(lessons(10, "a-lesson", "1-a"), words(), DRESS)
def test_a_new_title_is_read_and_no_other_line_has_changed(lesson, title, dress):
    before = dressed(write_unit(lesson), *dress)
    after = set_key(before, "title", title)
    old, new = changed(before, after)
    assert (len(old), len(new)) == ((0, 0) if lesson.title == title else (1, 1))
    assert read_lesson(after, lesson.path)[0].title == title


@FEW
@given(lessons(10, "a-lesson", "1-a"), bodies(), DRESS)
def test_a_new_body_is_read_and_the_front_matter_stays(lesson, body, dress):
    before = dressed(write_unit(lesson), *dress)
    after = replace_body(before, body.replace("\n", "\r\n"))
    made, _ = read_lesson(after, lesson.path)
    assert (made.body, made.title) == (body, lesson.title)
    assert after.startswith(MARK) == dress[0]
    assert (b"\r\n" in after) == dress[1]
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    assert replace_body(before, lesson.body + "\n\n") == before


@FEW
@given(quizzes(90, "a-check", "1-a"), DRESS)
def test_every_question_can_be_put_back_without_a_change(quiz, dress):
    survey = quiz.kind == "survey"
    before = dressed(write_unit(quiz), *dress)
    for question in quiz.questions:
        text = write_question(question, survey=survey).replace("\n", "\r\n")
        assert replace_question(before, question.id, text) == before


@FEW
@given(quizzes(90, "a-check", "1-a").filter(lambda quiz: quiz.kind != "survey"), questions(), DRESS)
def test_a_new_question_is_read_and_the_others_keep_their_bytes(quiz, question, dress):
    before = dressed(write_unit(quiz), *dress)
    target = quiz.questions[-1].id
    after = replace_question(before, target, write_question(question).replace("q1", target, 1))
    start = before.index(f"{{#{target}".encode())
    start = before.rindex(b"\n", 0, start) + 1
    assert after[:start] == before[:start]
    assert after.endswith(b"\n") == dress[2]
    made, _ = read_quiz(after, quiz.path)
    assert made.questions[:-1] == quiz.questions[:-1]


QUIZ = dedent("""\
    ---
    title: A
    kind: formative
    ---

    ## One {#one}

    - a list
    - of two

    - (x) This
      > Yes.
    - ( ) That
      goes on
    - ( ) None {pin}

    > Because.

    ## Two {points=2 tags="{a}"}

    = two

    ## Three

    = three

    ## Three

    = drei
    """).encode()


def test_an_option_changes_its_own_lines():
    after = replace_option(QUIZ, "one", 1, "- ( ) Other\r\n  > No.\r\n")
    assert changed(QUIZ, after) == (
        [b"- ( ) That\n", b"  goes on\n"],
        [b"- ( ) Other\n", b"  > No.\n"],
    )
    assert changed(QUIZ, replace_option(QUIZ, "one", 2, "")) == ([b"- ( ) None {pin}\n"], [])
    with pytest.raises(KeyError):
        replace_option(QUIZ, "one", 3, "- ( ) x")
    with pytest.raises(KeyError):
        replace_option(QUIZ, "none", 0, "- ( ) x")


def test_a_question_may_be_taken_away():
    after = replace_question(QUIZ, "one", "")
    assert read_quiz(after, "1-a/90-b.quiz.md")[0].questions[0].id == id_of("Two")
    with pytest.raises(ValueError, match="begins with"):
        replace_question(QUIZ, "one", "One?\n\n= a")
    with pytest.raises(ValueError, match="there is one"):
        replace_question(QUIZ, "one", "## A\n\n= a\n\n## B\n\n= b")


def test_ids_are_those_that_the_questions_are_called_by_already():
    after = add_ids(QUIZ)
    two, three = id_of("Two"), id_of("Three")
    assert f'## Two {{#{two} points=2 tags="{{a}}"}}\n'.encode() in after
    assert f"## Three {{#{three}}}\n".encode() in after
    made, findings = read_quiz(after, "1-a/90-b.quiz.md")
    assert findings == ()
    assert [one.id for one in made.questions][:3] == ["one", two, three]
    assert len({one.id for one in made.questions}) == 4
    assert add_ids(after) == after
    assert add_ids(windows(QUIZ)) == windows(after)


def test_a_translated_quiz_gets_the_ids_of_its_source():
    headings = ["## Один {#one}", "## Два", "## Три", "## Четыре"]
    body = "\n\n= a\n\n".join([*headings, ""])
    after = add_ids(f"---\ntitle: А\n---\n{body}".encode(), QUIZ)
    ids = [one.id for one in read_quiz(add_ids(QUIZ), "1-a/90-b.quiz.md")[0].questions]
    assert [f"{{#{id}}}" in text_of(after) for id in ids] == [True] * 4
    other = add_ids("## Один\n\n= a\n".encode(), QUIZ)
    assert f"{{#{id_of('Один')}}}" in text_of(other)


def test_translations_are_stamped_with_their_source():
    files = course_files(
        {
            "ru/course.md": windows(b"---\ntitle: A\nsource: 0123456789ab # old\n---\n"),
            "ru/1-start/10-first.md": "---\ntitle: A\n---\n",
            "glossary.md": "A\n:   B\n",
            "ru/glossary.md": "A\n:   B\n",
            "ru/1-start/module.md": b"\xff",
        }
    )
    made = stamp(files)
    assert made["ru/course.md"] == windows(
        f"---\ntitle: A\nsource: {stamp_of(files['course.md'])} # old\n---\n".encode()
    )
    assert made["ru/1-start/module.md"] == b"\xff"
    reading = read_course(made, "a-course")
    assert [one.rule for one in reading.findings] == ["encoding"]
    assert stamp(made) == made
    assert {path for path in files if files[path] != made[path]} == {
        "ru/course.md", "ru/1-start/10-first.md", "ru/glossary.md"
    }  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\n", b"a", b"\r\n", b"---", b"---\n---", MARK])
def test_small_files_are_edited_too(data):
    after = set_key(replace_body(data, "Text."), "title", "A")
    assert text_of(after).replace("\n", "").endswith("Text.")


def test_a_file_of_mixed_line_ends_keeps_those_of_its_other_lines():
    file = b"---\r\ntitle: A\r\n---\r\none\ntwo\r\nthree\nfour\n"
    assert replace_body(file, "one\ntwo\n3\nfour") == file.replace(b"three\n", b"3\r\n")
