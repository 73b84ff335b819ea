"""What may stand in the fields about a person."""

import pytest

from lms.rules.particulars import Particulars, check, typed_address


def wrong(**values: object) -> list[str]:
    fields = {"given_name": "Nino", "family_name": "Beridze", "affiliation_id": 1, **values}
    return [field for field, _sentence in check(Particulars(**fields))]


@pytest.mark.parametrize(
    "name", ["Nino", "Jean-Luc", "O'Brien", "Şükrü", "Ægir", "Nguyễn Văn", "St. John", "D’Angelo"]
)
def test_names_of_passports_are_taken(name):
    assert wrong(given_name=name, family_name=name) == []


@pytest.mark.parametrize(
    "name", ["", "Нино", "ნინო", "Nino1", "-", "<b>Nino</b>", "=1+1", "N" * 121, "Ni\nno", "Νίκος"]
)
def test_a_name_is_written_in_latin_letters(name):
    assert wrong(given_name=name) == ["given_name"]


def test_every_field_has_its_mistake():
    assert wrong(
        family_name="Беридзе",
        own_script_name="x" * 241,
        agency="a\u2028b",
        function="f" * 121,
        agency_type="army",
        rank_band="general",
        languages=("en", "en"),
        time_zone="Mars/Olympus",
        language="klingon language",
        address="nino at mia",
    ) == [
        "family_name",
        "own_script_name",
        "agency",
        "function",
        "agency_type",
        "rank_band",
        "languages",
        "time_zone",
        "language",
        "address",
    ]


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc", "Europe", "", "Europe/Vienna\n"])
def test_a_time_zone_is_no_path(zone):
    assert wrong(time_zone=zone) == ["time_zone"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Nino.Beridze@MIA.gov.ge ", "nino.beridze@mia.gov.ge"),
        ("o'hara+x@a-b.example", "o'hara+x@a-b.example"),
        ("nino@mia", None),
        ("nino@@mia.ge", None),
        ("nino beridze@mia.ge", None),
        (".nino@mia.ge", None),
        ("нино@mia.ge", None),
        ("a" * 65 + "@mia.ge", None),
        ("", None),
    ],
)
def test_an_address_is_kept_without_case(typed, kept):
    assert typed_address(typed) == kept
