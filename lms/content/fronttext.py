"""Front matter as it is written: one key a line, quotation marks only where they are needed."""

import re
from collections.abc import Mapping, Sequence

from lms.content.frontmatter import quoted

Plain = str | int | bool | Sequence["Plain"] | Mapping[str, "Plain"]

# Signs that begin, part or end something in YAML, or hide the rest of a line.
_NEEDS_QUOTES = re.compile(r": |:$| #|[\n\t]|^\W|[\s]$")
_NEEDS_QUOTES_IN_LIST = re.compile(r"[\[\]{},]|:")


def scalar(value: str | int | bool, *, inline: bool = False) -> str:
    """One value. inline: it stands in a list or table on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if not text or _NEEDS_QUOTES.search(text) or (inline and _NEEDS_QUOTES_IN_LIST.search(text)):
        return quoted(text)
    return text


def entry(key: str, value: Plain, indent: str = "") -> list[str]:
    """The lines of a key: lists on one line, tables one key a line."""
    name = f"{indent}{scalar(key)}"
    if isinstance(value, Mapping):
        if not value:
            return [f"{name}: {{}}"]
        below = [line for one, inner in value.items() for line in entry(one, inner, indent + "  ")]
        return [f"{name}:", *below]
    if isinstance(value, str | int):
        return [f"{name}: {scalar(value)}"]
    return [f"{name}: {_inline(value)}"]


def inline_entry(key: str, value: Plain) -> str:
    """The key with a list or table on its own line."""
    return f"{scalar(key)}: {_inline(value)}"


def _inline(value: Plain) -> str:
    if isinstance(value, str | int):
        return scalar(value, inline=True)
    if isinstance(value, Mapping):
        inner = (f"{scalar(key, inline=True)}: {_inline(one)}" for key, one in value.items())
        return f"{{{', '.join(inner)}}}"
    return f"[{', '.join(_inline(one) for one in value)}]"


def front_text(values: Mapping[str, Plain]) -> str:
    """A whole front matter with its two `---`."""
    lines = [line for key, value in values.items() for line in entry(key, value)]
    return "\n".join(["---", *lines, "---"]) + "\n"
