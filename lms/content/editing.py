"""Edits of a course's files that change only the lines they are about.

Files come and go as bytes. Byte-order mark, line ends, final newline and every other line stay
as they are, comments included; an edit that changes nothing gives the very same bytes.
Texts may come from a browser, with CRLF.
"""

import re
import unicodedata
from collections.abc import Mapping

from lms.content.braces import heading_attributes
from lms.content.decoding import MARK, source_of
from lms.content.findings import Report
from lms.content.frontmatter import Items, Node, Table, Text, front_of
from lms.content.fronttext import Plain, entry, inline_entry
from lms.content.layout import TAG
from lms.content.linefile import LineFile, line_file
from lms.content.lines import Kind, blocks
from lms.content.questions import id_of
from lms.content.quizzes import question_spans
from lms.content.translations import stamp_of

_COMMENT = re.compile(r"\s+#.*")


def text_of(file: bytes) -> str:
    """The text for an editor: without mark, with LF. Raises UnicodeDecodeError."""
    return file.decode("utf-8").removeprefix(MARK).replace("\r\n", "\n")


def _lines_of(text: str) -> list[str]:
    """Lines of a text from a browser, without empty ones around them."""
    lines = text.replace("\r\n", "\n").split("\n")
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


# --- front matter -------------------------------------------------------------------------


def set_key(file: bytes, key: str, value: Plain | None) -> bytes:
    """The file with another value for a key of its front matter; None takes the key away.

    `certificate.title` is a key in a table. A new key comes last. A comment behind a value that
    stands on one line stays. Raises ValueError when the front matter cannot be read.
    """
    opened = line_file(file)
    report = Report("")
    source = source_of(file, report)
    table = front_of(source, report, obliged=False) if source else Table(broken=True)
    if any(one.rule in ("front-matter", "encoding", "limit") for one in report.found):
        raise ValueError(f"the front matter cannot be edited: {report.found[0].wrong}")
    if source is None or source.front is None:
        if value is None:
            return file
        start = ["---", *entry(key, value), "---"]
        return opened.with_lines(0, 0, start).data()
    outer, _, inner = key.partition(".")
    place = _place(opened, table, source.front.stop, outer)
    found = table.entries.get(outer)
    if not inner:
        lines = [] if value is None else entry(outer, value)
        old = found.value if found else None
    elif found is None or not isinstance(found.value, Table):
        lines = [] if value is None else entry(outer, {inner: value})
        old = None
    elif found.value.line == found.key.line:  # {one: line}
        old = found.value.entries[inner].value if inner in found.value.entries else None
        plain = {name: _plain(one.value) for name, one in found.value.entries.items()}
        kept = {name: one for name, one in {**plain, inner: value}.items() if one is not None}
        lines = [inline_entry(outer, kept)] if kept else []
    else:
        indent = " " * (found.value.column - 1)
        lines = [] if value is None else entry(inner, value, indent)
        place = _place(opened, found.value, place.stop, inner)
        found = found.value.entries.get(inner)
        old = found.value if found else None
    if (value is None and old is None) or (old and value is not None and _same(old, value)):
        return file
    if found and len(place) == 1 and len(lines) == 1:
        lines = [lines[0] + _comment(opened.lines[place.start], found.value)]
    return opened.with_lines(place.start, place.stop, lines).data()


def _place(opened: LineFile, table: Table, stop: int, key: str) -> range:
    """The lines of a key, as indexes; where it would come, when it is not there.

    stop is the index of the line where the table ends.
    """
    found = table.entries.get(key)
    starts = [one.key.line - 1 for one in table.entries.values()]
    start = found.key.line - 1 if found else stop
    end = min([line for line in starts if line > start] + [stop])
    while end > 1 and (found is None or end > start + 1) and _is_aside(opened.lines[end - 1]):
        end -= 1
    return range(start if found else end, end)


def _is_aside(line: str) -> bool:
    """An empty line or a comment: it belongs to what follows it."""
    return not line.strip() or line.lstrip().startswith("#")


def _comment(line: str, value: Node) -> str:
    """The comment that ends a line, with the space before it."""
    start = value.column - 1
    if isinstance(value, Text) and value.plain:
        ends = [start + len(value.text)]
    else:
        closing = line[start] if isinstance(value, Text) else "]}"
        ends = [
            place + 1
            for place in range(start + 1, len(line))
            if line[place] in closing and line[place - 1] != "\\"
        ]
    rests = (line[end:].rstrip() for end in ends)
    return next((rest for rest in rests if _COMMENT.fullmatch(rest)), "")


def _same(old: Node, value: Plain) -> bool:
    return _plain(old) == _as_text(value)


def _plain(node: Node) -> Plain:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [_plain(one) for one in node.items]
    return {key: _plain(found.value) for key, found in node.entries.items()}


