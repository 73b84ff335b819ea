"""The certificate is one tagged page that says what the snapshot says, in the same bytes ever."""

import hashlib
import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf.generic import DictionaryObject

from lms.features.certificates.paper import Snapshot, content, make_pdf
from lms.features.certificates.qr import qr_path
from tests.features.certificates.names import LATIN, LATIN_ONLY, OWN
from tests.features.certificates.reading import (
    ADDRESS,
    SNAPSHOT,
    baselines,
    letters,
    only_page,
    paper,
    words,
)

ROOT = Path(__file__).resolve().parents[3]
MADE_FROM_THE_SNAPSHOT = "50d1b8fc304ed83f5c797c1957fa290275914d1a52698d615dce78513c7abbfc"
A4_LANDSCAPE = (841.89, 595.28)  # points
LONG_TEXTS = [
    "name own_script_name affiliation course_title certificate_title hours",
    "signatory_name signatory_function issuer",
]
LONG = [key for line in LONG_TEXTS for key in line.split()]
HOSTILE = [
    '#eval("1+1") #sys.inputs',
    "*x* _y_ `z` ~ -- ... = - + /",
    "$ x^2 $ \\ \\u{41} \\#",
    '"); #panic() //',
    "/* a */ <b>b</b> @c #[d] {e} (f)",
    "https://example.org http://a.b",
    "&amp; %PDF-1.7 <</Type/Catalog>> endobj",
    "'single' \"double\" x--y",
]


