"""The texts of the interface: found, translated where it is promised, shown in their language."""

import re
from datetime import date, timedelta
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from flask_babel import gettext

from config import Config
from lms.app import create_app
from lms.deeds.certificates import ISSUER
from lms.features.certificates import views
from lms.models import Certificate, CertificateKind
from lms.rules.enrolments import State
from lms.translations import update
from lms.web.times import period
from tests.factories import NOON, make_person, saved
from tests.features.reporting.factories import make_course, make_place
from tests.web.pseudo import Texts

TAGS = ("de", "es", "fr", "it", "ru")
OWN_NAMES = ("English", "Deutsch", "Español", "Français", "Italiano", "Русский")
PARTS = "lms/web/templates/parts"
CHECK_PAGE = {  # what the check page and the errors reached from it are made of
    "lms/features/certificates/templates/verify.html",
    "lms/web/templates/base.html",
    *(f"{PARTS}/{name}.html" for name in ("page", "status", "list", "form", "icons")),
    *(f"lms/web/templates/errors/{name}.html" for name in ("bare", "failed", "forgery")),
    *(f"lms/web/templates/errors/{name}.html" for name in ("not_found", "refusal", "server")),
    *(f"lms/web/{name}.py" for name in ("errors", "page", "times")),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
CODES = {
    "valid": "7K3MQ9TX4WRDHN8P2VCE",
    "expired": "7K3MQ9TX4WRDHN8P2VCF",
    "revoked": "7K3MQ9TX4WRDHN8P2VCG",
    "replaced": "7K3MQ9TX4WRDHN8P2VCH",
    "not_found": "AAAABBBBCCCCDDDDEEEE",
}
ISSUED_ON = {
    "en": "4 December 2026",
    "de": "4. Dezember 2026",
    "es": "4 de diciembre de 2026",
    "fr": "4 décembre 2026",
    "it": "4 dicembre 2026",
    "ru": "4 декабря 2026 г.",
}
VERDICTS = {
    "valid": "This certificate is valid",
    "expired": "This certificate has expired",
    "revoked": "This certificate was withdrawn",
    "replaced": "This certificate was replaced",
    "not_found": "No certificate has this code",
}


def texts_of(catalogue):
    """All entries but the header."""
    return [text for text in catalogue if text.id]


@pytest.fixture(scope="module")
def template():
    return update.extracted()


@pytest.fixture(scope="module")
def check_page(template):
    """The texts that the check page can show."""
    return [text for text in template if CHECK_PAGE & {file for file, _ in text.locations}]


@pytest.fixture(scope="module", params=TAGS)
def tag(request):
    return request.param


@pytest.fixture(scope="module")
def catalogue(tag):
    return update.read(tag)


def test_the_template_holds_every_text_of_the_code(template):
    assert update.TEMPLATE.read_bytes() == update.written(template), (
        "run: python -m lms.translations.update"
    )


def test_the_files_say_nothing_of_when_and_where(tag):
    for file in (update.TEMPLATE, update.folder(tag) / "messages.po"):
        head = file.read_text().partition("\n\n")[0]
        assert not re.search(r"Date|@|/|\d{4}-\d\d", head.replace("text/plain", ""))
    lines = update.TEMPLATE.read_text().splitlines()
    places = [line for line in lines if line.startswith("#:")]
    assert places
    assert all(re.fullmatch(r"#:( lms/[\w/]+\.(py|html))+", line) for line in places)


def test_refusals_stand_in_the_template(template):
    for text in (
        "You can try again from {until}.",
        "This place was given up. To take the course, ask for a new place.",
        "This answer does not belong to the question. Open the question again, then answer.",
    ):
        assert text in template


def test_no_text_is_built_before_it_is_translated():
    """An f-string in gettext or Refusal is never found by the extraction."""
    call = re.compile(r"\b(?:_|_l|gettext|ngettext|lazy_gettext|Refusal|marked)\(\s*f[\"']")
    wrong = [
        str(file.relative_to(update.HERE.parent))
        for file in update.HERE.parent.rglob("*.py")
        if call.search(file.read_text())
    ]
    assert not wrong


def test_a_catalogue_has_the_texts_of_the_template(tag, catalogue, template):
    wanted = {(text.context, text.id) for text in texts_of(template)}
    assert {(text.context, text.id) for text in texts_of(catalogue)} == wanted
    assert not catalogue.obsolete


def test_the_check_page_is_translated(catalogue, check_page):
    assert len(check_page) > 100
    missing = [
        text.id
        for text in check_page
        if not update.is_translated(catalogue.get(text.id, context=text.context))
    ]
    assert not missing


def test_translations_keep_the_placeholders(catalogue):
    for text in texts_of(catalogue):
        ids = text.id if text.pluralizable else (text.id,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        said = text.string if text.pluralizable else (text.string,)
        for one in filter(None, said):
            assert set(PLACEHOLDER.findall(one)) == wanted, text.id
        assert not text.fuzzy
        assert not list(text.check(catalogue))


def test_plurals_are_complete_or_empty(tag, catalogue):
    assert catalogue.num_plurals == {"ru": 3}.get(tag, catalogue.num_plurals)
    for text in texts_of(catalogue):
        if text.pluralizable and any(text.string):
            assert len(text.string) == catalogue.num_plurals, text.id
            assert all(text.string), text.id


def test_the_compiled_catalogue_is_up_to_date(tag, catalogue):
    fresh = GNUTranslations(BytesIO(update.compiled(update.updated(tag, catalogue))))
    kept = GNUTranslations(BytesIO((update.folder(tag) / "messages.mo").read_bytes()))
    assert kept._catalog == fresh._catalog, "run: python -m lms.translations.update"


def test_an_update_without_new_texts_changes_nothing(tag, template):
    po = update.folder(tag) / "messages.po"
    assert update.written(update.updated(tag, template)) == po.read_bytes()


def test_only_complete_languages_are_offered(tmp_path, caplog):
    english_texts = len(texts_of(read_po(BytesIO(update.TEMPLATE.read_bytes()))))
    app = create_app(Config(DATA=tmp_path, LANGUAGES=("en", "de", "xx")))
    complete = not update.untranslated("de")
    assert app.config["LANGUAGES"] == (("en", "de") if complete else ("en",))
    assert update.untranslated("en") == 0
    assert update.untranslated("xx") == english_texts
    assert "xx is left out" in caplog.text


@pytest.fixture
def certificates(app):
    """One certificate of each state, of one course with a title in German and Russian."""
    made = make_course()
    for result, code in CODES.items():
        if result == "not_found":
            continue
        place = make_place(made, kept=State.COMPLETED)
        last_day = date(2026, 12, 3) if result == "expired" else date(2030, 12, 4)
        row = saved(
            Certificate(
                enrolment_id=place.id,
                kind=CertificateKind.COMPLETION,
                code=code,
                issued_at=NOON,
                expires_on=last_day,
                snapshot=snapshot(code),
                revoked_at=NOON + timedelta(hours=11.5) if result == "revoked" else None,
            )
        )
        if result == "replaced":
            new = Certificate(
                enrolment_id=make_place(made, kept=State.COMPLETED).id,
                kind=CertificateKind.COMPLETION,
                code="7K3MQ9TX4WRDHN8P2VCJ",
                issued_at=NOON,
                snapshot=snapshot(code),
            )
            row.replaced_by = saved(new).id
            saved(row)


def snapshot(code):
    return {
        "given_name": "Nino",
        "family_name": "Beridze",
        "course_title": "Afghan opiates",
        "course_titles": {
            "en": "Afghan opiates",
            "de": "Afghanische Opiate",
            "ru": "Афганские опиаты",
        },
        "hours": "4",
        "release": 1,
        "completed_on": "2026-12-04",
        "issued_on": "2026-12-04",
        "show_name": "initials",
        "code": code,
        "language": "en",
        "issuer": ISSUER,
    }


@pytest.fixture
def unthrottled(monkeypatch):
    monkeypatch.setattr(views, "too_many", lambda *_, **__: False)


def at(tag, path):
    return path if tag == "en" else f"/{tag}{path}"


def said_in(tag, text, context=None):
    """What a catalogue says for a text."""
    if tag == "en":
        return text
    return update.read(tag).get(text, context=context).string


def head_of(page):
    return next(attrs for name, attrs in page.tags if name == "html")


def english_left(page, check_page, tag):
    """Texts of the check page that a page in another language still shows in English."""
    kept = update.read(tag)
    shown = "\n".join(text for text in page.all if text != ISSUER)
    found = []
    for text in check_page:
        english = "\n".join(text.id) if text.pluralizable else text.id
        if kept.get(text.id, context=text.context).string == english:
            continue
        for piece in re.split(rf"\n|{PLACEHOLDER.pattern}", english):
            words = piece.strip(" .:")
            alone = " " not in words
            if words and (words in shown.split("\n") if alone else words in shown):
                found.append(words)
    return set(found)


@pytest.mark.parametrize("spoken", ["en", *TAGS])
@pytest.mark.parametrize("result", CODES)
def test_a_result_is_shown_in_the_language_of_the_address(
    browser, certificates, unthrottled, check_page, spoken, result
):
    answer = browser.get(at(spoken, f"/verify/{CODES[result]}"))
    assert answer.status_code == (404 if result == "not_found" else 200)
    page = Texts(answer.text)
    assert head_of(page)["lang"] == spoken
    assert head_of(page)["dir"] == "ltr"
    assert said_in(spoken, VERDICTS[result]) in page.all
    if result != "not_found":
        assert ISSUED_ON[spoken] in page.all
    if spoken != "en":
        same_word = {"Code", "Version", "Name", "Pages", "page", "Page", "min", "Error"}
        assert english_left(page, check_page, spoken) <= same_word


@pytest.mark.parametrize("spoken", ["en", *TAGS])
def test_the_check_page_and_its_links_speak_one_language(browser, spoken, check_page):
    page = Texts(browser.get(at(spoken, "/verify")).text)
    assert head_of(page)["lang"] == spoken
    here = at(spoken, "/verify")
    assert [attrs["action"] for name, attrs in page.tags if name == "form"] == [here]
    links = [attrs["href"] for name, attrs in page.tags if name == "a"]
    menu = [at(tag, "/verify") for tag in ("en", *TAGS)]
    assert links.count(here) == 3  # the menu of pages, that of languages, the foot
    assert [link for link in links if link.endswith("/verify") and link != here] == [
        link for link in menu if link != here
    ]
    if spoken != "en":
        assert not english_left(page, check_page, spoken)


def test_the_day_of_withdrawal_is_a_day_in_vienna(browser, certificates, unthrottled):
    page = Texts(browser.get(f"/ru/verify/{CODES['revoked']}").text)  # withdrawn at 23:30 UTC
    assert "С 5 декабря 2026 г. он недействителен." in page.all


@pytest.mark.parametrize(
    ("value", "said"),
    [((1, "years"), "1 год"), ((4, "years"), "4 года"), ((18, "months"), "18 месяцев")],
)
def test_a_validity_has_the_plural_of_its_language(app, value, said):
    with app.test_request_context("/ru/verify"):
        assert period(value) == said


def test_the_menu_names_each_language_by_its_own_name(browser):
    page = browser.get(f"/ru/verify/{CODES['valid']}").text
    found = re.findall(r'<a href="([^"]+)" lang="(\w+)" dir="auto"[^>]*>([^<]+)</a>', page)
    assert [(tag, name) for _, tag, name in found] == list(
        zip(("en", *TAGS), OWN_NAMES, strict=True)
    )
    assert [href for href, tag, _ in found] == [
        at(tag, f"/verify/{CODES['valid']}") for tag in ("en", *TAGS)
    ]
    assert 'lang="ru" dir="auto" aria-current="true"' in page


def test_a_typed_code_leads_to_the_page_in_the_same_language(browser):
    answer = browser.get("/fr/verify?code=7k3m+q9tx+4wrd+hn8p+2vce")
    assert answer.status_code == 303
    assert answer.location == "/fr/verify/7K3M-Q9TX-4WRD-HN8P-2VCE"


def test_what_stays_as_issued_is_marked_with_its_language(browser, certificates, unthrottled):
    russian = browser.get(f"/ru/verify/{CODES['valid']}").text
    assert f'<span lang="en">{ISSUER}</span>' in russian
    assert "<bdi>Афганские опиаты</bdi>" in russian
    spanish = browser.get(f"/es/verify/{CODES['valid']}").text
    assert '<bdi lang="en">Afghan opiates</bdi>' in spanish


@pytest.mark.parametrize("spoken", TAGS)
def test_errors_reached_from_the_check_page_speak_its_language(
    browser, spoken, check_page, monkeypatch
):
    lost = browser.get(f"/{spoken}/verify/a/b")
    assert lost.status_code == 404
    monkeypatch.setattr(views, "too_many", lambda *_, **__: True)
    throttled = browser.get(f"/{spoken}/verify/{CODES['valid']}")
    assert throttled.status_code == 429
    for answer in (lost, throttled):
        page = Texts(answer.text)
        assert head_of(page)["lang"] == spoken
        assert not english_left(page, check_page, spoken)


def test_a_signed_in_person_sees_the_check_page_in_its_language(browser, check_page):
    browser.sign_in(make_person("Нино Беридзе"))
    page = Texts(browser.get("/ru/verify").text)
    assert head_of(page)["lang"] == "ru"
    assert not english_left(page, check_page, "ru")


def test_other_pages_stay_english(browser):
    browser.sign_in(make_person(language="ru"))  # whose catalogue is not complete yet
    assert head_of(Texts(browser.get("/learning").text))["lang"] == "en"


def test_a_sentence_that_is_not_translated_falls_back_to_english(browser):
    text = "Some questions must be answered. They are marked in the list."
    with browser.app.test_request_context("/ru/verify"):
        assert gettext(text) == text
        assert gettext("Page not found") == "Страница не найдена"
