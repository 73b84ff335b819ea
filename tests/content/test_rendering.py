"""Text, headings, lists, links, tables and code: the Markdown of every day."""

import pytest

from lms.content.rendering import (
    Heading,
    Rendered,
    render,
    render_inline,
)
from tests.content.course import COURSE, html


def test_text_alone_needs_no_surroundings():
    assert render("Plain *words*.") == Rendered("<p>Plain <em>words</em>.</p>", words=2)
    assert render("") == Rendered("")


def test_a_page_has_its_title_elsewhere_so_headings_begin_at_level_two():
    assert html("# One") == '<h2 id="h-one">One</h2>'
    assert html("## Two\n\n### Three") == '<h2 id="h-two">Two</h2><h3 id="h-three">Three</h3>'
    assert html("Under\n===") == '<h2 id="h-under">Under</h2>'


def test_headings_are_listed_with_their_ids():
    found = render("## The *northern* route {#northern}\n\n#### Deep\n\n> ## quoted").headings
    assert found == (
        Heading(2, "h-northern", "The northern route"),
        Heading(4, "h-deep", "Deep"),
    )


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("## Северный маршрут", "h-северный-маршрут"),
        ("## مسیر شمالی", "h-مسیر-شمالی"),
        ("## پیش‌ساز {#پیش‌ساز}", "h-پیشساز"),
        ("## हिन्दी", "h-हिन्दी"),
        ("## ???", "h-part"),
        ("## Name {#Mixed_Case}", "h-mixed_case"),
    ],
)
def test_anchors_of_every_script_keep_their_letters(heading, anchor):
    assert [one.id for one in render(heading).headings] == [anchor]


def test_a_link_finds_the_anchor_of_its_heading():
    assert html("[up](#Северный)\n\n## Северный") == (
        '<p><a href="#h-северный">up</a></p><h2 id="h-северный">Северный</h2>'
    )


def test_equal_headings_get_different_ids():
    assert [one.id for one in render("## A\n\n## A\n\n## A").headings] == ["h-a", "h-a-2", "h-a-3"]


def test_other_attributes_of_a_heading_are_text():
    assert html("## A {onclick=x}") == '<h2 id="h-a-onclick-x">A {onclick=x}</h2>'
    assert html("## A {.big}") == '<h2 id="h-a-big">A {.big}</h2>'


def test_lists_nest_by_two_spaces_and_stand_right_under_a_paragraph():
    assert html("Text\n- a\n  - b\n    1. c\n- d") == (
        "<p>Text</p><ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>"
    )


def test_a_list_with_empty_lines_holds_paragraphs():
    assert html("3. a\n\n4. b") == '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'


def test_a_task_list_has_boxes_that_cannot_be_changed():
    assert html("- [ ] pack\n- [x] leave") == (
        '<ul><li class="task"><input aria-label="To do" disabled="" type="checkbox"> pack</li>'
        '<li class="task"><input aria-label="Done" checked="" disabled="" type="checkbox"> leave'
        "</li></ul>"
    )


def test_a_table_scrolls_has_a_name_and_scopes():
    assert html("## Compare\n\n| Item | Look |\n|---|--:|\n| Route | `a|b` \\| c |\n| x |") == (
        '<h2 id="h-compare">Compare</h2>'
        '<div aria-label="Compare" class="scroll" role="region" tabindex="0"><table>'
        '<thead><tr><th scope="col">Item</th><th class="end" scope="col">Look</th></tr></thead>'
        '<tbody><tr><th scope="row">Route</th><td class="end"><code>a|b</code> | c</td></tr>'
        '<tr><th scope="row">x</th><td class="end"></td></tr></tbody></table></div>'
    )


def test_two_tables_have_two_names():
    table = "\n\n|a|b|\n|-|:-:|\n|1|2|"
    found = html("## X" + table + table)
    assert 'aria-label="X"' in found
    assert 'aria-label="X (2)"' in found
    assert 'class="centre"' in found


def test_links_lead_to_lessons_files_and_the_web():
    assert html("[a](20-stocks.md) [b](../2-routes/10-x.md#northern) [c](media/form.pdf)") == (
        '<p><a href="/courses/afghan-opiates/market/stocks">a</a> '
        '<a href="/courses/afghan-opiates/routes/x#h-northern">b</a> '
        '<a href="/media/03/form.pdf">c</a></p>'
    )
    assert html("<https://osce.org/a?b=1&c> <mail@osce.org>") == (
        '<p><a href="https://osce.org/a?b=1&amp;c" rel="noopener noreferrer">'
        "https://osce.org/a?b=1&amp;c</a> "
        '<a href="mailto:mail@osce.org" rel="noopener noreferrer">mail@osce.org</a></p>'
    )


def test_a_link_that_leads_nowhere_is_its_text():
    assert html("[a *b*](30-none.md)") == "<p>a <em>b</em></p>"


def test_raw_html_is_text():
    assert html("<div>\n*x*\n</div>") == "<p>&lt;div&gt;\n<em>x</em>\n&lt;/div&gt;</p>"
    assert html("a <b>c</b> &lt;") == "<p>a &lt;b&gt;c&lt;/b&gt; &lt;</p>"


def test_breaks_and_scripts_are_the_only_html():
    assert html("a<br>b<br/>c H<sub>2</sub>O m<sup>2</sup>") == (
        "<p>a<br>b<br>c H<sub>2</sub>O m<sup>2</sup></p>"
    )
    assert html("<sub onclick=x>a</sub>") == "<p>&lt;sub onclick=x&gt;a&lt;/sub&gt;</p>"


def test_code_shows_what_was_written():
    assert html("```py onclick=x\na < b & c\n```") == "<pre><code>a &lt; b &amp; c\n</code></pre>"


def test_an_option_is_rendered_without_blocks():
    assert render_inline("- a *b* [[precursor]]\n\n# c", COURSE).html == (
        '- a <em>b</em> <a class="term" href="/courses/afghan-opiates/glossary#precursor">'
        "precursor</a> # c"
    )


def test_braces_in_a_lesson_are_text():
    assert html("{{1}}") == "<p>{{1}}</p>"
