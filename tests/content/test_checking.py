from textwrap import dedent

from lms.content.checking import check_course
from lms.content.checking import markdown as markdown_checks
from lms.content.structure import Difference
from tests.content.helpers import LESSON, QUESTION, QUIZ, course_files

PATH = "1-start/10-first.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
LESSON_OF_ALL_CONSTRUCTS = r"""
Opium from [[Afghanistan]] reaches markets, and [[precursors|precursor]] go the other way.
See [the next lesson](#northern), [the check](90-check.quiz.md), [the paper](media/paper.pdf),
[UNODC](https://www.unodc.org/x_(y)?a=b#c) or [write](mailto:a@example.org) to us[^1].
A list right under a paragraph:
- with an item
  - and one below it
    1. and a number

[^1]: A note with `[[code]]` in it.

## Routes {#northern}

| Year | Opium |
|------|------:|
| 2024 | 433 t |

!!! case "What happened"
    A call-out with **bold** text.

    - and a list
      with a second line

??? "Show the answer"
    It is open now.

![Three routes on a map](media/routes.svg "The routes. Credit: UNODC 2024")

![](media/routes.svg){.decorative}

![Interview, 4 min](media/talk.mp4){transcript=media/talk.md captions=media/talk.vtt}

### Steps

```steps
1. Stop.
2. Look.
```

```question
Which one? {points=2}

- (x) This
  > Right: article 12.
- ( ) That

> Because.
```

```python
- [ ] not a question [[not a term]] ![](not/a/picture) {.nothing}
```

Term
:   A definition here.

- [ ] a task
- [x] a task done

Raw \[[text]] and {braces} and `{.code}` and a set {a, b}.

*[INCB]: International Narcotics Control Board
"""


def findings(changes):
    return [str(one) for one in check_course(course_files(changes), "a-course")]


def test_a_lesson_of_the_formats_own_constructs_has_no_findings():
    assert (
        findings(
            {
                PATH: LESSON + LESSON_OF_ALL_CONSTRUCTS,
                "glossary.md": "afghanistan\n:   A State.\n\nPrecursor\n:   A chemical.\n",
                "media/routes.svg": SVG,
                "media/talk.mp4": "x",
                "media/talk.md": "What was said.",
                "media/talk.vtt": "WEBVTT",
                "media/paper.pdf": "x",
            }
        )
        == []
    )


def test_a_quiz_of_the_formats_own_constructs_has_no_findings():
    text = dedent(r"""
        A few questions on [[Term]].

        ## First {#one points=1/2 tags="a, b"}

        ![A map](media/a.svg)

        | a | b |
        |---|---|
        | 1 | 2 |

        ### A heading inside

        - [x] one {pin}
          > See [the lesson](10-first.md#northern).
        - [ ] two {was="three {and} more"}

        ## Second {#two}

        Article {{12}} of the {{1988|1971}} Convention, `{{x}}`.

        > Explained.

        ## Third {#three}

        = 19 ± 0.6 t | tonnes
        = 20 t {50%}
    """)
    changes = {
        PATH: LESSON + "## North {#northern}\n",
        "1-start/90-check.quiz.md": QUIZ + text,
        "glossary.md": "Term\n:   A word.\n",
        "media/a.svg": SVG,
    }
    assert findings(changes) == []


def test_a_difference_between_two_readers_of_markdown_is_a_warning(monkeypatch):
    def differences(markdown):
        index = markdown.split("\n").index("differs") if "differs" in markdown else -1
        return [Difference(index + 1, "list", "is read as a list", "part it")] if index >= 0 else []

    monkeypatch.setattr(markdown_checks, "differences", differences)
    changes = {
        PATH: LESSON + "\nText.\n\ndiffers\n",
        "1-start/90-check.quiz.md": QUIZ + "\n## Q {#q}\n\nText.\n\ndiffers\n\n- (x) a\n- ( ) b\n",
    }
    assert findings(changes) == [
        "1-start/10-first.md:7:1: warning: is read as a list; part it",
        "1-start/90-check.quiz.md:10:1: warning: is read as a list; part it",
    ]


def test_a_link_to_a_heading_may_name_it_in_any_script():
    changes = {
        PATH: LESSON + "## Северный путь\n\n[a](#северный-путь) [b](10-first.md#Северный-путь)\n",
        "1-start/20-second.md": LESSON + "[c](10-first.md#h-none)\n",
    }
    assert [line.split(":")[0] for line in findings(changes)] == ["1-start/20-second.md"]


def test_a_translated_lesson_may_link_to_what_is_not_translated():
    changes = {
        f"ru/{PATH}": "---\ntitle: А\nsource: x\n---\n[a](90-check.quiz.md) ![b](media/a.svg)\n",
        "ru/media/a.svg": SVG,
    }
    assert [line.split(": ")[1] for line in findings(changes)] == ["warning"]


def test_a_question_in_a_lesson_is_read_like_one_of_a_quiz():
    (line,) = findings({PATH: LESSON + "Text.\n\n```question\nWhich?\n\n- ( ) a\n- ( ) b\n```\n"})
    assert line.startswith(f"{PATH}:7:1: error: no option is marked right")


def test_findings_are_sorted_by_path_and_line():
    changes = {
        PATH: LESSON + "## A {.b}\n\n[x](y.md) [[z]]\n",
        "course.md": "---\ntitle: A\nhours: x\n---\n[x](y.md)\n",
        "1-start/90-check.quiz.md": QUIZ + QUESTION + "\n## Two\n\n= b\n",
    }
    found = check_course(course_files(changes), "a-course")
    assert [(one.path, one.line) for one in found] == sorted((one.path, one.line) for one in found)
    assert len(found) == 6
