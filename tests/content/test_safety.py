"""Nothing an author writes leaves the closed list of tags, attributes, classes and addresses."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.content.page import Page
from lms.content.rendering import (
    Media,
    Surroundings,
    TooMuch,
    render,
    render_inline,
    render_stem,
)
from lms.content.sanitizing import ATTRIBUTES, CLASSES, TAGS, VALUES, put_back, sanitize
from tests.content.lessons import lessons

COURSE = Surroundings(
    course="x",
    media={
        "media/x.svg": Media("/m/x.svg", 3, 2),
        "media/x.mp4": Media("/m/x.mp4"),
        "media/x.md": Media("/m/x.md"),
        "media/x.vtt": Media("/m/x.vtt"),
    },
    terms={"x": "x"},
    links={"20-a.md": "/a"},
)
OWN = {"/m/x.svg", "/m/x.mp4", "/m/x.md", "/m/x.vtt", "/a", "/courses/x/glossary#x"}
ICON = {"svg": {"class", "viewbox", "aria-hidden"}, "path": {"d"}}
PLACE = re.compile(r"#(h-[\w-]+|fn-\d+|ref-\d+(-\d+)?)\Z")
FOREIGN = re.compile(r"(https?://|mailto:)[^\s\"<>]+\Z", re.IGNORECASE)


class Checker(HTMLParser):
    """Reads HTML as a browser's rules have it and keeps what is not on the closed list."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[object] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in ICON:
            if not {name for name, _ in attrs} <= ICON[tag]:
                self.wrong.append((tag, attrs))
            return
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if not self.fits(tag, name, value or ""):
                self.wrong.append((tag, name, value))
        if len({name for name, _ in attrs}) < len(attrs):
            self.wrong.append((tag, "an attribute twice"))

    def fits(self, tag, name, value):
        if name == "class":
            return set(value.split()) <= CLASSES.get(tag, frozenset())
        if name == "href":
            own = value.partition("#")[0] in OWN and value not in OWN
            return value in OWN or bool(PLACE.match(value) or FOREIGN.match(value)) or own
        if name == "src":
            return value in OWN
        if name == "id":
            self.ids.append(value)
            return bool(PLACE.match("#" + value))
        if name in VALUES.get(tag, {}):
            return value in VALUES[tag][name]
        return name in ATTRIBUTES.get(tag, frozenset())

    def handle_comment(self, data):
        self.wrong.append(("comment", data))

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html: str) -> None:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.wrong == []
    assert len(checker.ids) == len(set(checker.ids))


_PIECES = (
    "- |1. |> |    |  |\n|\n\n|a|b c|# |---|===|```|~~~|`|*|**|_|[|](|]|)|![|<|>|\"|'|&|;|:|\\|"
    "javascript:|data:text/html,|//h|https://a.b/|media/x.svg|media/x.mp4|20-a.md|#a|[[x]]|[[|"
    '{{1}}|{.decorative}|{onclick=a|}|!!! note |??? |"t"|[^1]|[^1]: |*[ab]: |ab|: |<script>|'
    "<img src=x onerror=a>|</p>|<br>|<sub>|</sub>|<!--|-->|&lt;|&#106;|&colon;|```question|"
    '```steps|- (x) |= 5|> |{#a}|{#"a"}|\u202e|\x00|\x02klzzwxh:0000\x03|\ufdd20\ufdd3|'
    "\ufdd00\ufdd1|\t|\r|é|я"
)
PIECES = st.sampled_from(_PIECES.split("|"))
SOUP = st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
@example("[a](\x02klzzwxh:0000\x03)*b*")
@example("\x0242\x03 \ufdd20\ufdd3 !!! note")
@example("![a](media/x.mp4){transcript=media/x.md captions=media/x.vtt}")
def test_any_text_gives_html_of_the_closed_list_only(text):
    try:
        rendered = render(text, COURSE)
    except TooMuch:
        return
    check(rendered.html)
    check(render_inline(text, COURSE).html)
    assert render(text, COURSE) == rendered


@settings(max_examples=150, deadline=None)
@given(SOUP)
def test_a_gap_is_put_in_at_most_once_whatever_surrounds_it(text):
    field = "<i>the field</i>"
    try:
        found = render_stem(text, COURSE, [field]).html
    except TooMuch:
        return
    assert found.count(field) <= 1
    check(found.replace(field, ""))


def test_ordinary_lessons_give_html_of_the_closed_list_only():
    for lesson in lessons(40, seed=7):
        check(render(lesson, COURSE).html)


def test_what_was_sanitized_stays_as_it_is():
    page = Page(COURSE)
    page.issued |= OWN | {"/x.svg"}
    for lesson in lessons(20, seed=3):
        once = sanitize(render(lesson, COURSE).html, page)
        assert sanitize(once, page) == once


SPELLINGS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&#x3A;alert(1)",
    "javascript\\:alert(1)",
    "javascript%3Aalert(1)",
    "<javascript:alert(1)>",
    "jav&Tab;ascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://a.b/c",
    "file:///etc/passwd",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example\\x",
    "/&#47;evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http://a@evil.example\\@osce.org",
    "https://osce.org@evil.example/",
    "view-source:https://a.b",
    "#",
]


