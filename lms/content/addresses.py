"""Where a link or a picture may lead: web pages, mail, files of the course, this page."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from lms.content.page import Page, anchor
from lms.content.surroundings import Media

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FOREIGN = re.compile(r"(?:https?://[^/?#\\\s@]+(?:[/?#][^\\]*)?|mailto:[^\s\\]+)\Z", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_KEPT = "!#$%&'()*+,/:;=?@[]~_.-"


class Address(NamedTuple):
    href: str
    foreign: bool = False
    media: Media | None = None


def foreign(address: str) -> bool:
    """Whether this is the full address of a web page or a mailbox."""
    return bool(_FOREIGN.match(address)) and not _UNFIT.search(address)


def resolve(written: str, page: Page) -> Address | None:
    """Where a link leads; None where a course's text may not lead.

    `written` is the address as the author meant it: without escapes and character references.
    """
    written = written.strip(" \t\n")
    encoded = quote(written, safe=_KEPT)
    if _SCHEME.match(written):
        return Address(page.issue(encoded), foreign=True) if foreign(encoded) else None
    if written.startswith("#"):
        return Address(page.issue("#" + anchor(unquote(written[1:])))) if written[1:] else None
    path, _, fragment = written.partition("#")
    # `//host` and its spellings are other hosts, whatever a resolver would make of them.
    if re.match(r"[\\/]{2}|\\", path) or _UNFIT.search(path.replace(" ", "")):
        return None
    if media := picture(written, page):
        return Address(page.issue(media.url), media=media)
    found = page.surroundings.address_of(path)
    if found is None:
        return None
    return Address(page.issue(f"{found}#{anchor(unquote(fragment))}" if fragment else found))


def picture(written: str, page: Page) -> Media | None:
    """The file of the course's media folder that is named so."""
    media = page.surroundings.media
    return media.get(written) or media.get(unquote(written))
