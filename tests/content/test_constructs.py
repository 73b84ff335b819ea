"""Every construct that the course format adds, as the HTML that officers get."""

import pytest

from lms.content.rendering import (
    Surroundings,
    render,
    render_stem,
)
from tests.content.course import COURSE, html


@pytest.mark.parametrize(
    ("written", "css", "title"),
    [
        ("note", "note", "Note"),
        ('note "In practice"', "note", '<span class="hide">Note: </span>In practice'),
        ("tip", "note ok", "Tip"),
        ('warning "your safety"', "note bad", "Warning: your safety"),
        ('warning "Warning: stop"', "note bad", "Warning: stop"),
        ('example "A *bus*"', "note info", "Example: A <em>bus</em>"),
        ("case", "note info", "Case"),
        ('law "Article 12"', "note info", "Law: Article 12"),
    ],
)
def test_a_call_out_says_its_kind_by_icon_and_word(written, css, title):
    assert html(f"!!! {written}\n    Text.") == (
        f'<div class="{css}"><h3><svg></svg>{title}</h3><p>Text.</p></div>'.replace(
            "<svg></svg>", "<svg/>"
        )
    )


def test_every_call_out_has_an_icon_of_its_own():
    kinds = ("note", "warning", "tip", "example", "case", "law")
    icons = {
        render(f"!!! {kind}\n    x").html.split("</svg>")[0].split("<svg")[1] for kind in kinds
    }
    assert len(icons) == 6


def test_an_unknown_call_out_is_text():
    assert html("!!! danger\n\nText") == "<p>!!! danger</p><p>Text</p>"


def test_a_call_out_holds_lists_tables_and_call_outs():
    found = html(
        "- item\n\n"
        "  !!! tip\n"
        "      - a\n"
        "        - b\n\n"
        "      | x | y |\n"
        "      |---|---|\n"
        "      | 1 | 2 |\n\n"
        "      !!! law\n"
        "          inner\n\n"
        "after"
    )
    assert found == (
        '<ul><li><p>item</p><div class="note ok"><h3><svg/>Tip</h3>'
        "<ul><li>a<ul><li>b</li></ul></li></ul>"
        '<div aria-label="Table" class="scroll" role="region" tabindex="0"><table>'
        '<thead><tr><th scope="col">x</th><th scope="col">y</th></tr></thead>'
        '<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table></div>'
        '<div class="note info"><h3><svg/>Law</h3><p>inner</p></div></div></li></ul><p>after</p>'
    )


def test_text_that_is_not_indented_ends_a_call_out():
    assert html("!!! note\n    in\nout") == (
        '<div class="note"><h3><svg/>Note</h3><p>in</p></div><p>out</p>'
    )


def test_a_part_opens_on_demand():
    assert html('??? "What is *first*?"\n    Ask.\n\n    - a') == (
        '<details class="card check"><summary>What is <em>first</em>?</summary>'
        "<p>Ask.</p><ul><li>a</li></ul></details>"
    )
    assert html("???\n    x").startswith('<details class="card check"><summary>Show more<')


def test_a_captioned_picture_alone_is_a_figure():
    assert html('![Three routes](media/routes.svg "Routes. Credit: UNODC 2024")') == (
        '<figure class="stack stack-s"><img alt="Three routes" height="360" loading="lazy" '
        'src="/media/ab/routes.svg" width="640">'
        '<figcaption class="muted">Routes. Credit: UNODC 2024</figcaption></figure>'
    )


def test_a_picture_in_a_line_stays_there():
    assert html('See ![Map](media/routes.svg "T").') == (
        '<p>See <img alt="Map" height="360" loading="lazy" src="/media/ab/routes.svg" '
        'title="T" width="640">.</p>'
    )


def test_a_decorative_picture_is_silent():
    found = html("![Line](media/routes.svg){.decorative}")
    assert 'alt=""' in found
    assert "decorative" not in found


