"""What a row says, and what is wrong with it, is found without any database."""

import pytest

from lms.features.nominations.files import reading
from lms.features.nominations.files.checking import Sheet, check_table
from lms.features.nominations.files.words import States
from lms.models import Gender

STATES = States(
    [("GE", "Georgia"), ("CZ", "Czechia"), ("TR", "Türkiye"), ("US", "United States of America")]
)
HEADINGS = "given_name,family_name,email,agency"


def sheet(*rows: str, headings: str = HEADINGS) -> Sheet:
    table = reading.read("\n".join((headings, *rows)).encode())
    return check_table(table, STATES, languages=("en", "ru"))


def problems(*rows: str, headings: str = HEADINGS) -> list[tuple[int, str, str, str]]:
    return [
        (line.number, one.column, one.value, one.sentence.format(**one.values))
        for line in sheet(*rows, headings=headings).lines
        for one in line.problems
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Georgia", "GE"),
        ("ge", "GE"),
        ("GEO", "GE"),
        ("Грузия", "GE"),
        ("Géorgie", "GE"),
        ("Czech Republic", "CZ"),
        ("Tschechien", "CZ"),
        ("Turkey", "TR"),
        ("TURKIYE", "TR"),
        ("the United States", "US"),
        ("Соединенные Штаты", "US"),
        ("Atlantis", None),
    ],
)
def test_a_state_is_known_by_code_name_former_name_and_in_other_languages(text, code):
    assert STATES.find(text) == code


def test_words_of_people_become_values():
    (line,) = sheet(
        "Nino,Beridze,Женщина,Border guard,английский; ka / fr,Russian,2.,GEO",
        headings="First name,Surname,sex,agency type,languages,language of study,order,country",
    ).lines

    assert line.problems == ()
    assert (line.state, line.order) == ("GE", 2)
    assert line.fields == {
        "given_name": "Nino",
        "family_name": "Beridze",
        "gender": Gender.WOMAN,
        "agency_type": "border_guard",
        "languages": ("en", "ka", "fr"),
        "language": "ru",
    }


def test_every_mistake_names_its_column_the_value_and_the_remedy():
    assert problems(
        'Zurab,Meladze,"zurab.meladze@mia,gov.ge",Police,,',
        "Ketevan,Abashidze,,Police,Georgian,first",
        "Натия,,,Police,,",
        headings="given_name,family_name,Work email,agency,language,order",
    ) == [
        (
            *(2, "Work email", "zurab.meladze@mia,gov.ge"),
            "Write a full stop, not a comma, in the email address.",
        ),
        (3, "language", "Georgian", "Write one of these: en, ru."),
        (3, "order", "first", "Write a whole number from 1, or leave the cell empty."),
        (
            *(4, "given_name", "Натия"),
            "Use Latin letters, as in the passport. The own script has its own field.",
        ),
        (4, "family_name", "", "Write the name as it stands in the passport."),
    ]


def test_the_guard_against_formulas_is_taken_off():
    (line,) = sheet("Nino,Beridze,,'=Police").lines

    assert line.fields["agency"] == "=Police"


def test_rows_about_the_same_person_name_the_earlier_one():
    lines = sheet(
        "Nino,Beridze,n@mia.gov.ge,",
        "Nino,Beridze,,Police",
        "Nina,Beridze,N@MIA.gov.ge,",
        "NINO,Béridze,,police",
        "Nino,Beridze,,Customs",
    ).lines

    assert [line.twin for line in lines] == [None, None, 2, 3, None]


def test_empty_cells_say_nothing():
    (line,) = sheet("Nino,Beridze,,").lines

    assert line.fields == {"given_name": "Nino", "family_name": "Beridze"}
