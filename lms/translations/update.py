"""Read the texts out of the code, carry them into the catalogues, compile these.

    python -m lms.translations.update

writes messages.pot and, for every language, messages.po and messages.mo, and says what is still
to translate. The files have no dates, so that a run without new texts changes nothing. A new
language: make its folder with an empty LC_MESSAGES/messages.po, run this, translate, run again.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
TEMPLATE = HERE / "messages.pot"
# beside gettext and its kin: texts that are only marked, and translated where they are shown
KEYWORDS = DEFAULT_KEYWORDS | dict.fromkeys(("_l", "lazy_gettext", "Refusal", "marked"))
LEFT_OUT = (
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Generated-By",
)
HEADER = "# {}\n# EUPL-1.2, as the code.\n#"


class Plain(Catalog):
    """A catalogue whose header says nothing of when, where and with what it was made."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [(name, said) for name, said in super().mime_headers if name not in LEFT_OUT]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)


def plain(locale: str | None = None) -> Plain:
    title = f"Texts of the training platform: {locale or 'template'}."
    return Plain(
        locale=locale,
        project="lms",
        version="1",
        header_comment=HEADER.format(title),
        fuzzy=False,
    )


def extracted() -> Plain:
    """Every text of the code, with the files it stands in."""
    with (HERE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    texts = plain()
    found = extract_from_dir(HERE.parent, methods, options, KEYWORDS, comment_tags=("i18n:",))
    for file, _line, text, comments, context in found:
        texts.add(text, locations=[(f"lms/{file}", None)], auto_comments=comments, context=context)
    return texts


def updated(locale: str, template: Catalog) -> Plain:
    """The language's catalogue with the texts of the template: new ones empty, old ones gone."""
    kept = read(locale)
    made = plain(locale)
    for text in template:
        if not text.id:
            continue
        old = kept.get(text.id, context=text.context)
        said = old.string if old is not None else ""
        if text.pluralizable:
            said = tuple(said) if isinstance(said, (tuple, list)) else ()
            said += ("",) * (made.num_plurals - len(said))
        elif not isinstance(said, str):
            said = ""
        made[text.id] = Message(
            text.id,
            said,
            locations=text.locations,
            flags=text.flags,
            auto_comments=text.auto_comments,
            user_comments=old.user_comments if old is not None else (),
            context=text.context,
        )
    return made


def folder(locale: str) -> Path:
    return HERE / locale / "LC_MESSAGES"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(file.parent.parent.name for file in HERE.glob("*/LC_MESSAGES/messages.po"))


def read(locale: str) -> Catalog:
    with (folder(locale) / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file; locations name files without lines, which move too often."""
    made = BytesIO()
    write_po(made, catalogue, width=100, include_lineno=False)
    return made.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def is_translated(message: Message) -> bool:
    said = message.string
    return all(said) if isinstance(said, (tuple, list)) else bool(said)


def untranslated(locale: str) -> int:
    """How many texts of the template the language's catalogue lacks; all of them without one."""
    if locale == "en":
        return 0
    with TEMPLATE.open("rb") as file:
        template = [text for text in read_po(file) if text.id]
    if not (folder(locale) / "messages.po").exists():
        return len(template)
    kept = read(locale)
    said = [kept.get(text.id, context=text.context) for text in template]
    return sum(text is None or not is_translated(text) for text in said)


def main() -> None:
    template = extracted()
    TEMPLATE.write_bytes(written(template))
    print(f"{len(template)} texts")
    for locale in languages():
        made = updated(locale, template)
        (folder(locale) / "messages.po").write_bytes(written(made))
        (folder(locale) / "messages.mo").write_bytes(compiled(made))
        done = sum(is_translated(text) for text in made if text.id)
        print(f"{locale}: {done} translated, {len(template) - done} in English")


if __name__ == "__main__":
    main()
