"""The guard against formulas in spreadsheets."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.cells import guarded, unguarded

HEADS = st.text("=+-@＝＋－＠﹢﹣\t\r\n \u00a0\u200b\ufeff\"'“`a1|", max_size=6)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+43 1 514 36",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        '"=1',
        "'=1",
        " \"\u00a0'=1",
        "\ufeff=1",
        "\u200b@x",
        "\x00=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹢1",
    ],
)
def test_what_may_be_read_as_a_formula_gets_one_apostrophe(text):
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    ["", " ", "Nino", "O'Brien", "'Abd", "Jean-Luc", "a=b", "2026-12-04", "د. نور", "–", "'"],
)
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text


@given(st.one_of(st.text(), st.builds(str.__add__, HEADS, st.text())))
def test_the_guard_comes_off_again(text):
    assert unguarded(guarded(text)) == text


@given(st.builds(str.__add__, HEADS, st.text()))
def test_what_is_guarded_begins_with_no_sign_of_a_formula(text):
    assert guarded(text)[:1] not in set("=+-@＝＋－＠\t\r\n")


@given(st.builds(str.__add__, HEADS, st.text(st.characters(blacklist_characters="\0"))))
def test_a_file_gives_the_text_back(text):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerow([guarded(text), 1])
    file.seek(0)
    (row,) = csv.reader(file)
    assert unguarded(row[0]) == text


def test_known_attacks_are_guarded(cases):
    lines = (cases / "security" / "csv-formula.jsonl").read_text(encoding="utf-8").splitlines()
    payloads = [json.loads(line)["payload"] for line in lines]
    assert payloads
    assert [text for text in payloads if guarded(text) != "'" + text] == []
