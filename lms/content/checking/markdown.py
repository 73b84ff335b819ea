"""The Markdown of every file: links, pictures, terms, attributes, headings, sentences."""

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import unquote

from lms.content.anchors import anchors
from lms.content.checking.media import PICTURES, PLAYERS, ending
from lms.content.decoding import Source
from lms.content.findings import Finding, Report
from lms.content.glossary import term_key
from lms.content.layout import TAG
from lms.content.lines import Kind as LineKind
from lms.content.lines import blocks, fenced
from lms.content.marks import Kind, Mark, headings, scan, special_blocks
from lms.content.page import anchor
from lms.content.prose import LONGEST, long_sentences
from lms.content.questions import question_of
from lms.content.quizzes import question_spans
from lms.content.reading import Reading
from lms.content.structure import differences

CALLOUTS = ("note", "warning", "tip", "example", "case", "law")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FOREIGN = re.compile(r"https?://[^/?#\\\s@]+(?:[/?#][^\\\s]*)?|mailto:[^\s\\]+", re.IGNORECASE)
_CALLOUT = re.compile(rf'\s*!!! +(?:{"|".join(CALLOUTS)})(?:[ \t]+".*")?[ \t]*')
_DETAILS = re.compile(r'\s*\?\?\?(?:[ \t]+".*")?[ \t]*')
# What Markdown readers take for attributes; other braces are text.
_ATTRIBUTES = re.compile(r'\s*:?\s*(?:[#.][^\s{}]*|[\w-]+=(?:"[^"]*"|[^\s"]*))(?:\s|$)')
_HEADING_ID = re.compile(r"^[ >]*#{1,6}[ \t](?:.*[ \t])?\{[ \t]*#[^\s{}#]+[ \t]*\}[ \t]*$")
_WORD = re.compile(r'(#[\w-]+)|([.][\w-]+)|([\w-]+)=("[^"]*"|[^\s"]+)')
_ITEM_BRACES = re.compile(r'\s*(?:pin|-?[0-9.]+%|was="(?:\\.|[^"\\])*"|\s)+\s*')


class _Course:
    """What the text of a course may refer to."""

    def __init__(self, reading: Reading) -> None:
        self.sources = reading.sources
        self.media = reading.layout.media if reading.layout else frozenset()
        self.terms: dict[str, set[str]] = {}  # by tag; "" is the source's
        self.anchors: dict[str, frozenset[str]] = {}
        if reading.course:
            self.terms[""] = {term_key(term) for term in reading.course.glossary}
            for tag, translation in reading.course.translations.items():
                own = {term_key(term) for term in translation.glossary}
                self.terms[tag] = own | self.terms[""]

    def has_anchor(self, path: str, fragment: str) -> bool:
        """Places in quizzes and the glossary are not looked up."""
        if path.endswith((".quiz.md", "glossary.md")):
            return True
        if path not in self.anchors:
            source = self.sources[path]
            lines = source.lines[source.body_at :]
            self.anchors[path] = anchors(headings(lines, 1, inner=True))
        return anchor(fragment) in self.anchors[path]

    def file(self, path: str, tag: str) -> str | None:
        """The path of a text in this language, or of its source."""
        return next((one for one in (f"{tag}/{path}", path) if one in self.sources), None)

    def has_media(self, path: str, tag: str) -> bool:
        return path in self.media or f"{tag}/{path}" in self.media


def check(reading: Reading) -> list[Finding]:
    course = _Course(reading)
    found: list[Finding] = []
    for path in sorted(reading.sources):
        report = Report(path)
        source = reading.sources[path]
        lines, first = source.lines[source.body_at :], source.body_at + 1
        quiz = path.endswith(".quiz.md")
        _check_text(lines, first, course, report, quiz=quiz)
        _check_headings(lines, first, report, quiz=quiz)
        _check_structure(source, report, quiz=quiz)
        found += report.found
    return found


def _tag_of(path: str) -> str:
    top = path.partition("/")[0]
    return top if "/" in path and TAG.fullmatch(top) else ""