def test_other_attributes_of_a_picture_are_text():
    found = html("![Map](media/routes.svg){.decorative onerror=alert(1)}")
    assert found.endswith(">{.decorative onerror=alert(1)}</p>")
    assert "onerror" not in found.split(">{")[0]


def test_a_picture_from_elsewhere_becomes_its_words():
    for address in ("media/none.svg", "https://a.org/x.png", "//a.org/x.png", "data:image/png,x"):
        assert html(f"![The map]({address})") == '<p><span class="missing">The map</span></p>'


def test_a_film_is_a_player_with_captions_and_transcript():
    written = "{transcript=media/interview.md captions=media/interview.vtt}"
    assert html(f"![Interview, 4 min](media/interview.mp4){written}") == (
        '<figure class="stack stack-s"><video aria-label="Interview, 4 min" controls="" '
        'height="720" preload="none" src="/media/cd/interview.mp4" width="1280">'
        '<track default="" kind="captions" label="Captions" src="/media/02/interview.vtt" '
        'srclang="en"></video><figcaption class="muted">Interview, 4 min. '
        '<a href="/media/01/interview.md">Transcript</a></figcaption></figure>'
    )


def test_sound_is_a_player_too():
    assert html('![A call](media/call.mp3 "The call."){transcript=media/interview.md}') == (
        '<figure class="stack stack-s"><audio aria-label="A call" controls="" preload="none" '
        'src="/media/ef/call.mp3"></audio><figcaption class="muted">The call. '
        '<a href="/media/01/interview.md">Transcript</a></figcaption></figure>'
    )


def test_a_term_leads_into_the_glossary():
    found = render("A [[precursor]], [[precursors|precursor]] and [[hawala]].", COURSE)
    address = "/courses/afghan-opiates/glossary#"
    assert found.html == (
        f'<p>A <a class="term" href="{address}precursor">precursor</a>, '
        f'<a class="term" href="{address}precursor">precursors</a> and '
        f'<a class="term" href="{address}hawala">hawala</a>.</p>'
    )
    assert found.terms == ("precursor", "hawala")


def test_an_unknown_term_is_text_and_is_named():
    found = render("An [[alias|unknown word]].", COURSE)
    assert (found.html, found.terms) == ("<p>An alias.</p>", ("unknown word",))


def test_a_term_in_a_table_does_not_part_its_cells():
    assert '<th scope="row"><a class="term"' in html("|a|b|\n|-|-|\n|[[x|precursor]]|2|")


@pytest.mark.parametrize("code", ["`[[x]]`", "``a ` [[x]]``", "    [[x]]", "```\n[[x]]\n```"])
def test_a_term_in_code_stays_as_written(code):
    found = render(code, COURSE)
    assert "[[x]]" in found.html
    assert not found.terms


def test_a_term_with_a_backslash_is_text():
    assert html(r"\[[precursor]]") == "<p>[[precursor]]</p>"


def test_a_term_in_a_picture_or_a_link_is_words():
    assert 'alt="a precursor"' in html("![a [[precursor]]](media/routes.svg)")
    assert html("[see [[precursor]]](20-stocks.md)") == (
        '<p><a href="/courses/afghan-opiates/market/stocks">see precursor</a></p>'
    )


def test_steps_are_a_row_of_steps():
    assert html("```steps\n1. **Stop** the car\n2. **Look** inside\n```") == (
        '<ol class="flow"><li><b>Stop</b>the car</li><li><b>Look</b>inside</li></ol>'
    )


def test_a_self_check_asks_and_keeps_its_answer_folded():
    written = (
        "```question\nWhich is *right*? {#q1 points=2}\n\nRead first.\n\n"
        "- (x) The **first**\n  > Because.\n- ( ) The second\n  > No.\n- ( ) The third\n\n"
        "> Article 12.\n```"
    )
    assert html(written) == (
        '<div class="card stack" role="group"><p class="strong">Which is <em>right</em>?</p>'
        "<p>Read first.</p><ul><li>The <strong>first</strong></li><li>The second</li>"
        '<li>The third</li></ul><details class="check"><summary>Show the answer</summary>'
        '<div class="answer ok"><svg/><span>The <strong>first</strong><em>Correct. Because.</em>'
        '</span></div><div class="answer bad"><svg/><span>The second<em>Not correct. No.</em>'
        "</span></div><p>Article 12.</p></details></div>"
    )


