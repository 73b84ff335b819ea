"""Course Markdown to safe HTML: the one door through which an author's text becomes a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown import Markdown

from lms.content import limits
from lms.content.extensions import CourseFormat
from lms.content.limits import TooMuch
from lms.content.outlines import Outline, outline
from lms.content.page import Heading, Page, clean
from lms.content.sanitizing import SANITIZER_VERSION, TAG, put_back, sanitize
from lms.content.surroundings import STRINGS, Links, Media, Surroundings

__all__ = [
    "SANITIZER_VERSION",
    "STRINGS",
    "Heading",
    "Links",
    "Media",
    "Rendered",
    "Surroundings",
    "TooMuch",
    "render",
    "render_inline",
    "render_stem",
]

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_NOWHERE = Surroundings()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished page part.

    headings: those of the text itself, in order. terms: the glossary terms it uses, known or
    not, each once, as written. words: how many a reader meets, answers included.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    terms: tuple[str, ...] = ()
    words: int = 0


def render(markdown: str, surroundings: Surroundings = _NOWHERE) -> Rendered:
    """Render a lesson, a module's opening text or a description. Raises TooMuch."""
    return _render(markdown, Page(surroundings))


def render_stem(
    body: str, surroundings: Surroundings = _NOWHERE, gaps: Sequence[str] = ()
) -> Rendered:
    """Render a question's body; `{{1}}`, `{{2}}` … become the caller's finished HTML.

    `gaps` is believed: its HTML is put in after sanitizing, each piece once, in text only.
    Raises TooMuch.
    """
    return _render(body, Page(surroundings, gaps=gaps))


def render_inline(markdown: str, surroundings: Surroundings = _NOWHERE) -> Rendered:
    """Render one line without blocks: an option, a piece of feedback, a heading. Raises TooMuch."""
    return _render(markdown, Page(surroundings), inline=True)


def outline_of(markdown: str, surroundings: Surroundings) -> Outline:
    """The outline of a rendered text, with the lines its elements come from. Raises TooMuch."""
    page = Page(surroundings, lines=True)
    return outline(_render(markdown, page).html)


def _render(markdown: str, page: Page, inline: bool = False) -> Rendered:
    text = clean(markdown)
    limits.check(text)
    md = Markdown(extensions=[CourseFormat(page, inline=inline)], output_format="html")
    try:
        html = md.convert(text)
    except RecursionError:
        raise limits.too_deep(limits.fullest_line(text)) from None
    html = put_back(sanitize(html, page), page.trusted)
    words = len(_WORD.findall(TAG.sub(" ", html)))
    return Rendered(html, tuple(page.headings), tuple(page.terms), words)