def _check_text(
    lines: Sequence[str], first: int, course: _Course, report: Report, *, quiz: bool
) -> None:
    for mark in scan(lines, first):
        if mark.kind is Kind.TERM:
            _check_term(mark, course, report)
        elif mark.kind is Kind.PICTURE:
            _check_picture(mark, course, report)
        elif mark.kind is Kind.LINK:
            _check_link(mark, course, report)
            _check_braces(mark, report)
        elif not (quiz and _is_of_quiz(mark, lines[mark.line - first])):
            _check_braces(mark, report, line=lines[mark.line - first])
    for line, words in long_sentences(lines, first):
        wrong = f"a sentence has {words} words; {LONGEST} can be read with ease"
        report.add("long-sentence", wrong, line)
    for block in special_blocks(lines, first):
        if not block.info:
            remedy = "end it with a line of the same marks (``` or ~~~)"
            report.add("construct", "this block of code does not end", block.line, 1, remedy)
        elif block.info == "steps":
            found = blocks(block.lines)
            if not found or found[0].kind is not LineKind.NUMBERS:
                wrong = "a block of steps holds no numbered list"
                report.add("construct", wrong, block.line, 1, "write `1. …` on its first line")
            _check_text(block.lines, block.line, course, report, quiz=quiz)
        elif block.lines:
            head, *rest = block.lines
            question_of(head.removeprefix("## "), rest, block.line, report)
            _check_text([f"## {head}", *rest], block.line, course, report, quiz=True)
    _check_callouts(lines, first, report)


def _is_of_quiz(mark: Mark, line: str) -> bool:
    """Braces at a question's heading, an option or a key: the question's reader knows them."""
    return (
        line.startswith("## ") or bool(_ITEM_BRACES.fullmatch(mark.braces or "")) or "=" in line[:2]
    )


def _check_term(mark: Mark, course: _Course, report: Report) -> None:
    tag = _tag_of(report.path)
    known = course.terms.get(tag, course.terms.get("", set()))
    if term_key(mark.target) not in known:
        wrong = f"the term `{mark.target[:60]}` is not in the glossary"
        report.add("term", wrong, mark.line, mark.column)


def _check_picture(mark: Mark, course: _Course, report: Report) -> None:
    tag = _tag_of(report.path)
    target = unquote(mark.target)
    player = ending(target) in PLAYERS
    words = dict(_words(mark.braces or ""))
    if not target.startswith("media/") or not course.has_media(target, tag):
        wrong = f"the picture `{mark.target[:80]}` is not there"
        report.add("link", wrong, mark.line, mark.column, "write the path of a file in media/")
    elif not player and ending(target) not in PICTURES:
        wrong = f"`{mark.target[:80]}` is no picture, sound or video"
        report.add("link", wrong, mark.line, mark.column, "write it as a link, without the !")
    if player and "transcript" not in words:
        report.add("transcript", "the player has no transcript", mark.line, mark.column)
    for key in ("transcript", "captions"):
        if key in words and not course.has_media(words[key].strip('"'), tag):
            wrong = f"the {key} file {words[key][:80]} is not there"
            report.add("link", wrong, mark.line, mark.column)
    if not mark.text.strip() and ".decorative" not in words and not player:
        report.add("alternative-text", "the picture has no description", mark.line, mark.column)
    known = {"transcript", "captions"} if player else {".decorative"}
    _check_braces(mark, report, known)


def _words(braces: str) -> Iterator[tuple[str, str]]:
    """Key and value of each word; ids and classes are keys without a value."""
    for found in _WORD.finditer(braces):
        yield found[3] or found[0], found[4] or ""


def _check_braces(mark: Mark, report: Report, known: Collection[str] = (), line: str = "") -> None:
    """Braces that look like attributes must be some; all others are text. line: around them."""
    if mark.braces is None or not _ATTRIBUTES.match(mark.braces):
        return
    if _HEADING_ID.search(line):
        return
    rest = _WORD.sub("", mark.braces).strip()
    unknown = [key for key, _ in _words(mark.braces) if key not in known]
    if rest or unknown:
        shown = (unknown or [rest])[0][:60]
        wrong = f"the attribute `{shown}` means nothing here"
        remedy = "the format has {#name} at headings, {.decorative} at pictures, {transcript=…}"
        report.add("attribute", wrong, mark.line, mark.column, remedy)


