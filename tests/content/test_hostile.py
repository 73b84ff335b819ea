"""Whatever bytes come in, findings come out, and soon."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.checking import check_course
from lms.content.editing import add_ids, replace_body, set_key, stamp
from lms.content.questions import read_question
from lms.content.reading import read_course, read_lesson, read_quiz
from lms.content.svg import svg_faults
from tests.content.helpers import LESSON, QUIZ, course_files
from tests.steps import steps_of

LIGHT = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
PATHS = sorted(
    [*course_files(), "glossary.md", "ru/course.md", "ru/1-start/90-check.quiz.md", "e.quiz.md"]
)
# What the format is made of, so that a fuzzer meets its branches.
PIECES = st.sampled_from(
    ["---\n", "title: ", "kind: survey\n", "formative", "pool: a#b\n", "feedback:\n  80: x\n",
     "## ", "\n", "\n\n", "- (x) ", "- [ ] ", "= ", "{{", "}}", "{#a", "}", "|", " => ", "> ",
     "  ", "    ", "\t", "```", "```question\n", "1. ", "!!! note\n", "[[", "]]", "![", "](", ")",
     "{", "\\", "±", "..", "5", "true", "Rubric:", ": ", "\r\n", "é", "*", "…", '"', "'", "&a",
     "*a", "!x", "[", "]"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)
BYTES = st.one_of(
    st.binary(max_size=200), TEXTS.map(str.encode), TEXTS.map(lambda text: (QUIZ + text).encode())
)


@LIGHT
@given(st.dictionaries(st.one_of(st.sampled_from(PATHS), st.text(max_size=20)), BYTES, max_size=5))
def test_any_files_give_findings_and_no_exception(changes):
    files = course_files() | changes
    found = check_course(files, "a-course", known=set())
    assert all(one.line >= 1 and one.column >= 1 and one.remedy for one in found)
    assert set(stamp(files)) == set(files)


@LIGHT
@given(TEXTS, st.booleans())
def test_any_text_is_a_question_or_has_a_finding(text, survey):
    made, findings = read_question(text, survey=survey)
    assert made is not None or findings
    if made is not None:
        assert type(made).from_dict(made.as_dict()) == made


@LIGHT
@given(BYTES)
def test_any_quiz_keeps_its_bytes_when_nothing_is_edited(data):
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    if text.count("---") or "\r" in text.replace("\r\n", ""):
        return
    assert replace_body(data, text.removeprefix("\ufeff")) == data
    assert add_ids(add_ids(data)) == add_ids(data)


@LIGHT
@given(st.binary(max_size=300))
def test_any_bytes_are_a_drawing_or_not(data):
    svg_faults(data)


SIZE = 12_000  # by hand also with 199_000, where each takes below two seconds
A_FEW = 1_000  # steps, where the long text costs next to nothing
LONG = {
    "brackets": "[" * 1999 + "\n\n",
    "open braces": "{{",
    "gaps": "{{a}} ",
    "closing brackets": "](",
    "links": "[a](b ",
    "terms": "[[a]] ",
    "backticks": "` `` ``` ",
    "ticks of every length": "".join("`" * n + " " for n in range(1, 600)),
    "fences": "```\n",
    "open fences": "````x\n```\n",
    "quotations": "> > > a\n",
    "lists": "- (x) a\n",
    "nested": "- a\n  - b\n    - c\n",
    "numbers": "1. a\n",
    "keys": "\n= 1",
    "headings": "## a\n",
    "headings with braces": "## a {b} {c}\n",
    "attributes": '## a {#b c="{"\n',
    "underlines": "a\n---\n",
    "tables": "|a|b\n",
    "call-outs": "!!! note\n",
    "definitions": "a\n: b\n",
    "references": "[a]: b\n",
    "emphasis": "a*b\n\n",
    "backslashes": "\\",
    "spaces": " ",
    "one word": "a",
    "sentences": "a. ",
    "quotes": '"',
    "arrows": "- a => b\n",
    "footnotes": "[^a]: b\n\n",
    "open attributes": "a {#b ",
    "pictures": "![](a){.b}\n\n",
    "questions": "## a\n\n- (x) b\n- ( ) c\n\n",
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("start", [LESSON, QUIZ + "\n## Q {#q}\n\n"])
def test_checking_a_long_file_grows_with_its_length(name, start):
    path = "1-start/10-first.md" if start == LESSON else "1-start/90-check.quiz.md"

    def steps(size: int) -> int:
        data = (start + LONG[name] * (size // len(LONG[name])))[:size].encode()
        return steps_of(lambda: check_course(course_files({path: data}), "a-course"))

    bare = steps(len(start))
    assert steps(SIZE) - bare < 3 * (steps(SIZE // 2) - bare) + A_FEW


@pytest.mark.parametrize(
    "front",
    ["[" * 1999, "{a: " * 1000, "a: " * 5_000, "- " * 5_000, '"' * 19_000, "a:\n " * 4_000,
     "".join(f"k{n}: v\n" for n in range(1_500)), "? " * 5_000, "a: |\n" + " b\n" * 6_000,
     "title: " + "a: " * 6_000, "title: " + "x " * 9_000],
)  # fmt: skip
def test_long_front_matter_is_refused_in_few_steps(front):
    data = f"---\ntitle: A\n{front}\n---\n".encode()

    assert steps_of(lambda: read_lesson(data, "1-a/1-b.md")) < 100 * len(data)


def test_reading_a_course_of_many_files_grows_with_their_number():
    def steps(count: int) -> int:
        changes = {f"1-start/{n}-unit-{n}.md": LESSON for n in range(100, 100 + count)}
        return steps_of(lambda: read_course(course_files(changes), "a-course"))

    assert steps(400) < 10 * steps(50)


def test_values_of_a_reading_cannot_be_changed():
    course = read_course(course_files(), "a-course").course
    with pytest.raises(AttributeError):
        course.title = "B"
    assert replace(course, title="B").title == "B"
    assert read_quiz(QUIZ, "1-a/90-b.quiz.md")[0].questions == ()
    assert set_key(b"---\ntitle: A\n---\n", "title", "B") == b"---\ntitle: B\n---\n"
