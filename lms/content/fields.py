"""Typed values out of front matter; what does not fit is reported and gets its default."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from lms.content import amounts
from lms.content.findings import Report
from lms.content.frontmatter import Node, Table, Text
from lms.content.values import Span

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")

# A ` #` in one of these was probably meant as text.
_TITLES = {"title", "summary"}


class Fields:
    """The keys of one table of front matter, read one by one with their types."""

    def __init__(
        self, table: Table, report: Report, lines: tuple[str, ...] = (), inside: str = ""
    ) -> None:
        self.table = table
        self.report = report
        self.lines = lines
        self.inside = inside  # "certificate." for what stands under that key

    def allow(self, known: Iterable[str]) -> None:
        """Report every key that is not known, with the nearest one that is."""
        names = list(known)
        for key, entry in self.table.entries.items():
            if key in names:
                continue
            near = get_close_matches(key, names, n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(names)}"
            wrong = f"the key `{self.inside}{key[:60]}` is unknown"
            self.report.add("unknown-key", wrong, entry.key.line, entry.key.column, remedy)

    def has(self, key: str) -> bool:
        return key in self.table.entries

    def node(self, key: str) -> Node | None:
        entry = self.table.entries.get(key)
        return entry.value if entry else None

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of a key; of the table where it is absent."""
        entry = self.table.entries.get(key)
        where = entry.key if entry else self.table
        return where.line, where.column

    def wrong(self, key: str, node: Node, expected: str) -> None:
        shown = f" `{node.text[:60]}`" if isinstance(node, Text) else ""
        wrong = f"`{self.inside}{key}` cannot be{shown or ' a list or table here'}"
        self.report.add("value", wrong, node.line, node.column, f"write {expected}")

    def text(self, key: str, default: str = "", *, obliged: bool = False) -> str:
        """One line or more of text. An obliged one that is missing is an error."""
        node = self.node(key)
        if isinstance(node, Text) and node.text.strip():
            self._notice_comment(key, node)
            return node.text.strip()
        if isinstance(node, Text) and not obliged:
            return default
        if node is not None:
            self.wrong(key, node, "a text")
        elif obliged and not self.table.broken:
            line, column = self.place(key)
            wrong = f"the key `{self.inside}{key}` is missing"
            self.report.add("missing-key", wrong, line, column, f"add `{key}: …`")
        return default

    def _notice_comment(self, key: str, node: Text) -> None:
        if key not in _TITLES or not node.plain or node.line > len(self.lines):
            return
        line = self.lines[node.line - 1]
        rest = line[node.column - 1 :]
        if " #" in rest:
            wrong = f"what follows ` #` is a comment and not part of `{key}`"
            column = node.column + rest.index(" #") + 1
            self.report.add("comment-in-title", wrong, node.line, column)

    def typed(
        self, key: str, read: Callable[[str], Value | None], expected: str, default: Value
    ) -> Value:
        """A text that `read` makes a value of; None from it means that it does not fit."""
        node = self.node(key)
        if node is None:
            return default
        made = read(node.text.strip()) if isinstance(node, Text) else None
        if made is None:
            self.wrong(key, node, expected)
            return default
        return made

    def whole(self, key: str, default: int, *, low: int = 0, high: int = 100_000) -> int:
        def read(text: str) -> int | None:
            number = amounts.whole(text)
            return number if number is not None and low <= number <= high else None

        return self.typed(key, read, f"a whole number from {low} to {high}", default)

    def percent(self, key: str, default: int) -> int:
        return self.typed(key, amounts.percent, "a whole per cent from 0 to 100", default)

    def amount(self, key: str, default: Fraction) -> Fraction:
        return self.typed(key, amounts.amount, "a number such as 4 or 1.5", default)

    def duration(self, key: str, default: timedelta) -> timedelta:
        return self.typed(key, amounts.duration, "a duration such as 30 min, 24 h, 2 days", default)

    def span(self, key: str) -> Span | None:
        empty: Span | None = None
        return self.typed(key, amounts.span, "a duration such as 4 years or 18 months", empty)

    def day(self, key: str) -> date | None:
        empty: date | None = None
        return self.typed(key, amounts.day, "a date such as 2028-12-31", empty)

    def flag(self, key: str, default: bool) -> bool:
        words = {"true": True, "false": False}
        return self.typed(key, words.get, "true or false", default)

    def word(self, key: str, words: type[Word], default: Word) -> Word:
        known = {str(word): word for word in words}
        return self.typed(key, known.get, "one of " + ", ".join(known), default)

    def texts(self, key: str) -> tuple[Text, ...]:
        """The texts of a list; a single text is a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Text):
            return (node,) if node.text.strip() else ()
        if isinstance(node, Table):
            self.wrong(key, node, "a list such as [one, two]")
            return ()
        made = []
        for item in node.items:
            if isinstance(item, Text) and item.text.strip():
                made.append(item)
            else:
                self.wrong(key, item, "a text as each item")
        return tuple(made)

    def list(self, key: str) -> tuple[str, ...]:
        return tuple(one.text.strip() for one in self.texts(key))

    def words(self, key: str, words: type[Word], default: Iterable[Word]) -> tuple[Word, ...]:
        if not self.has(key):
            return tuple(default)
        known = {str(word): word for word in words}
        made = []
        for one in self.texts(key):
            if one.text.strip() in known:
                made.append(known[one.text.strip()])
            else:
                self.wrong(key, one, "one of " + ", ".join(known))
        return tuple(dict.fromkeys(made))

    def mapping(self, key: str) -> Mapping[str, Text]:
        """Keys and texts of a table, in order."""
        node = self.node(key)
        if node is None or (isinstance(node, Text) and not node.text):
            return {}
        if not isinstance(node, Table):
            self.wrong(key, node, "a table: one `key: text` on each line")
            return {}
        made = {}
        for name, entry in node.entries.items():
            if isinstance(entry.value, Text):
                made[name] = entry.value
            else:
                self.wrong(f"{key}.{name}", entry.value, "a text")
        return made

    def under(self, key: str) -> "Fields | None":
        """The table under a key; None where it is absent or is none."""
        node = self.node(key)
        if node is None or (isinstance(node, Text) and not node.text):
            return None
        if isinstance(node, Table):
            return Fields(node, self.report, self.lines, f"{self.inside}{key}.")
        self.wrong(key, node, "a table: one `key: value` on each line")
        return None
