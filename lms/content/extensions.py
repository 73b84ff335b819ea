"""The course format as one extension of Python-Markdown."""

from typing import cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor, Treeprocessor

from lms.content.building import Builder
from lms.content.finishing import finish, serialize
from lms.content.inlines import patterns
from lms.content.page import Page


class CourseFormat(Extension):
    """Sets Python-Markdown up for one page: our structure, its inline engine, our finish."""

    def __init__(self, page: Page, inline: bool = False) -> None:
        super().__init__()
        self.page, self.inline = page, inline

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        for registry, names in (
            (md.preprocessors, ("normalize_whitespace", "html_block")),
            (md.treeprocessors, ("prettify", "unescape")),
            (md.postprocessors, ("raw_html", "amp_substitute")),
        ):
            for name in names:
                registry.deregister(name)
        md.parser = Builder(md, self.page, self.inline)
        inline = cast(InlineProcessor, md.treeprocessors["inline"])
        inline.inlinePatterns = md.inlinePatterns = patterns(md, self.page)
        md.treeprocessors.register(_Finish(md, self.page), "finish", 10)
        md.serializer = serialize


class _Finish(Treeprocessor):
    def __init__(self, md: Markdown, page: Page) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        finish(root, self.page)
