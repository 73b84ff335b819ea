"""The last look at finished HTML: what is not on these lists does not leave the renderer."""

import re
from collections.abc import Sequence

import nh3

from lms.content.addresses import foreign
from lms.content.page import TAKEN, TAKEN_END, TRUSTED, TRUSTED_END, Page

# Stored HTML carries this number; when it changes, all content is rendered again.
SANITIZER_VERSION = 1

_TAGS = (
    "a abbr audio b blockquote br code dd details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr "
    "img input li ol p pre section span strong sub summary sup table tbody td th thead tr track "
    "ul video"
)
TAGS = frozenset(_TAGS.split())
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "id", "aria-label"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"src", "aria-label"}),
    "div": frozenset({"aria-label"}),
    "h2": frozenset({"id"}),
    "h3": frozenset({"id"}),
    "h4": frozenset({"id"}),
    "h5": frozenset({"id"}),
    "h6": frozenset({"id"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
    "input": frozenset({"aria-label"}),
    "li": frozenset({"id"}),
    "ol": frozenset({"start"}),
    "section": frozenset({"aria-label"}),
    "track": frozenset({"src", "label", "srclang"}),
    "video": frozenset({"src", "width", "height", "aria-label"}),
}
# Attributes that may have these values and no other.
VALUES: dict[str, dict[str, frozenset[str]]] = {
    "a": {"rel": frozenset({"noopener noreferrer"})},
    "audio": {"controls": frozenset({""}), "preload": frozenset({"none"})},
    "div": {"role": frozenset({"region", "group"}), "tabindex": frozenset({"0"})},
    "img": {"loading": frozenset({"lazy"})},
    "input": {
        "type": frozenset({"checkbox"}),
        "disabled": frozenset({""}),
        "checked": frozenset({""}),
    },
    "th": {"scope": frozenset({"col", "row"})},
    "track": {"kind": frozenset({"captions"}), "default": frozenset({""})},
    "video": {"controls": frozenset({""}), "preload": frozenset({"none"})},
}
_ALIGNED = frozenset({"start", "centre", "end"})
CLASSES: dict[str, frozenset[str]] = {
    "a": frozenset({"term", "back"}),
    "b": frozenset(),
    "details": frozenset({"card", "check"}),
    "div": frozenset({"scroll", "note", "ok", "bad", "info", "card", "stack", "answer", "miss"}),
    "dl": frozenset({"terms"}),
    "figcaption": frozenset({"muted"}),
    "figure": frozenset({"stack", "stack-s"}),
    "h3": frozenset(),
    "li": frozenset({"task", "hot"}),
    "ol": frozenset({"flow"}),
    "p": frozenset({"strong", "small", "muted"}),
    "section": frozenset({"footnotes", "small"}),
    "span": frozenset({"hide", "muted", "small", "missing"}),
    "sup": frozenset({"ref"}),
    "td": _ALIGNED,
    "th": _ALIGNED,
    "ul": frozenset({"plain"}),
}
_ID = re.compile(r"(?:h-[\w-]+|fn-[0-9]+|ref-[0-9]+(?:-[0-9]+)?)\Z")
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
TAG = re.compile(r"<[^\"'<>]*(?:\"[^\"]*\"[^\"'<>]*)*>")
_ATTRIBUTE = re.compile(r' [a-z-]+="[^"]*"')
_MARK = re.compile(f"{TRUSTED}([0-9]+){TRUSTED_END}")
_ANY_MARK = re.compile(f"[{TRUSTED}{TAKEN}][0-9]*[{TRUSTED_END}{TAKEN_END}]")


def sanitize(html: str, page: Page) -> str:
    """The HTML without any tag, attribute, class or address that the format does not know.

    Addresses are those that the page gave out itself while it was made, and full addresses of
    web pages and mailboxes in links; so nothing an author writes becomes an address unseen.
    """

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "src" or (name == "href" and not foreign(value)):
            return value if value in page.issued else None
        if name == "id":
            return value if _ID.match(value) else None
        if name == "data-line":
            return value if page.lines else None
        if name in ("width", "height", "start"):
            return value if _NUMBER.match(value) else None
        return value

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={tag: {"data-line", *ATTRIBUTES.get(tag, ())} for tag in TAGS},
        tag_attribute_values={
            tag: {name: set(values) for name, values in names.items()}
            for tag, names in VALUES.items()
        },
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def put_back(html: str, trusted: Sequence[str]) -> str:
    """Sanitized HTML with the finished parts in the place of their marks.

    A mark counts once and in text only: in an attribute, or met again, it is nothing.
    """
    used: set[int] = set()

    def finished(found: re.Match[str]) -> str:
        number = int(found[1])
        if number in used or number >= len(trusted):
            return ""
        used.add(number)
        return trusted[number]

    pieces, start = [], 0
    for tag in TAG.finditer(html):
        pieces.append(_MARK.sub(finished, html[start : tag.start()]))
        pieces.append(_ordered(_ANY_MARK.sub("", tag[0])))
        start = tag.end()
    return "".join([*pieces, _MARK.sub(finished, html[start:])])


def _ordered(tag: str) -> str:
    """The tag with its attributes in the order of their names: equal pages have equal bytes."""
    if tag.count('="') < 2:
        return tag
    attributes = sorted(_ATTRIBUTE.findall(tag))
    return tag[: tag.index(" ")] + "".join(attributes) + ">"