def _as_text(value: Plain) -> Plain:
    """The value as front matter gives it back: all single values are texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _as_text(one) for key, one in value.items()}
    return [_as_text(one) for one in value]


# --- bodies and questions -----------------------------------------------------------------


def replace_body(file: bytes, body: str) -> bytes:
    """The file with another text below its front matter."""
    opened = line_file(file)
    first, last = opened.body_at(), len(opened.lines)
    while first < last and not opened.lines[first].strip():
        first += 1
    while last > first and not opened.lines[last - 1].strip():
        last -= 1
    return opened.with_lines(first, last, _lines_of(body)).data()


def question_place(file: bytes, id: str) -> tuple[int, int]:
    """The lines of a question in its file, as indexes, without empty lines at its end.

    Raises KeyError when the file has no such question.
    """
    opened = line_file(file)
    start = opened.body_at()
    body = opened.lines[start:]
    for span in question_spans(body):
        if _id_of(body[span.start])[0] == id:
            end = span.stop
            while not body[end - 1].strip():
                end -= 1
            return start + span.start, start + end
    raise KeyError(id)


def replace_question(file: bytes, id: str, text: str) -> bytes:
    """The file with other lines for a question; the text begins with `## `.

    An empty text takes the question away. Raises KeyError when there is no such question,
    ValueError when the text is no single question.
    """
    start, stop = question_place(file, id)
    lines = _lines_of(text)
    if lines and [span.start for span in question_spans(lines)] != [0]:
        raise ValueError("a question begins with `## `, and there is one")
    opened = line_file(file)
    if not lines and stop < len(opened.lines):
        stop += 1  # the empty line that parted it from the next
    return opened.with_lines(start, stop, lines).data()


def replace_option(file: bytes, id: str, place: int, text: str) -> bytes:
    """The file with other lines for the option at this place (from 0) of a question.

    The text is an option as it is written, with its mark and feedback; an empty one takes the
    option away. Raises KeyError when there is no such question or option.
    """
    start, stop = question_place(file, id)
    opened = line_file(file)
    lists = [
        block
        for block in blocks(opened.lines[start + 1 : stop])
        if block.kind in (Kind.BULLETS, Kind.NUMBERS)
    ]
    if not lists:
        raise KeyError(f"{id} has no options")
    marked = [item for item in lists[-1].items if _is_option(opened.lines[start + 1 + item.start])]
    items = marked or list(lists[-1].items)
    if not 0 <= place < len(items):
        raise KeyError(f"{id} has no option {place}")
    first, last = (start + 1 + index for index in (items[place].start, items[place].stop))
    return opened.with_lines(first, last, _lines_of(text)).data()


def _is_option(line: str) -> bool:
    return bool(re.match(r"[-*+] +(?:\([ xX]\)|\[[ xX]\])(?: |$)", line))


def _id_of(heading: str) -> tuple[str, bool]:
    """What a heading's question is called, and whether it says so itself."""
    composed = unicodedata.normalize("NFC", heading)
    text, attributes = heading_attributes(composed[3:], Report(""), 1)
    return (attributes.id, True) if attributes.id else (id_of(text), False)


def add_ids(file: bytes, source: bytes | None = None) -> bytes:
    """The quiz with an id at each question that has none: the one it is called by already.

    Of two questions with the same heading the second gets another id. source is the file that a
    translated quiz translates: its questions give theirs the ids, in their order.
    """
    opened = line_file(file)
    start = opened.body_at()
    body = opened.lines[start:]
    spans = question_spans(body)
    ids = [_id_of(body[span.start]) for span in spans]
    known = {id for id, said in ids if said}
    given = _ids(source) if source is not None else []
    for place, span in enumerate(spans):
        id, said = ids[place]
        if said:
            continue
        if len(given) == len(spans) and given[place] not in known:
            id = given[place]
        text, number = id, 1
        while id in known:
            number += 1
            id = id_of(f"{text} {number}")
        known.add(id)
        index = start + span.start
        opened = opened.with_lines(index, index + 1, [_with_id(body[span.start], id)])
    return opened.data()


def _ids(file: bytes) -> list[str]:
    """What the questions of a quiz are called once they all have ids."""
    opened = line_file(add_ids(file))
    body = opened.lines[opened.body_at() :]
    return [_id_of(body[span.start])[0] for span in question_spans(body)]


def _with_id(heading: str, id: str) -> str:
    composed = unicodedata.normalize("NFC", heading)
    _, attributes = heading_attributes(composed[3:], Report(""), 1)
    if attributes.values or attributes.required:
        place = heading.rindex("{", 0, _braces_at(heading) + 1) + 1
        return f"{heading[:place]}#{id} {heading[place:].lstrip()}"
    return f"{heading.rstrip()} {{#{id}}}"


def _braces_at(heading: str) -> int:
    """Where the attributes of a heading begin, also with braces in their quotation marks."""
    for found in re.finditer(r"\{", heading):
        inner = heading[found.start() :].rstrip()
        if re.fullmatch(r'\{(?:[^{}"]|"(?:\\.|[^"\\])*")*\}', inner):
            return found.start()
    return heading.rindex("{")


# --- translations -------------------------------------------------------------------------


def stamp(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with every translation stamped: `source` says what its source now is.

    Files that cannot be read stay as they are.
    """
    made = dict(files)
    for path, data in files.items():
        tag, _, inner = path.partition("/")
        if TAG.fullmatch(tag) and inner.endswith(".md") and inner in files:
            if inner.startswith("media/"):
                continue
            try:
                made[path] = set_key(data, "source", stamp_of(files[inner]))
            except (ValueError, UnicodeDecodeError):
                continue
    return made
