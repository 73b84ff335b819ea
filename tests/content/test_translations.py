from fractions import Fraction
from textwrap import dedent

import pytest

from lms.content.reading import read_course
from lms.content.translations import in_language, stamp_of
from lms.rules.questions import Gap, Scale
from tests.content.helpers import LESSON, QUIZ, course_files

QUIZ_PATH = "1-start/90-check.quiz.md"
SOURCE = QUIZ + dedent("""
    ## Which? {#a points=2 objective=LO1}

    - (x) This {pin}
      > Right.
    - ( ) That

    > Explained.

    ## How much? {#b}

    = 19 t

    ## Fill in {#c}

    The {{one}} and {{two|three}}.

    ## Who? {#d}

    - Ann => here
    - Ben => there
    - => here
""")
TRANSLATED = dedent("""\
    ---
    title: Проверка
    source: {stamp}
    ---
    Начало.

    ## Какой? {{#a}}

    - (x) Этот
    - ( ) Тот

    ## Сколько? {{#b}}

    = 19 т

    ## Заполните {{#c}}

    Слова {{{{один}}}} и {{{{два|три}}}}.

    ## Кто? {{#d}}

    - Анна => тут
    - Борис => там
    - => тут
""").format(stamp=stamp_of(SOURCE.encode()))


def read(changes):
    return read_course(course_files({QUIZ_PATH: SOURCE, **changes}), "a-course")


def faults(text):
    found = read({f"ru/{QUIZ_PATH}": text}).findings
    return [one.rule for one in found if one.path.startswith("ru/")]


def test_a_translated_quiz_has_its_texts_and_the_marks_of_the_source():
    reading = read({f"ru/{QUIZ_PATH}": TRANSLATED})
    assert [str(one) for one in reading.findings] == []
    made = in_language(reading.course, "ru").unit("start/check")
    assert (made.title, made.intro) == ("Проверка", "Начало.")
    which, much, gaps, who = made.questions
    assert (which.heading, which.points, which.objective) == ("Какой?", 2, "LO1")
    assert [(one.text, one.right, one.pin) for one in which.options] == [
        ("Этот", True, True),
        ("Тот", False, False),
    ]
    assert which.options[0].feedback == "Right."
    assert which.explanation == "Explained."
    assert [one.units for one in much.numbers] == [("т",), ("t",)]
    assert gaps.gaps == (
        Gap(texts=("один", "one")),
        Gap(texts=("два", "три"), listed=True),
    )
    assert who.pairs[0].right == "тут"


def test_a_source_that_has_changed_makes_the_translation_out_of_date():
    reading = read({f"ru/{QUIZ_PATH}": TRANSLATED, QUIZ_PATH: SOURCE + "\n"})
    assert reading.course.translations["ru"].outdated == {f"ru/{QUIZ_PATH}"}
    assert [one.rule for one in reading.findings] == ["stale-translation"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{#a}", "{#z}"),
        ("- (x) Этот\n- ( ) Тот", "- ( ) Этот\n- (x) Тот"),
        ("- ( ) Тот", "- ( ) Тот\n- ( ) Иной"),
        ("= 19 т", "= слово"),
        ("- => тут", "- => нигде"),
        ("{{два|три}}", "{{=два|три}}"),
        ("{{два|три}}", "{{два|три|пять}}"),
        ("## Сколько? {#b}\n\n= 19 т\n\n", ""),
    ],
)
def test_what_does_not_agree_with_the_source_is_an_error(old, new):
    assert old in TRANSLATED
    assert "translation" in faults(TRANSLATED.replace(old, new))


def test_questions_in_another_order_are_an_error():
    first = TRANSLATED.index("## Какой?")
    second = TRANSLATED.index("## Сколько?")
    third = TRANSLATED.index("## Заполните")
    swapped = (
        TRANSLATED[:first]
        + TRANSLATED[second:third]
        + TRANSLATED[first:second]
        + TRANSLATED[third:]
    )
    assert faults(swapped) == ["translation"]


def test_front_matter_of_a_translation_holds_texts_only():
    assert faults(TRANSLATED.replace("title:", "pass_mark: 3\ntitle:")) == ["unknown-key"]


def test_what_is_not_translated_falls_back():
    reading = read({"ru/1-start/10-first.md": "---\ntitle: Урок\nsource: x\n---\nТекст.\n"})
    course = in_language(reading.course, "ru")
    assert course.title == "A course"
    assert course.unit("start/first").title == "Урок"
    assert course.unit("start/first").body == "Текст."
    assert course.unit("start/check").title == "A check"
    assert set(reading.course.translations["ru"].units) == {"start/first"}


def test_a_translated_course_keeps_its_rules():
    source = "---\ntitle: A\nsummary: B\nhours: 1.5\nobjectives: {LO1: One, LO2: Two}\n---\nText.\n"
    russian = (
        f"---\ntitle: К\nobjectives: {{LO1: Один}}\nsource: {stamp_of(source.encode())}\n---\n"
    )
    glossary = "Слово\n:   Значение.\n"
    reading = read_course(
        course_files(
            {
                "course.md": source,
                "ru/course.md": russian,
                "glossary.md": "Word\n:   Meaning.\n",
                "ru/glossary.md": f"---\nsource: {stamp_of(b'x')}\n---\n{glossary}",
                "ru/1-start/module.md": "---\ntitle: Модуль\nsource: x\n---\nО модуле.\n",
            }
        ),
        "a-course",
    )
    course = in_language(reading.course, "ru")
    assert (course.title, course.summary, course.hours) == ("К", "B", Fraction(3, 2))
    assert course.objectives == {"LO1": "Один", "LO2": "Two"}
    assert course.glossary == {"Word": "Meaning.", "Слово": "Значение."}
    assert course.body == "Text."
    assert (course.modules[0].title, course.modules[0].body) == ("Модуль", "О модуле.")
    with pytest.raises(KeyError):
        in_language(course, "fr")


def test_the_labels_of_a_scale_are_translated_and_its_points_are_not():
    survey = "---\ntitle: E\nkind: survey\n---\n\n## Useful? {#u}\n\n"
    changes = {
        "e.quiz.md": survey + '= 1..5 "no" "fully"\n',
        "ru/e.quiz.md": '---\ntitle: О\n---\n\n## Польза? {#u}\n\n= 1..5 "нет" "да"\n',
        "fr/e.quiz.md": '---\ntitle: É\n---\n\n## Utile? {#u}\n\n= 1..4 "non" "oui"\n',
    }
    reading = read(changes)
    (question,) = in_language(reading.course, "ru").unit("e").questions
    assert question.scale == Scale(low=1, high=5, low_label="нет", high_label="да")
    assert [one.path for one in reading.findings if one.rule == "translation"] == ["fr/e.quiz.md"]


def test_a_file_that_translates_nothing_is_unknown():
    found = read({"ru/1-start/20-none.md": LESSON}).findings
    assert [(one.rule, one.path) for one in found] == [("unknown-file", "ru/1-start/20-none.md")]