def test_a_typed_self_check_shows_its_answers_folded():
    assert html("```question\nHow much?\n\n= 10200 ± 200 ha\n\n> In 2025.\n```") == (
        '<div class="card stack" role="group"><p class="strong">How much?</p>'
        '<details class="check"><summary>Show the answer</summary>'
        "<p>Correct answer: 10200 ± 200 ha</p><p>In 2025.</p></details></div>"
    )


def test_footnotes_are_numbered_as_they_are_called():
    assert html("B[^b] A[^a] B[^b].\n\n[^a]: First\n    more.\n[^b]: Second.\n[^c]: Unused.") == (
        '<p>B<sup class="ref"><a href="#fn-1" id="ref-1">1</a></sup> '
        'A<sup class="ref"><a href="#fn-2" id="ref-2">2</a></sup> '
        'B<sup class="ref"><a href="#fn-1" id="ref-1-2">1</a></sup>.</p>'
        '<section aria-label="Notes" class="footnotes small"><ol><li id="fn-1"><p>Second. '
        '<a aria-label="Back to the text" class="back" href="#ref-1">↩</a> '
        '<a aria-label="Back to the text" class="back" href="#ref-1-2">↩</a></p></li>'
        '<li id="fn-2"><p>First\nmore. '
        '<a aria-label="Back to the text" class="back" href="#ref-2">↩</a></p></li></ol></section>'
    )


def test_a_footnote_that_is_not_written_is_text():
    assert html("A[^x].") == "<p>A[^x].</p>"


def test_a_definition_list_is_a_list_of_terms():
    assert html("Precursor\n: A chemical.\n\nOne\nTwo\n:   Both.\n\n    More.") == (
        '<dl class="terms"><dt>Precursor</dt><dd>A chemical.</dd>'
        "<dt>One</dt><dt>Two</dt><dd><p>Both.</p><p>More.</p></dd></dl>"
    )


def test_terms_and_definitions_may_follow_each_other_without_empty_lines():
    assert html("A\n: a\nB\n: b") == (
        '<dl class="terms"><dt>A</dt><dd>a</dd><dt>B</dt><dd>b</dd></dl>'
    )


def test_an_abbreviation_is_explained_once_where_it_is_used_first():
    assert html("## INCB\n\nThe INCB, `INCB`, INCB.\n\n*[INCB]: Control Board") == (
        '<h2 id="h-incb">INCB</h2>'
        '<p>The <abbr title="Control Board">INCB</abbr>, <code>INCB</code>, INCB.</p>'
    )


def test_words_of_the_renderer_come_from_the_caller():
    russian = Surroundings(language="ru", strings={"warning": "Внимание", "answer": "Ответ"})
    found = render("!!! warning\n    x\n\n```question\nq\n```\n\n!!! note\n    y", russian).html
    assert "Внимание" in found
    assert "Ответ" in found
    assert "Note" in found


def test_gaps_get_the_fields_that_the_caller_made():
    field = '<select name="q1.1"><option>12</option></select>'
    assert render_stem(
        "Article {{1}} of `{{2}}` \\{{1}} {{3}} {{2}}", COURSE, [field, "<i>"]
    ).html == (f"<p>Article {field} of <code>{{{{2}}}}</code> {{{{1}}}} {{{{3}}}} <i></p>")


def test_a_gap_is_put_in_once_and_never_into_an_attribute():
    found = render_stem("![{{1}}](media/routes.svg) {{1}} {{1}}", COURSE, ["<input>"]).html
    assert found.count("<input>") == 1
    assert found.endswith("> <input> </p>")