@pytest.mark.parametrize("address", SPELLINGS)
def test_a_link_that_may_not_lead_there_is_text(address):
    for written in (f"[a]({address})", f"[a](<{address}>)", f"[a]\n\n[a]: {address}"):
        assert "href" not in render(written, COURSE).html.replace("&lt;", "")
    assert "href" not in render(f"<{address}>", COURSE).html


@pytest.mark.parametrize("address", [*SPELLINGS, "https://a.b/x.png", "../x.png", "media/../x.svg"])
def test_a_picture_from_elsewhere_is_never_asked_for(address):
    found = render(f"![a]({address})\n\n![a][b]\n\n[b]: {address}", COURSE).html
    assert "src" not in re.sub(r"&lt;.*", "", found)


def test_a_resolver_never_sees_another_host():
    asked = []
    around = Surroundings(links=lambda path: asked.append(path))
    for address in SPELLINGS:
        render(f"[a]({address})\n\n[a](<{address}>)", around)
    assert not [path for path in asked if re.match(r"[\\/]{2}|\w+:", path)]


@pytest.mark.parametrize(
    "written",
    [
        "## A {onclick=alert(1)}",
        "![a](media/x.svg){onerror=alert(1)}",
        "![a](media/x.svg){.decorative style=x}",
        "![a](media/x.svg){#id}",
        "[a](20-a.md){target=_blank}",
        "text {: .hide }",
        "| a |{.x}\n|---|\n| b |",
        "```js {onload=x}\n```",
        '```"><script>\n```',
        '[a](20-a.md "\\" onclick=\\"x")',
        '!!! note "<script>" onclick=x\n    a',
        '![" onerror="x](media/x.svg "\\" onload=\\"y")',
        '[[x" onclick="y|x]]',
        '*[ab]: " onclick="x\n\nab',
    ],
)
def test_attributes_are_a_closed_set(written):
    check(render(written, COURSE).html)


def test_a_trusted_mark_written_by_an_author_is_nothing():
    assert render("\ufdd20\ufdd3 a\n\n!!! note\n    \ufdd20\ufdd3").html.count("<svg") == 1
    assert put_back(
        '<p title="\ufdd20\ufdd3">\ufdd20\ufdd3\ufdd20\ufdd3\ufdd29\ufdd3</p>', ["<b>"]
    ) == ('<p title=""><b></p>')


def test_an_engine_mark_written_by_an_author_is_nothing():
    assert render("*a* \x02klzzwxh:0000\x03 \x0260\x03script>").html == (
        "<p><em>a</em> klzzwxh:0000 60script&gt;</p>"
    )


def test_ids_are_one_each_over_headings_and_notes():
    written = "## fn-1\n\n## ref-1\n\na[^1] b[^1]\n\n[^1]: c\n\n## A {#a}\n\n## B {#a}"
    check(render(written).html)


# limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("x\n" + "\n".join("  " * depth + "- a" for depth in range(60)), 52),
        ("x\n\n" + ">" * 60 + " a", 3),
        ("1. " * 60 + "a", 1),
        ("\n".join("    " * depth + "!!! note" for depth in range(60)), 51),
        ("a\n\n" + "[" * 2001, 3),
        ("a\n" + "*b\n" * 2001, 2002),
        ("<a " * 2001, 1),
        ("a\n\n" + "*a _b " * 60 + "b_ a* " * 60, 3),
        ("a\n" * 100_001, 100_001),
    ],
)
def test_what_goes_over_a_limit_is_refused_with_its_line(markdown, line):
    with pytest.raises(TooMuch) as refused:
        render(markdown)
    assert refused.value.line == line
    assert isinstance(refused.value, ValueError)


def test_nesting_counts_through_the_fences_that_hold_markdown():
    inner = "\n".join("  " * depth + "- a" for depth in range(45))
    outer = "\n".join("    " * depth + "!!! note" for depth in range(8))
    fence = "\n".join(" " * 32 + line for line in ["```question", "q", *inner.split("\n"), "```"])
    with pytest.raises(TooMuch):
        render(f"{outer}\n{fence}")


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 2000,
        "![" * 2000,
        "[a](b " * 2000,
        "<a " * 2000,
        "*" * 2000,
        "*a **b " * 600,
        "_" * 50_000,
        "`" * 50_000,
        "`a" * 50_000,
        "- a\n" * 20_000,
        "# a\n" * 20_000,
        "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|b" * 2000,
        "[a]: b\n\n" * 20_000,
        "[^1]: a\n\n" * 10_000,
        "*[A]: b\n\n" * 10_000 + "\nA",
        "\\\n" * 50_000,
        "&a" * 50_000,
        "[a](" + "(" * 100_000,
    ],
)
def test_the_largest_that_is_allowed_is_rendered(markdown):
    check(render(markdown).html)
