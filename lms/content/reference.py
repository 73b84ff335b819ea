"""The second opinion: CommonMark by markdown-it, taught only what the course format adds.

It gives the outline that another Markdown tool would give a text. Call-outs, parts that open,
footnotes, definitions and abbreviations are known to it, so that they count as no difference;
everything else is markdown-it's own.
"""

import re
from collections.abc import MutableMapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from lms.content.definitions import ABBREVIATION
from lms.content.outlines import Outline, outline
from lms.content.parsing import CALLOUT, DEFINED, DETAILS, FOOTNOTE

_FOREVER: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
_TERM = re.compile(r"(\[\[[^\[\]|`\n]+)\|([^\[\]|`\n]+\]\])")
_BREAK = re.compile(r"<br ?/?>\Z", re.IGNORECASE)
_SCRIPTS = re.compile(r"<(sub|sup)>[^<>]{1,200}</\1>", re.IGNORECASE)
# What stands in the outline for HTML, which is text with us.
_HTML = "<x-html></x-html>"
_HTML_AT = '<x-html data-line="{}"></x-html>'


def reference(text: str) -> Outline:
    """The outline of a text as CommonMark has it."""
    # Within a term a pipe parts nothing; any other sign may stand for it here.
    return outline(_parser().render(_TERM.sub(r"\1/\2", text)))


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True}).enable("table")
    md.block.ruler.before("blockquote", "callout", _callout, _FOREVER)
    md.block.ruler.before("reference", "footnote", _footnote, _FOREVER)
    md.block.ruler.before("paragraph", "definitions", _definitions)
    md.core.ruler.after("block", "abbreviations", _drop_definitions)
    md.core.ruler.push("lines", _write_lines)
    md.add_render_rule("html_block", _render_html)
    md.add_render_rule("html_inline", _render_html)
    md.add_render_rule("fence", _render_fence)
    return md


# blocks ---------------------------------------------------------------------------------------


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]]