def test_two_processes_at_two_times_and_places_write_the_same_bytes(tmp_path):
    script = (
        "import sys, json; from lms.features.certificates.paper import make_pdf; "
        "sys.stdout.buffer.write(make_pdf(json.load(sys.stdin)))"
    )

    def run(zone: str, seed: str) -> bytes:
        surroundings = {"PYTHONPATH": str(ROOT), "TZ": zone, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(SNAPSHOT).encode(),
            env=os.environ | surroundings,
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        return done.stdout

    first = run("UTC", "1")
    time.sleep(1.1)  # a PDF's dates count seconds
    assert run("Asia/Ulaanbaatar", "2") == first == make_pdf(SNAPSHOT)


def test_a_certificate_issued_before_keeps_its_bytes():
    """Fails when template, fonts, wording or typst's version changed what is already issued.

    If that is meant, see the top of template.typ: files whose hash is recorded no longer match.
    """
    assert hashlib.sha256(make_pdf(SNAPSHOT)).hexdigest() == MADE_FROM_THE_SNAPSHOT


def test_the_issue_date_is_the_only_date_in_the_file():
    pdf = paper()
    assert pdf.metadata["/CreationDate"] == pdf.metadata["/ModDate"] == "D:20260920000000Z"
    assert xmp(pdf).count("2026-09-20T00:00:00Z") == xmp(pdf).count("T00:00:00Z") == 4


def test_the_file_is_tagged_titled_and_archivable():
    pdf = paper()
    root = pdf.trailer["/Root"]
    title = (
        "Certificate of Completion: International co-operation in drug investigations, Nino Beridze"
    )
    assert pdf.metadata.title == title
    assert pdf.metadata.author == SNAPSHOT["issuer"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A" in xmp(pdf)
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp(pdf)


def test_a_reader_meets_two_headings_paragraphs_and_a_named_picture():
    pdf = paper()
    tags = list(tagged(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    kinds = [tag["/S"] for tag in tags if tag["/S"] not in ("/Document", "/Div")]
    person = ["/P"] * 4
    course = ["/P", "/H2", "/P", "/P"]
    foot = ["/P", "/P", "/Figure", "/P", "/P", "/P"]
    assert kinds == ["/P", "/H1", *person, *course, *foot]
    (picture,) = (tag for tag in tags if tag["/S"] == "/Figure")
    assert picture["/Alt"] == "QR code that opens the check page for this certificate"
    assert [tag["/Lang"] for tag in tags if "/Lang" in tag] == ["und"]  # the own script's


def test_every_font_is_inside():
    for font in only_page(paper())["/Resources"]["/Font"].values():
        described = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in described


def test_the_file_holds_nothing_that_acts():
    page = only_page(paper())
    assert "/Annots" not in page
    assert "/AA" not in page
    root = paper().trailer["/Root"]
    assert {"/OpenAction", "/AA", "/AcroForm", "/Names"}.isdisjoint(root)


def test_the_page_says_what_the_snapshot_says():
    assert words(paper()) == (
        "OSCE Strategic Police Matters Unit Certificate of Completion This certifies that "
        "Nino Beridze ნინო ბერიძე Georgia completed the course "
        "International co-operation in drug investigations 3 hours of study, version 2 "
        "Completed on 18 September 2026, issued on 20 September 2026, "
        "valid until 20 September 2030 Name of signatory Head, Strategic Police Matters Unit "
        "Check this certificate at learning.example.org/verify Code 7K3M-Q9TX-4WRD-HN8P-2VCE"
    )


def test_what_is_not_there_leaves_no_trace():
    said = words(paper(own_script_name="", affiliation="", expires_on=None, hours="1"))
    assert "Nino Beridze completed the course" in said
    assert "1 hour of study, version 2 Completed on" in said
    assert "valid" not in said


def test_a_day_is_named_once_when_completed_and_issued_are_the_same():
    said = words(paper(issued_on="2026-09-18", expires_on=None))
    assert "Completed on 18 September 2026 Name of signatory" in said


def test_an_own_name_that_repeats_the_latin_one_is_not_printed_twice():
    assert words(paper(name="Őz Béla", own_script_name="Őz  Be\u0301la")).count("Őz Béla") == 1


def test_the_picture_holds_the_check_address_only():
    size, path = qr_path(ADDRESS)
    picture = content(SNAPSHOT)["qr"]
    assert picture["size"] == size
    assert f'd="{path}"/></svg>' in picture["svg"]


@pytest.mark.parametrize("language", LATIN)
def test_a_latin_name_prints_with_its_marks(language):
    name, alphabet = LATIN[language]
    said = words(paper(name=name, own_script_name="", affiliation=alphabet))
    assert f"This certifies that {name} {alphabet} completed" in said


@pytest.mark.parametrize("language", OWN)
def test_a_name_prints_in_its_own_script(language):
    name, own, alphabet = OWN[language]
    said = words(paper(name=name, own_script_name=own, affiliation=alphabet))
    printed = said.partition(name)[2].partition("completed the course")[0]
    assert letters(printed) == letters(own + alphabet)


@pytest.mark.parametrize("language", LATIN_ONLY)
def test_a_script_without_a_font_leaves_the_latin_name_alone(language):
    name, own = LATIN_ONLY[language]
    assert f"This certifies that {name} Georgia" in words(paper(name=name, own_script_name=own))


def test_a_latin_name_with_a_strange_sign_is_still_issued():
    assert "that Kim ? Ⅷ-ae".replace("Ⅷ", "VIII") in words(paper(name="Kim 김 Ⅷ-ae"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_read_as_markup(text):
    said = words(paper(name=text, course_title=text, affiliation=text, own_script_name=""))
    assert f"This certifies that {text} {text} completed the course {text} 3 hours" in said


@pytest.mark.parametrize("text", ["", "\0", "\n", "\u202e", "\ud800", "\u0301", "😀", "\uffff"])
def test_no_text_stops_a_certificate(text):
    assert "Code 7K3M-Q9TX-4WRD-HN8P-2VCE" in words(paper(**dict.fromkeys(LONG, text)))


@pytest.mark.parametrize(
    "text",
    ["W" * 200, "Щ" * 200, "ش" * 200, "Maria-Luiza Ștefan Ễ " * 10, "g" * 3000, "ჰ ჯ " * 50],
    ids=["one word", "Cyrillic", "Arabic", "many words", "3000 signs", "Georgian"],
)
def test_long_texts_stay_on_the_page_and_apart(text):
    pdf = paper(**dict.fromkeys(LONG, text), check_address=f"https://{'w' * 200}.org/verify")
    page = only_page(pdf)
    assert [round(float(side), 2) for side in page.mediabox[2:]] == list(A4_LANDSCAPE)
    pieces = baselines(page)
    assert all(55 < x < 785 and 55 < y < 540 and size > 1 for x, y, size in pieces)
    foot = [piece for piece in pieces if piece[1] < 130]
    columns = (
        [piece for piece in pieces if piece[1] >= 130],
        [piece for piece in foot if piece[0] < 400],
        [piece for piece in foot if piece[0] > 450],
    )
    for column in columns:
        lines = sorted({(round(y, 1), round(size, 1)) for _, y, size in column})
        for (lower, size), (upper, _) in pairwise(lines):
            assert upper - lower >= 0.9 * size or upper - lower < 0.2  # two fonts on one line


def test_a_long_name_shrinks_before_it_wraps():
    def sizes(name: str) -> list[float]:
        pieces = baselines(only_page(paper(name=name, own_script_name="", affiliation="")))
        start = next(n for n, piece in enumerate(pieces) if round(piece[1]) < 430)
        return [round(size, 1) for _, _, size in pieces[start:]][:4]

    short, longer = sizes("Nino Beridze"), sizes("Maria Magdalena Konstantinopolitanopoulou")
    assert short[1] > longer[1] > 20


@pytest.mark.parametrize("text", ["Nino", "ΑаბԱش " * 30], ids=["short", "five scripts"])
def test_a_file_stays_under_300_kb(text):
    assert len(make_pdf({**SNAPSHOT, **dict.fromkeys(LONG, text)})) < 300_000


@pytest.mark.parametrize("key", sorted(Snapshot.__annotations__.keys() - {"outcomes"}))
def test_a_snapshot_that_lacks_something_is_refused_by_its_name(key):
    with pytest.raises(KeyError, match=key):
        make_pdf({name: value for name, value in SNAPSHOT.items() if name != key})


def test_a_date_that_is_none_is_refused():
    with pytest.raises(ValueError, match="day is out of range"):
        make_pdf({**SNAPSHOT, "issued_on": "2026-02-30"})


def xmp(pdf) -> str:
    return pdf.trailer["/Root"]["/Metadata"].get_data().decode()


def tagged(node):
    """Each element of the structure tree, in reading order."""
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tagged(node["/K"])
    elif isinstance(node, list):
        for child in node:
            yield from tagged(child)
