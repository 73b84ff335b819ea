"""What the tests of the look share: an environment like the application's, and page values."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, request
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lms.web import assets, charts

TEMPLATES = Path(assets.__file__).parent / "templates"
PAGES = Path(__file__).parent / "pages"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)

LONG = "Ведомство-по-контролю-за-оборотом наркотиков & <b>Zusammenarbeitsvereinbarung</b> " * 3


def environment() -> Environment:
    """Jinja as Flask and Flask-Babel set it up, with English texts."""
    env = Environment(
        loader=FileSystemLoader([TEMPLATES, PAGES]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_null_translations(newstyle=True)
    names = {name: f"/static/{one.hashed}" for name, one in assets.load().items()}
    env.globals.update(asset=names.__getitem__, csrf_token=lambda: "t0ken")
    return env


def page(**changes) -> SimpleNamespace:
    """The context variable `page`: an officer of Georgia in English, nothing chosen."""
    values = {
        "nav": [
            ("My learning", "/learning"),
            ("Courses", "/courses"),
            ("Certificates", "/certificates"),
            ("Help", "/help"),
        ],
        "here": "/learning",
        "person": SimpleNamespace(
            name="Nino Beridze", initials="NB", role_word="Officer", state_name="Georgia"
        ),
        "roles": [("Officer", "officer"), ("Trainer", "trainer")],
        "languages": [("en", "English", "?"), ("ru", "Русский", "?"), ("fa-AF", "دری", "?")],
        "language": "en",
        "direction": "ltr",
        "theme": "",
        "sign_in_href": "/sign-in",
        "home_href": "/learning",
    }
    return SimpleNamespace(**(values | changes))


def signed_out(**changes) -> SimpleNamespace:
    nav = [("Courses", "/courses"), ("Check a certificate", "/verify"), ("Help", "/help")]
    values = {"nav": nav, "here": None, "person": None, "roles": [], "home_href": "/"}
    return page(**(values | changes))


class SampleForm(Form):
    """One field of each kind that a macro draws."""

    name = StringField("First name", [DataRequired(), Length(max=40)])
    mail = EmailField(
        "Work email",
        [DataRequired("Enter a work email address, for example name@mia.gov.ge")],
        description="The invitation goes to this address",
    )
    service = SelectField("Service", choices={"": "Choose", "border": "Border Police"})
    note = TextAreaField("What changed?", [Optional()])
    day = DateField("First day", [Optional()])
    moment = DateTimeLocalField("Nominations close", [Optional()])
    sheet = FileField("Spreadsheet", [Optional()])
    route = RadioField(
        "How officers get a place",
        [InputRequired("Choose how officers get a place")],
        choices={"nomination": "Nomination", "open": "Open"},
    )
    agree = BooleanField("The officer agrees", [InputRequired("The officer must agree")])
    kept = IntegerField("Places kept", [InputRequired("Tajikistan: type 18 or more")])


class SignInForm(Form):
    mail = EmailField("Work email")
    password = PasswordField("Password")


class PersonForm(Form):
    """The fields about a person, with the choices that a page sets."""

    given_name = StringField("Given name")
    family_name = StringField("Family name")
    own_script_name = StringField("Name in your own script")
    family_name_first = BooleanField("The family name is written first")
    address = StringField("Work email address")
    gender = RadioField("Gender", choices={"woman": "Woman", "man": "Man"})
    agency = StringField("Service")
    agency_type = SelectField("Kind of service", choices={"police": "Police"})
    rank_band = SelectField("Rank", choices={"senior": "Senior"})
    function = StringField("Function")
    languages = SelectMultipleField("Working languages", choices={"en": "English", "ru": "Русский"})
    time_zone = SelectField("Time zone", choices={"Europe/Vienna": "Europe/Vienna"})
    language = SelectField("Language", choices={"en": "English"})


class FilterForm(Form):
    activity = SelectField("Activity", choices={"": "All activities"})
    state = SelectField("State", choices={"": "All States and Partners"})


def wrong_form() -> SampleForm:
    """A form that was sent with nothing right in it."""
    form = SampleForm(data={"name": "Tamar"})
    form.validate()
    return form


OPTIONS = [
    ("0", "Release the shipment, because the papers are complete.", False),
    ("1", Markup("Ask the <em>competent authority</em> to confirm the order."), True),
    ("2", "Destroy the chemical at the border.", False),
]


def questions() -> list[dict]:
    """A question of every type, each with its own prefix."""
    gaps = environment().get_template("parts/quiz.html").module
    sentence = Markup("The Tables are in article {} of the {} Convention.")
    made = [
        {"type": "single", "options": OPTIONS, "heading_html": "What do you do first?"},
        {"type": "multiple", "options": OPTIONS, "heading_html": "Which papers do you compare?"},
        {"type": "true_false", "options": OPTIONS[:2], "heading_html": "It has legal uses."},
        {"type": "numeric", "unit": "t", "text": "360", "heading_html": "How much is missing?"},
        {"type": "short", "text": "", "heading_html": "Write the name of the main precursor."},
        {
            "type": "matching",
            "heading_html": "Match each channel with its use.",
            "rows": [("INTERPOL notice", "1"), ("PEN Online", None)],
            "choices": [("0", "Ask for evidence"), ("1", "Find a person")],
        },
        {
            "type": "ordering",
            "heading_html": "Put the steps in the correct order.",
            "rows": [(2, "Stop the shipment"), (0, "Compare the papers"), (1, "Write the report")],
        },
        {
            "type": "gaps",
            "heading_html": "Complete the sentence.",
            "body_html": sentence.format(
                gaps.gap_field(0, "12", prefix="q7"),
                gaps.gap_choice(1, [("0", "1971"), ("1", "1988")], "1", prefix="q7"),
            ),
        },
        {
            "type": "essay",
            "heading_html": "Describe how you would check this shipment.",
            "body_html": Markup("<p>The papers are complete.</p>"),
        },
        {
            "type": "scale",
            "heading_html": "I can use this course in my work.",
            "options": [(str(n), str(n), n == 4) for n in range(1, 6)],
            "low": 1,
            "high": 5,
            "low_label": "not at all",
            "high_label": "fully",
        },
        {"type": "number", "heading_html": "How many colleagues will you train?"},
        {
            "type": "choice",
            "options": OPTIONS,
            "heading_html": "How did you hear of it?",
            "error": "Choose one answer.",
        },
    ]
    return [{"prefix": f"q{n}", **one} for n, one in enumerate(made)]


def _units(*rows) -> list[dict]:
    return [{"title": title, "href": href, "state": state} for title, href, state in rows]


OUTLINE = {
    "title": "Countering illicit trafficking in Afghan opiates",
    "href": "/courses/opiates",
    "done": 12,
    "of": 26,
    "said": "12 of 26 lessons complete",
    "parts": [
        {"units": _units(("Pre-test", "/pre", "done"))},
        {
            "title": "1. Production and markets",
            "said": "4 of 4",
            "units": _units(("Ten years of harvests in figures", "/m1/harvests", "done")),
        },
        {
            "title": "3. Precursors and laboratories",
            "said": "3 of 5",
            "units": _units(
                ("How precursors are diverted", "/m3/diverted", "done"),
                ("Checking a shipment of precursors", "/m3/checking", ""),
                ("Safety at a suspected laboratory", "/m3/safety", ""),
                ("Module quiz", "/m3/quiz", "locked"),
            ),
        },
    ],
}

STEPS = [
    {"number": 1, "href": "?1", "answered": True},
    {"number": 2, "href": "?2", "answered": True, "flagged": True},
    {"number": 3, "href": "?3", "answered": False},
    {"number": 4, "href": "?4", "answered": False, "here": True},
]

CERTIFICATE = {
    "kind": "Certificate of completion",
    "name": "Nino Beridze",
    "course": "International co-operation in drug investigations",
    "details": "4 modules, 3 hours of study, final quiz passed, version 2",
    "date": "18 September 2026",
    "signatory": "Name of signatory",
    "function": "Head, Strategic Police Matters Unit",
    "check": "learning.example.org/verify",
    "code": "7K3M-Q9TX-4WRD-HN8P-2VCE",
    "qr_path": "M4 4h7v1h-7z" * 3,
    "qr_size": 33,
}

LIST_COLUMNS = [
    {"text": "Officer", "href": "?sort=name", "sorted": "ascending"},
    {"text": "Service", "wide": True},
    {"text": "Status", "href": "?sort=status"},
    {"text": "Lessons", "num": True},
]


def context() -> dict:
    """Everything that the pages of tests/web/pages read, beside `page`."""
    state = environment().get_template("parts/status.html").module.state
    return {
        "sample_form": wrong_form(),
        "sign_in_form": SignInForm(),
        "filter_form": FilterForm(),
        "q": questions()[0],
        "questions": questions(),
        "steps": STEPS,
        "course": OUTLINE,
        "certificate_values": CERTIFICATE,
        "columns_of_list": LIST_COLUMNS,
        "rows_of_list": [
            (Markup('<a href="?">Nino Beridze</a>'), "Patrol Police", state("in_progress"), "12"),
            ("Arben Hoxha", None, state("completed"), "26"),
        ],
        "by_state": charts.stacked(
            [("Albania", (21, 8, 3)), ("Norway", (12, 2, 0)), ("Afghanistan", (1, 1, 1))]
        ),
        "by_month": charts.columns([("Sep", 24), ("Oct", 31), ("Nov", 25)], gold=["Oct"]),
        "by_module": charts.bars(
            [("1 Production and markets", 181), ("Final quiz passed", 131)],
            of=214,
            gold=["Final quiz passed"],
        ),
        "ref": "k7wq-3mzt",
        "when": "23 November 2026, 14:40 CET",
        "title": "This officer already has a place",
        "reason": "Ana Khelaia was nominated on 12 November 2026. Nothing was changed.",
        "next": [("Ask the coordinator", "/help", "For a second place in a later activity.")],
        "again": "/m3/quiz",
    }


PUBLIC = ("sign_in", "verify", "about/")


@cache
def gallery() -> Flask:
    """An application that shows every page under the product's content security policy.

    /<page without .html>?theme=dark&direction=rtl
    """
    app = Flask(__name__, static_folder=None)
    assets.init_app(app)
    env = environment()

    @app.post("/<path:name>")
    def take(name: str) -> Response:
        return Response("taken")

    @app.get("/<path:name>")
    def show(name: str) -> Response:
        frame = signed_out if name.startswith(PUBLIC) else page
        values = context()
        chosen = frame(
            theme=request.args.get("theme", ""), direction=request.args.get("direction", "ltr")
        )
        errors = values["sample_form"].errors if name == "form_error" else None
        html = env.get_template(f"{name}.html").render(page=chosen, errors=errors, **values)
        return Response(html, headers={"Content-Security-Policy": POLICY})

    return app


def all_pages() -> list[str]:
    """Names for gallery(): the composed pages, the error pages and the pages to read."""
    own = [path.stem for path in sorted(PAGES.glob("*.html"))]
    errors = [f"errors/{word}" for word in ("forgery", "not_found", "refusal", "server")]
    about = [f"about/{word}" for word in ("accessibility", "help", "privacy", "terms")]
    return own + errors + about