def _callout(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    text = _line(state, start)
    callout = CALLOUT.match(text)
    found = callout or DETAILS.match(text)
    if not found:
        return False
    if silent:
        return True
    last = number = start + 1
    while number < end:
        if not state.isEmpty(number):
            if state.sCount[number] < state.blkIndent + 4:
                break
            last = number + 1
        number += 1
    outer, inner = ("div", "h3") if callout else ("details", "summary")
    opening = state.push("callout_open", outer, 1)
    opening.map = [start, last]
    state.push("title_open", inner, 1)
    title = state.push("inline", "", 0)
    title.content, title.map, title.children = found[found.re.groups] or "", [start, last], []
    state.push("title_close", inner, -1)
    _inside(state, start + 1, last, 4, "callout")
    state.push("callout_close", outer, -1)
    state.line = last
    return True


def _inside(state: StateBlock, start: int, end: int, width: int, kind: str) -> None:
    """Read lines as the content of a container that is indented by so much."""
    before = (state.parentType, state.lineMax, state.blkIndent, state.tight)
    state.parentType, state.lineMax = kind, end
    state.blkIndent += width
    state.md.block.tokenize(state, start, end)
    state.parentType, state.lineMax, state.blkIndent, state.tight = before


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    found = FOOTNOTE.match(_line(state, start))
    if not found:
        return False
    if silent:
        return True
    state.push("footnote_open", "section", 1)
    _with_mark(state, start, end, found.end(), 4, "footnote")
    state.push("footnote_close", "section", -1)
    return True


def _with_mark(state: StateBlock, start: int, end: int, mark: int, width: int, kind: str) -> None:
    """Read a container whose first line begins with a mark of so many signs."""
    before = state.bMarks[start], state.tShift[start], state.sCount[start]
    begins = before[0] + before[1] + mark
    text = state.src[begins : state.eMarks[start]]
    blank = len(text) - len(text.lstrip(" \t"))
    state.bMarks[start], state.tShift[start] = begins, blank
    state.sCount[start] = state.blkIndent + width
    _inside(state, start, end, width, kind)
    state.bMarks[start], state.tShift[start], state.sCount[start] = before


def _is_definition(state: StateBlock, number: int, end: int) -> bool:
    return (
        number < end
        and state.blkIndent <= state.sCount[number] < state.blkIndent + 4
        and bool(DEFINED.match(_line(state, number)))
    )


def _terms_end(state: StateBlock, start: int, end: int) -> int:
    """The line of the definition that follows terms at `start`; 0 when these are no terms."""
    number = start
    while number < end and not state.isEmpty(number) and not _is_definition(state, number, end):
        if number > start and _breaks_off(state, number, end):
            return 0
        number += 1
    if number == start:
        return 0
    if number < end and state.isEmpty(number):
        number += 1
    return number if _is_definition(state, number, end) else 0


def _breaks_off(state: StateBlock, number: int, end: int) -> bool:
    if state.sCount[number] < state.blkIndent:
        return True
    rules = state.md.block.ruler.getRules("paragraph")
    return any(rule(state, number, end, True) for rule in rules)


def _definitions(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent or state.is_code_block(start) or not _terms_end(state, start, end):
        return False
    state.push("dl_open", "dl", 1).map = [start, start + 1]
    number = start
    while first := _terms_end(state, number, end):
        for place in range(number, first):
            if not state.isEmpty(place):
                state.push("dt_open", "dt", 1).map = [place, place + 1]
                term = state.push("inline", "", 0)
                term.content, term.map, term.children = _line(state, place), [place, place + 1], []
                state.push("dt_close", "dt", -1)
        number = first
        while _is_definition(state, number, end):
            number = _definition(state, number, end)
            blank = number
            while blank < end and state.isEmpty(blank):
                blank += 1
            if _is_definition(state, blank, end) or _terms_end(state, blank, end):
                number = blank
    state.push("dl_close", "dl", -1)
    state.line = number
    return True


def _definition(state: StateBlock, start: int, end: int) -> int:
    indent = state.sCount[start] - state.blkIndent
    text = _line(state, start)[1:]
    spaces = len(text) - len(text.lstrip(" \t"))
    width = spaces if spaces < 5 else 1
    state.push("dd_open", "dd", 1).map = [start, start + 1]
    first = len(state.tokens)
    _with_mark(state, start, _lazy_end(state, start, end), 1, indent + 1 + width, "definition")
    level = state.level
    own = [token for token in state.tokens[first:] if token.level == level and token.map]
    loose = state.isEmpty(start - 1) or any(
        state.isEmpty(token.map[0] - 1) for token in own[1:] if token.map and token.nesting >= 0
    )
    for token in state.tokens[first:]:
        if token.level == level and token.type.startswith("paragraph"):
            token.hidden = not loose
    state.push("dd_close", "dd", -1)
    return state.line


def _lazy_end(state: StateBlock, start: int, end: int) -> int:
    """The first line that names the next term right under a definition's text."""
    for number in range(start + 1, end):
        if state.isEmpty(number - 1) or state.sCount[number] >= state.blkIndent + 2:
            continue
        if _is_definition(state, number + 1, end) and not _is_definition(state, number, end):
            return number
    return end


# the whole text -------------------------------------------------------------------------------


def _drop_definitions(state: StateCore) -> None:
    """Take out footnotes, which stand elsewhere with us, and lines of abbreviations."""
    kept: list[Token] = []
    footnotes = 0
    for token in state.tokens:
        footnotes += token.type == "footnote_open"
        if not footnotes:
            kept.append(token)
        footnotes -= token.type == "footnote_close"
    gone = set()
    for place, token in enumerate(kept):
        if token.type != "inline" or kept[place - 1].type != "paragraph_open":
            continue
        lines = token.content.split("\n")
        left = [line for line in lines if not ABBREVIATION.match(line.strip())]
        token.content = "\n".join(left)
        if not left:
            gone |= {place - 1, place, place + 1}
    state.tokens = [token for place, token in enumerate(kept) if place not in gone]


def _write_lines(state: StateCore) -> None:
    for token in state.tokens:
        if token.map and token.nesting >= 0:
            token.attrSet("data-line", str(token.map[0] + 1))


def _render_html(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, object],
) -> str:
    written = tokens[place].content
    if tokens[place].type == "html_block":
        return _HTML_AT.format(tokens[place].attrGet("data-line"))
    if _BREAK.match(written):
        return "<br>"
    line = "".join(token.content for token in tokens)
    scripts = sum(token.type == "html_inline" and "<su" in token.content for token in tokens)
    if re.match(r"</?su[bp]>\Z", written, re.IGNORECASE):
        return written if len(_SCRIPTS.findall(line)) == scripts else _HTML
    return _HTML


def _render_fence(
    self: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: MutableMapping[str, object],
) -> str:
    token = tokens[place]
    kind = token.info.strip().partition(" ")[0]
    if kind == "question":
        return ""
    if kind == "steps":
        return str(_parser().render(token.content, env))
    return f'<pre data-line="{token.attrGet("data-line")}"><code></code></pre>'
