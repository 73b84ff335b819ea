"""What the fonts can print is known before typst is asked."""

import pytest
from fontTools.ttLib import TTFont

from lms.web.paper.coverage import (
    FONTS,
    alphabets,
    covered,
    heading_face,
    missing,
    printable,
    tidy,
)
from tests.features.certificates.names import LATIN, LATIN_ONLY, OWN

ALPHABETS = {language: entry[-1] for language, entry in (LATIN | OWN).items()}


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_of_every_state_has_a_glyph(language):
    assert missing(ALPHABETS[language]) == set()


@pytest.mark.parametrize("language", LATIN)
def test_every_latin_name_is_set_in_the_font_of_the_headings(language):
    assert heading_face(LATIN[language][0]) == "Literata" or language == "uz"


@pytest.mark.parametrize("language", LATIN_ONLY)
def test_a_script_without_a_font_is_known_to_be_missing(language):
    assert not covered(LATIN_ONLY[language][1])


@pytest.mark.parametrize("file", sorted(FONTS.glob("*.ttf")), ids=lambda file: file.stem)
def test_the_alphabets_are_those_that_fonttools_reads(file):
    with TTFont(file) as font:
        signs = {chr(code) for code in font.getBestCmap()}
        family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
    assert alphabets()[family] == signs


def test_the_licence_stands_beside_the_fonts():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łukasz Žižka", "Łukasz Žižka"),
        ("Nǔ Ḿ", "Nǔ Ḿ"),
        ("x̌", "x̌"),  # one font holds letter and mark
        ("ა̌", "ა"),  # none does: the letter stays
        ("ﬁne №½ Ⅷ", "ﬁne №½ VIII".replace("ﬁ", "fi")),
        ("Kim 김 😀", "Kim ? ?"),
        ("\ud800\ue000\U0010ffff", "???"),
    ],
)
def test_a_missing_letter_gets_its_nearest_spelling(text, printed):
    assert printable(text) == printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Nino\t\n Beridze\0 ", "Nino Beridze"),
        ("Jose\u0301", "José"),
        ("Nino \u202eezdireB\u2066", "Nino ezdireB"),
        ("a" + "\u0336" * 40, "a" + "\u0336" * 4),
        ("می\u200cروم", "می\u200cروم"),
        ("", ""),
    ],
)
def test_a_text_is_tidied_to_one_line_of_visible_signs(text, shown):
    assert tidy(text) == shown


def test_a_name_in_two_scripts_begins_in_the_serif():
    assert heading_face("Nino ნინო") == "Noto Serif"
    assert heading_face("ნინო ბერიძე") == "Noto Serif Georgian"
    assert heading_face("Рустам Қаҳҳоров") == "Noto Serif"
