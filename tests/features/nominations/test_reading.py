"""Files of people are read whatever program wrote them."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from lms.features.nominations.files import encodings, reading, writing
from lms.features.nominations.files.columns import Column, find
from lms.features.nominations.files.encodings import Encoding
from lms.features.nominations.files.table import MOST_ROWS, Kind
from lms.rules.refusal import Refusal

ROWS = (("given_name", "family_name", "agency"), ("Nino", "Beridze", "Polizei, Straße"))
CYRILLIC = "имя;фамилия;ведомство\r\nНино;Беридзе;Патрульная полиция\r\n"
LATIN = "Vorname;Name;Behörde\r\nJörg;Müller;Grenzschutz Köln\r\n"


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CYRILLIC.encode(), Encoding.UTF_8),
        (CYRILLIC.encode("utf-8-sig"), Encoding.UTF_8),
        (CYRILLIC.encode("utf-16"), Encoding.UTF_16_LE),
        (CYRILLIC.encode("utf-16-le"), Encoding.UTF_16_LE),
        (CYRILLIC.encode("utf-16-be"), Encoding.UTF_16_BE),
        (LATIN.encode("utf-16-be"), Encoding.UTF_16_BE),
        (CYRILLIC.encode("cp1251"), Encoding.WINDOWS_1251),
        (LATIN.encode("cp1252"), Encoding.WINDOWS_1252),
        ("Prénom;Élodie\nÇa;Noël\n".encode("cp1252"), Encoding.WINDOWS_1252),
    ],
)
def test_the_letters_are_recognized(data, encoding):
    assert encodings.detect(data) is encoding
    assert encodings.decode(data, encoding)[0] in "иVP"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_separator_and_any_line_end_will_do(delimiter, end):
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in ROWS]

    table = reading.read(end.join(lines).encode())

    assert (table.headings, table.rows) == (ROWS[0], ((2, ROWS[1]),))
    assert table.delimiter == delimiter


def test_a_cell_may_hold_line_breaks_and_rows_keep_their_numbers():
    text = 'given_name,family_name,agency\n\nNino,Beridze,"Patrol\nPolice"\nLevan,"K ""L""",\n'

    table = reading.read(text.encode())

    assert table.rows == (
        (3, ("Nino", "Beridze", "Patrol\nPolice")),
        (4, ("Levan", 'K "L"', "")),
    )


def test_the_first_line_of_excel_names_the_separator():
    table = reading.read(b"sep=;\r\nname;first name, last\r\nA;B\r\n")

    assert (table.headings, table.rows) == (("name", "first name, last"), ((3, ("A", "B")),))


def test_a_workbook_reads_like_the_text_file():
    assert reading.read(book(*ROWS)).rows == ((2, ROWS[1]),)


def test_numbers_and_days_of_a_workbook_become_plain_text():
    rows = reading.read(book(("order", "telephone"), (1.0, 7.5))).rows

    assert rows == ((2, ("1", "7.5")),)


def test_a_formula_counts_as_the_value_that_was_shown():
    made = book(("given_name", "family_name"), ("Nino", "=1+1"))

    assert reading.read(made).rows == ((2, ("Nino", "")),)  # nobody has calculated it yet


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"given_name,family_name\n", "no rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as XLSX or CSV"),
        (b"%PDF-1.7 ...", "no table"),
        (b"PK\x03\x04 but no archive", "not a workbook"),
        (b'a,b\n"never closed, 1\n' + b"x" * 200_000, "near line"),
        (b"a,b\n1,2,3\n", "Row 2 has more cells"),
        (b"a\n" + b"x\n" * (MOST_ROWS + 1), "more than 10000 rows"),
        ((",".join("x" * 101) + "\n" + "1\n").encode(), "more than 100 columns"),
        (b"a\n" + b"x" * 40_000, "too long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data, words):
    with pytest.raises(Refusal, match=words):
        reading.read(data)


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_opened():
    with pytest.raises(Refusal, match="too large inside"):
        reading.read(zipped("xl/sharedStrings.xml", bytes(60_000_000)))


def test_entities_of_a_workbook_are_refused():
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><worksheet>&y;</worksheet>'
    out = io.BytesIO(book(*ROWS))
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, bomb if sheet else old.read(part))

    with pytest.raises(Refusal, match="not a workbook"):
        reading.read(changed.getvalue())


def test_headings_are_known_in_any_order_and_language():
    german = find(("E-Mail", "Nachname", "Vorname", "Land", "Geschlecht"))
    russian = find(("Фамилия", "имя", "Эл. почта"))

    assert list(german.at) == [
        Column.EMAIL,
        Column.FAMILY_NAME,
        Column.GIVEN_NAME,
        Column.STATE,
        Column.GENDER,
    ]
    assert russian.at[Column.EMAIL] == 2


def test_a_column_said_twice_is_refused():
    with pytest.raises(Refusal, match="say the same"):
        find(("first name", "Vorname", "surname"))


def test_files_that_nobody_here_wrote_are_read(cases):
    users = reading.read((cases / "people" / "upload_users.csv").read_bytes())
    columns = find(users.headings)

    assert [cells[columns.at[Column.EMAIL]] for _, cells in users.rows] == [
        "jonest@example.com",
        "reznor@example.com",
    ]
    assert columns.has_passwords
    assert "course1" in columns.unread
    with pytest.raises(Refusal, match="given_name, family_name"):
        find(reading.read((cases / "people" / "tabfile.csv").read_bytes()).headings)


cell = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(cell, cell).filter(any), min_size=1, max_size=5))
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_written_is_read_back(kind, rows):
    table = reading.read(writing.write(kind, ("one", "two"), rows, ";"))

    taken = writing.guarded if kind is Kind.CSV else str
    assert [tuple(cells) for _, cells in table.rows] == [tuple(map(taken, row)) for row in rows]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_no_bytes_break_the_reader(data):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"first name,surname\n"):
        try:
            reading.read(start + data)
        except Refusal as refusal:
            assert str(refusal)  # noqa: PT017 -- anything but a refusal fails
