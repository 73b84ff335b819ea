"""Questions of other systems come in and go out; what is lost is said."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.converters import aiken, gift, gift_writing, moodle_xml
from lms.content.converters.foreign import Kind, NotThisFormat
from lms.content.converters.markup import markdown_of
from lms.content.converters.quiz import NoPlace, foreign_of, question_of
from lms.rules.questions import Marking, Question, Type
from tests.content.strategies import questions

MEET = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
FORMATS = {"gift": (gift.read, gift_writing), "moodle-xml": (moodle_xml.read, moodle_xml)}


def read_one(text: str):
    taken = gift.read(text.encode())
    assert not taken.skipped
    assert len(taken.questions) == 1
    return taken.questions[0]


def shown(foreign) -> list[tuple[str, Fraction, str]]:
    return [(one.text.text, one.fraction, one.feedback.text) for one in foreign.answers]


def test_moodles_own_examples_read_as_moodle_reads_them(cases):
    folder = cases / "questions"
    known = json.loads((folder / "moodle-gift-examples.expected.json").read_text())["questions"]
    taken = gift.read((folder / "moodle-gift-examples.txt").read_bytes())

    assert [one.kind for one in taken.questions] == [one["qtype"] for one in known]
    assert [one.text.text for one in taken.questions] == [one["questiontext"] for one in known]
    assert [one.name for one in taken.questions] == [one["name"] for one in known]
    graded = 0
    for ours, theirs in zip(taken.questions, known, strict=True):
        answers = [float(one.fraction) / 100 for one in ours.answers]
        graded += len(answers)
        if ours.kind is Kind.TRUEFALSE:
            assert answers == [theirs["correctanswer"], 1 - theirs["correctanswer"]]
        elif ours.kind is Kind.MATCH:
            assert [one.right for one in ours.answers] == theirs["subanswers"]
        else:
            assert answers == theirs["fraction"]
            assert [one.feedback.text for one in ours.answers] == [
                one["text"] for one in theirs["feedback"]
            ]
    assert (len(taken.questions), graded, taken.skipped) == (43, 110, ())


def test_the_other_files_of_moodle_read(cases):
    folder = cases / "questions"
    second = gift.read((folder / "moodle-gift-questions.txt").read_bytes())
    assert (len(second.questions), second.skipped) == (9, ())
    assert shown(second.questions[5])[1:] == [
        ("Cat", 50, "What is it with Moodlers and cats?"),
        ("*", 0, "Completely wrong"),
    ]
    assert second.questions[6].general.text.startswith("This is, of course")
    other = aiken.read((folder / "moodle-aiken-questions.txt").read_bytes())
    assert [[one.fraction for one in made.answers] for made in other.questions] == [
        [0, 100, 0, 0],
        [100, 0],
    ]


def test_moodle_xml_gives_the_core_types_and_names_the_others(cases):
    found, skipped = {}, []
    for path in sorted((cases / "questions").glob("*.xml")):
        taken = moodle_xml.read(path.read_bytes())
        found |= {one.kind: [float(a.fraction) for a in one.answers] for one in taken.questions}
        skipped += [one.reason for one in taken.skipped]

    assert found == {
        Kind.DESCRIPTION: [],
        Kind.ESSAY: [],
        Kind.MATCH: [100] * 4,
        Kind.MULTICHOICE: [0, 0, 50, 0, 50],
        Kind.SHORTANSWER: [100, 80, 0],
        Kind.TRUEFALSE: [100, 0],
    }
    assert skipped == [
        "“Imported Drag and drop into text 001”: questions of type gapselect are not taken over",
        "“Imported Select missing words 001”: questions of type gapselect are not taken over",
        "“cloze with images”: questions of type cloze are not taken over",
    ]


@pytest.mark.parametrize(
    "data",
    [
        "::Näme::Größe?{=ja ~nein}".encode("cp1252"),
        "\ufeff::Näme::Größe?{=ja ~nein}\r\n\r\n".encode(),
        "// c\r\r::Näme::Größe?{\r=ja\r~nein}\r".encode(),
        "::Näme::Größe?{=ja ~nein}".encode("utf-16"),
    ],
)
def test_every_old_encoding_and_line_end_is_read(data):
    made = gift.read(data).questions
    assert [(one.name, one.text.text, len(one.answers)) for one in made] == [("Näme", "Größe?", 2)]


def test_escapes_formats_categories_and_general_feedback():
    text = "$CATEGORY: a/b\n\n::A\\:B::[html]Is \\{x\\} \\~ y\\\\z?\\nYes{T#no#yes####All}"
    made = read_one(text)
    assert (made.category, made.name, made.text.format) == ("a/b", "A:B", "html")
    assert made.text.text == "Is {x} ~ y\\z?\nYes"
    assert (shown(made), made.general.text) == ([("true", 100, "yes"), ("false", 0, "no")], "All")


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("#3.141..3.142", [("3.1415", 100, "")]),
        ("#=1:0#yes =%50%1:2 ~#no", [("1", 100, "yes"), ("1", 50, ""), ("*", 0, "no")]),
        ("#-1.5e2:1", [("-1.5e2", 100, "")]),
    ],
)
def test_numbers_have_tolerances_ranges_and_weights(key, answers):
    made = read_one(f"How many?{{{key}}}")
    assert (made.kind, shown(made)) == (Kind.NUMERICAL, answers)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A{ b", "the braces { } do not match"),
        ("A{~b}", "a choice needs two answers or more"),
        ("A{~%x%b =c}", "%x% is no weight between -100 and 100"),
        ("A{#four}", "four is no number, no number:tolerance and no low..high"),
        ("A{=a -> =b -> c}", "a pair of a match is written =left -> right"),
    ],
)
def test_what_cannot_be_read_is_skipped_with_its_line(text, reason):
    taken = gift.read(f"// one\n\n{text}\n\nGood?{{T}}\n".encode())
    assert [(one.line, one.reason) for one in taken.skipped] == [(3, reason)]
    assert [one.text.text for one in taken.questions] == ["Good?"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<quiz>", b"<course/>", b"\x00", b"text", b"<quiz>&a;</quiz>",
        b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>',
        b'<!DOCTYPE quiz SYSTEM "http://x.test/q.dtd"><quiz/>',
        b'<?xml version="1.0" encoding="odd"?><quiz/>',
        b"<quiz>" * 60 + b"</quiz>" * 60,
    ],
)  # fmt: skip
def test_what_is_no_moodle_xml_is_refused(data):
    with pytest.raises(NotThisFormat):
        moodle_xml.read(data)


@pytest.mark.parametrize("data", [b"", b"<?xml version='1.0'?><quiz/>", b"a\x00{}", b"// only"])
def test_what_is_no_gift_is_refused(data):
    with pytest.raises(NotThisFormat):
        gift.read(data)


def test_aiken_says_what_it_leaves_out():
    text = b"One?\nA. a\nB. b\nANSWER: C\n\nTwo?\nA) a\nB) b\nANSWER: B\n\nThree?\nA) a\n"
    taken = aiken.read(text)
    assert [one.text.text for one in taken.questions] == ["Two?"]
    assert [(one.line, one.reason) for one in taken.skipped] == [
        (1, "ANSWER: C names no option"),
        (11, "no ANSWER: follows its options"),
    ]
    assert aiken.write(taken.questions) == b"Two?\nA) a\nB) b\nANSWER: B\n"


def test_files_and_cdata_stay_in_moodle_xml():
    data = b"""<quiz><question type="essay"><name><text>e</text></name>
    <questiontext format="html"><text><![CDATA[<p>Look: <img src="@@PLUGINFILE@@/a.png"></p>]]>
    </text><file name="a.png" encoding="base64">iVBO
    Rw==</file></questiontext></question></quiz>"""
    made = moodle_xml.read(data).questions
    assert [(one.name, one.base64) for one in made[0].files] == [("a.png", "iVBORw==")]
    assert moodle_xml.read(moodle_xml.write(made)).questions == (replace(made[0], line=3),)
    assert question_of(made[0])[1] == ["the form of its text", "the file a.png"]


def test_html_and_plain_text_become_markdown_of_the_same_words():
    made = read_one("[html]<p>Is <b>5&nbsp;&lt; 6</b>?</p><ul><li>a_b</li></ul>{T}")
    assert markdown_of(made.text) == ("Is **5\xa0\\< 6**?\n\n- a\\_b", False)
    assert markdown_of(read_one("# 1 * 2 {=a =b}").text) == ("\\# 1 \\* 2", False)


def test_equal_parts_that_no_decimal_tells_still_come_to_all_points():
    made = read_one("A?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}")
    question, lost = question_of(made)
    assert sum(one.weight or 0 for one in question.options) == 1
    assert (question.marking, lost) == (Marking.WEIGHTS, ["parts of a hundredth of a per cent"])
    net = read_one("A?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}")
    assert question_of(net)[0].marking is Marking.NET


def plain(question: Question) -> Question:
    """Without how its numbers were written."""
    return replace(question, numbers=tuple(replace(one, text="") for one in question.numbers))


def texts(question: Question) -> list[object]:
    """Type, texts and feedback, which no format may change silently."""
    return [
        question.type,
        question.heading,
        question.body,
        question.explanation,
        [(one.text, one.feedback) for one in question.options],
        [one.pattern for one in question.words if one.weight],
        [(one.low, one.high) for one in question.numbers if one.weight],
        [(one.left, one.right) for one in question.pairs],
    ]


@MEET
@given(questions(), st.sampled_from(sorted(FORMATS)))
def test_a_question_goes_out_and_comes_back_or_says_what_it_lost(question, format):
    read, write = FORMATS[format]
    if question.type in (Type.ORDERING, Type.GAPS):
        with pytest.raises(NoPlace):
            foreign_of(question)
        return
    foreign, lost = foreign_of(question)
    lost = lost + write.lost(foreign)
    if write.unfit(foreign):
        assert "->" in str(question)
        return
    taken = read(write.write([foreign]))

    assert (len(taken.questions), taken.skipped) == (1, ())
    assert taken.questions[0].kind is foreign.kind
    back, more = question_of(taken.questions[0])
    assert more == [] or set(more) <= {"parts of a hundredth of a per cent"} | set(lost)
    assert texts(back) == texts(question)
    if not lost and not more:
        assert plain(back) == plain(question)
    again = [one.fraction for one in foreign_of(back)[0].answers]
    if not lost and not more:
        assert again == [one.fraction for one in foreign.answers]


@MEET
@given(st.text(st.sampled_from("ab{}~=#:%->\\n$/[]01.T \n") | st.characters(), max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (gift.read, aiken.read, moodle_xml.read):
        try:
            taken = read(text.encode("utf-8", "replace"))
        except NotThisFormat:
            continue
        json.dumps([one.as_dict() for one in taken.questions])
        sure = [
            one
            for one in taken.questions
            if not (gift_writing.unfit(one) or gift_writing.lost(one))
        ]
        if sure:
            again = gift.read(gift_writing.write(sure)).questions
            assert [(one.kind, shown(one)) for one in again] == [
                (one.kind, shown(one)) for one in sure
            ]
