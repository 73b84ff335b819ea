"""What a text is rendered in: its course, pictures, glossary, neighbours and language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# The few words that the renderer itself writes; the caller hands in translations.
STRINGS: Mapping[str, str] = MappingProxyType(
    {
        "note": "Note",
        "warning": "Warning",
        "tip": "Tip",
        "example": "Example",
        "case": "Case",
        "law": "Law",
        "details": "Show more",
        "answer": "Show the answer",
        "correct": "Correct",
        "not_correct": "Not correct",
        "correct_answer": "Correct answer",
        "transcript": "Transcript",
        "captions": "Captions",
        "footnotes": "Notes",
        "back": "Back to the text",
        "table": "Table",
        "done": "Done",
        "to_do": "To do",
    }
)


@dataclass(frozen=True, slots=True)
class Media:
    """A file of the course's media folder: where it is served, its size in pixels and bytes."""

    url: str
    width: int | None = None
    height: int | None = None
    bytes: int = 0


Links = Callable[[str], str | None] | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that a text may lead to. Addresses in it are the caller's own and are believed.

    media: by path as written, `media/x.svg`. terms: the glossary's anchors by term; case and
    white space do not count. links: the address of a file by its relative path as written
    (`../2-routes/10-x.md`, without `#…`, which is added); None or absent: the link is shown as
    text. strings: translations of STRINGS, any number of them.
    """

    course: str = ""
    media: Mapping[str, Media] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    links: Links = field(default_factory=dict)
    language: str = "en"
    strings: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        return self.strings.get(name) or STRINGS[name]

    def address_of(self, path: str) -> str | None:
        return self.links(path) if callable(self.links) else self.links.get(path)