def _check_link(mark: Mark, course: _Course, report: Report) -> None:
    target = mark.target.strip()
    place = (mark.line, mark.column)
    if _SCHEME.match(target):
        if not _FOREIGN.fullmatch(target):
            wrong = f"the link `{target[:80]}` leads nowhere"
            report.add("link", wrong, *place, "write https://…, mailto:… or a file of the course")
        return
    path, _, fragment = target.partition("#")
    path, tag = unquote(path), _tag_of(report.path)
    if path.startswith("media/"):
        if not course.has_media(path, tag):
            report.add("link", f"the file `{path[:80]}` is not there", *place)
        return
    own = report.path.removeprefix(f"{tag}/") if tag else report.path
    inner = posixpath.normpath(posixpath.join(posixpath.dirname(own), path)) if path else own
    known = None if path.startswith(("/", "\\")) else course.file(inner, tag)
    if known is None:
        wrong = f"the file `{path[:80]}` is not there"
        remedy = "write its path from this file's folder, or media/…"
        report.add("link", wrong, *place, remedy)
    elif fragment and not course.has_anchor(known, unquote(fragment)):
        wrong = f"no heading `#{fragment[:80]}` is in {known}"
        report.add("link", wrong, *place, "write the {#…} of a heading that is there")


def _check_headings(lines: Sequence[str], first: int, report: Report, *, quiz: bool) -> None:
    level, seen = 1, dict[str, int]()
    opening = {first + span.start for span in question_spans(lines)} if quiz else set()
    for heading in headings(lines, first):
        if heading.level == 1 and not quiz:
            remedy = "write ## for it; the title stands in the front matter"
            report.add("heading-level", "a heading of the first level", heading.line, 1, remedy)
        elif heading.level > level + 1:
            wrong = f"a heading of level {heading.level} follows one of level {level}"
            if level == 1:
                wrong = f"the first heading is of level {heading.level}"
            report.add("heading-level", wrong, heading.line)
        level = max(heading.level, 1)
        if heading.id and heading.line not in opening:
            if heading.id in seen:
                wrong = f"the heading at line {seen[heading.id]} is called #{heading.id} too"
                report.add("doubled-id", wrong, heading.line, 1, "write another {#…}")
            seen.setdefault(heading.id, heading.line)


def _check_callouts(lines: Sequence[str], first: int, report: Report) -> None:
    mask = fenced(lines)
    for index, line in enumerate(lines):
        bare = line.lstrip()
        if mask[index] or not bare.startswith(("!!!", "???")):
            continue
        if bare.startswith("!!!") and not _CALLOUT.fullmatch(line):
            wrong = f"`{bare[:60]}` is no call-out"
            remedy = f'write `!!! note "Title"`; kinds: {", ".join(CALLOUTS)}'
            report.add("construct", wrong, first + index, 1, remedy)
        elif bare.startswith("???") and not _DETAILS.fullmatch(line):
            wrong = f"`{bare[:60]}` is no part that opens"
            report.add("construct", wrong, first + index, 1, 'write `??? "Show the answer"`')
        elif not _has_content(lines, index, len(line) - len(bare)):
            wrong = "nothing stands in this call-out"
            remedy = "indent its content by four spaces"
            report.add("construct", wrong, first + index, 1, remedy)


def _has_content(lines: Sequence[str], index: int, indent: int) -> bool:
    following = next((line for line in lines[index + 1 : index + 20] if line.strip()), "")
    return following.startswith(" " * (indent + 4))


def _check_structure(source: Source, report: Report, *, quiz: bool) -> None:
    for text, line in _pieces(source, quiz):
        for one in differences(text):
            report.add("markdown", one.wrong, line + one.line - 1, 1, one.remedy)


def _pieces(source: Source, quiz: bool) -> Iterator[tuple[str, int]]:
    """Texts that are rendered as they stand, with the file's line of each: a whole body, but
    of a quiz only what stands before the questions and their answers."""
    if not quiz:
        yield source.body
        return
    lines = source.lines[source.body_at :]
    spans = question_spans(lines)
    first = source.body_at + 1
    yield "\n".join(lines[: spans[0].start if spans else len(lines)]), first
    for span in spans:
        inner = lines[span.start + 1 : span.stop]
        found = list(blocks(inner))
        while found and found[-1].kind is LineKind.QUOTE:
            found.pop()
        if found and found[-1].kind is not LineKind.TEXT:
            found.pop()  # the answers
        if found:
            yield "\n".join(inner[: found[-1].end]), first + span.start + 1
