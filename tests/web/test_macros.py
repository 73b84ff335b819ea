"""Every macro with the longest and the empty value: its structure, names and escaping."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace

import pytest
from markupsafe import Markup

from lms.web import charts
from tests.web import look

ENV = look.environment()
VOID = {"meta", "link", "input", "br", "hr", "img", "track"}

VALUES = {"longest": look.LONG, "plain": "Georgia", "empty": ""}


class Reader(HTMLParser):
    """The elements of a piece of HTML; complains about tags that do not match."""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.all, self.wrong = [], [], []
        self.feed(html)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def find(self, tag, **attrs):
        return [
            one
            for name, one in self.all
            if name == tag and all(one.get(key) == value for key, value in attrs.items())
        ]


def call(family: str, macro: str, /, *args, inner: str | None = None, **kwargs) -> str:
    """What a macro yields; inner is the content of a {% call %}."""
    made = getattr(ENV.get_template(f"parts/{family}.html").module, macro)
    if inner is not None:
        kwargs["caller"] = lambda: Markup(inner)
    return str(made(*args, **kwargs))


def every_macro(text: str) -> dict[str, str]:
    """The macros by name, each given `text` wherever it takes words."""
    form = look.wrong_form()
    for field in form:
        field.label.text = text
        field.errors = [text] if text else []
    personal = look.PersonForm()
    for field in personal:
        field.label.text = field.description = text
        field.errors = [text] if text else []
    tasks = [{"num": 1, "title": text, "href": "/x", "said": text, "note": text, "status": text}]
    rows = [{"title": text, "icon": "rosette"}]
    course = {"subject": "drugs", "title": text, "href": "/x", "note": text, "summary": text}
    outline = look.OUTLINE | {"title": text, "said": text}
    paging = {"first": 1, "last": 2, "total": 3, "links": [(1, "?1", True), (2, "?2", False)]}
    paging |= {"before": "?1", "after": "?3"}
    pair = (text, "/x")
    triple = (text, "/x", text)
    certificate = look.CERTIFICATE | {"name": text, "course": text, "details": text, "lang": "ru"}
    person = SimpleNamespace(name=text, initials="NB", role_word=text, state_name=text)
    page = look.page(nav=[pair], person=person)
    made = {
        "page.icon": call("page", "icon", "search"),
        "page.header": call("page", "header", page),
        "page.header public": call("page", "header", look.signed_out(languages=[])),
        "page.footer": call("page", "footer"),
        "page.crumbs": call("page", "crumbs", [pair, (text, "")], text),
        "page.back": call("page", "back", "/x", text),
        "page.page_head": call(
            "page", "page_head", text, text, text, text, text, inner=text and "x"
        ),
        "page.page_head alone": call("page", "page_head", text),
        "page.tabs": call("page", "tabs", "Course", [pair], "/x"),
        "page.banner": call(
            "page", "banner", "ok", "shield", text, link=pair, live=True, inner="x"
        ),
        "page.banner plain": call("page", "banner", "", "info", text),
        "page.error_summary": call("page", "error_summary", [("mail", text), ("", text)]),
        "page.refusal": call("page", "refusal", text, text, [triple], "k7wq-3mzt", text),
        "page.not_found": call("page", "not_found", "k7wq-3mzt", text, "/", text, True),
        "page.card": call("page", "card", text, inner="x"),
        "page.disclosure": call("page", "disclosure", text, True, inner="x"),
        "page.empty": call("page", "empty", text, pair),
        "form.form": call("form", "form", "/x", once=text, labelledby="f", keep=True, inner="x"),
        "form.form get": call("form", "form", "/x", method="get", inner="x"),
        "form.field": call("form", "field", form.mail, text, "email", "email", True),
        "form.text": call("form", "text", form.note, 4, text),
        "form.choose": call("form", "choose", form.service, text),
        "form.file": call("form", "file", form.sheet, ".csv", text),
        "form.date": call("form", "date", form.day, text),
        "form.moment": call("form", "moment", form.moment, text),
        "form.tick": call("form", "tick", form.agree, text),
        "form.ticks": call("form", "ticks", text, "s", [("a", text, True, 0), ("b", text, False)]),
        "form.options": call("form", "options", form.route, notes={"open": text}),
        "form.cell": call("form", "cell_field", form.kept, "Places", text)
        + call("form", "cell_error", form.kept),
        "form.buttons": call("form", "buttons", text, [(text, "do", "more")], pair, "next"),
        "form.finder": call("form", "finder", "/x", text, text, kept=[("state", text)]),
        "form.summary": call("form", "summary", form),
        "person.particulars": call("person", "particulars", personal),
        "person.spoken": call("person", "spoken", personal.languages),
        "list.filters": call("list", "filters", "/x", text, inner="x"),
        "list.sheet_link": call("list", "sheet_link", 2),
        "list.chips": call("list", "chips", [pair]),
        "list.count": call("list", "count", text, text, inner="x"),
        "list.exports": call("list", "exports", [pair]),
        "list.listing": call("list", "listing", text, look.LIST_COLUMNS, [(text, None, text, "")]),
        "list.listing of none": call("list", "listing", text, look.LIST_COLUMNS, []),
        "list.pages": call("list", "pages", paging),
        "list.tasks": call("list", "tasks", tasks + rows),
        "list.facts": call("list", "facts", [(text, text), (text, text, "code")]),
        "list.kpis": call("list", "kpis", [(text, text, text)]),
        "list.scroll": call("list", "scroll", text, inner="x"),
        "status.tag": call("status", "tag", text, "ok", "check"),
        "status.state": call("status", "state", text),
        "status.mark": "".join(
            call("status", "mark", word) for word in ("done", "here", "locked", "")
        ),
        "status.meter": call("status", "meter", 0, 0, text),
        "status.progress": call("status", "progress", 12, 26, text, text, text),
        "status.saved": call("status", "saved", text) + call("status", "saved", text, "failed"),
        "status.change": call("status", "change", text, text),
        "chart.chart": call("chart", "chart", text, text, "c1", inner="x"),
        "chart.hatch": call("chart", "hatch"),
        "chart.stacked": call("chart", "stacked", charts.stacked([(text, (1, 2, 3))]), [text] * 3),
        "chart.bars": call("chart", "bars", charts.bars([(text, 3)], of=9)),
        "chart.columns": call("chart", "columns", charts.columns([(text, 3)])),
        "chart.as_table": call("chart", "as_table", text, [text, text], [(text, 3)]),
        "chart.topics": call("chart", "topics", [(text, 0, 0)]),
        "learn.cover": call("learn", "cover", "policing"),
        "learn.course_row": call("learn", "course_row", course, inner="x"),
        "learn.meta": call("learn", "meta", [("clock", text)]),
        "learn.outline": call("learn", "outline", outline, "/m3/checking"),
        "learn.outline_link": call("learn", "outline_link", text),
        "learn.toc": call("learn", "toc", [(text, "h-x")]),
        "learn.terms": call("learn", "terms", [(text, text)]),
        "learn.flow": call("learn", "flow", [(text, text, True)], text),
        "learn.check_yourself": call("learn", "check_yourself", text, inner="x"),
        "learn.figure": call("learn", "figure", "/m.svg", text, text, 600, 400),
        "learn.player": call("learn", "player", "video", "/m.mp4", text, "/t", ("/c", "en", text)),
        "quiz.stepper": call("quiz", "stepper", look.STEPS),
        "quiz.order_list": call("quiz", "order_list", [(0, text), (1, "b")], positions=False),
        "quiz.gap_field": call("quiz", "gap_field", 0, text, text),
        "quiz.gap_choice": call("quiz", "gap_choice", 1, [("0", text)], "0", text),
        "quiz.score": call("quiz", "score", 7, 8, text, text),
        "certificate.certificate": call("certificate", "certificate", certificate),
    }
    for kind in ("note", "tip", "example", "case", "law", "warning"):
        made[f"learn.note {kind}"] = call("learn", "note", kind, text, inner="x")
    for verdict in ("right", "wrong", "missed", ""):
        made[f"quiz.answer {verdict}"] = call("quiz", "answer", text, verdict)
    for q in look.questions():
        words = {"heading_html": text, "hint": text, "text": text, "error": text}
        made[f"quiz.question {q['type']}"] = call("quiz", "question", q | words)
    return made


CASES = [
    pytest.param(html, id=f"{name}, {size}")
    for size, text in VALUES.items()
    for name, html in every_macro(text).items()
]


@pytest.mark.parametrize("html", CASES)
def test_a_macro_yields_clean_markup(html):
    read = Reader(html)
    assert read.wrong == []
    ids = [one["id"] for _, one in read.all if "id" in one]
    assert len(ids) == len(set(ids))
    for tag, one in read.all:
        assert "style" not in one
        assert not [name for name in one if name.startswith("on")]
        assert tag not in ("script", "style", "b") or "<b>Zusammen" not in html
        if one.get("class") in ("icon", "icon flip"):
            assert one["aria-hidden"] == "true"
    assert "Undefined" not in html
    assert "None" not in html


@pytest.mark.parametrize("html", CASES)
def test_every_control_of_a_macro_has_a_name(html):
    read = Reader(html)
    labelled = {one["for"] for one in read.find("label") if "for" in one}
    inside = html.count("<label class=")
    ids = {one.get("id") for _, one in read.all}
    for tag, one in read.all:
        if tag in ("input", "select", "textarea") and one.get("type") != "hidden":
            named = one.get("id") in labelled or "aria-label" in one
            assert named or (inside and one.get("type") in ("radio", "checkbox"))
        for what in ("aria-describedby", "aria-labelledby"):
            for target in one.get(what, "").split():
                assert target in ids or target == "f"


def test_every_macro_is_in_the_gallery():
    shown = {name.split()[0] for name in every_macro("x")}
    written = set()
    for file in (look.TEMPLATES / "parts").glob("*.html"):
        for name in re.findall(r"macro ([a-z]\w*)\(", file.read_text()):
            written.add(f"{file.stem}.{name}")
    apart = {"icons.draw", "icons.mark", "form.token", "page.reference", "form.cell_field"}
    assert written - apart - {"form.cell_error"} <= shown


def test_every_icon_that_a_template_asks_for_exists():
    shapes = ENV.get_template("parts/icons.html").module.shapes
    for file in look.TEMPLATES.parents[1].rglob("templates/**/*.html"):
        for name in re.findall(r"(?:draw|icon)\('?\"?([a-z]+)['\"]", file.read_text()):
            assert name in shapes, (file.name, name)


@pytest.mark.parametrize("name", look.all_pages())
def test_a_page_has_one_h1_no_skipped_level_and_nothing_inline(name):
    html = look.gallery().test_client().get(f"/{name}").text
    read = Reader(html)
    assert read.wrong == []
    levels = [int(tag[1]) for tag, _ in read.all if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    below = levels[levels.index(1) :]
    assert all(later - earlier <= 1 for earlier, later in pairwise(below))
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|https?://(?!learning\.example)", html)
    assert all("src" in one for one in read.find("script"))
    assert len(read.find("main", id="main")) == 1
    assert '<a class="skip" href="#main">' in html
    assert len(read.find("title")) == 1
    assert (
        len(read.find("a", **{"class": "btn go"}) + read.find("button", **{"class": "btn go"})) < 2
    )


def test_no_page_needs_a_script():
    """Nothing is hidden until a script shows it, but the buttons for print and copy."""
    for name in look.all_pages():
        read = Reader(look.gallery().test_client().get(f"/{name}").text)
        for _, one in read.all:
            assert "hidden" not in one or "data-print" in one or "data-copy" in one


def test_an_error_shows_in_the_title_the_summary_and_at_the_field():
    html = look.gallery().test_client().get("/form_error").text
    assert "<title>Error: Nominate officers – SPMU Learning</title>" in html
    assert html.count("Enter a work email address") == 2
    assert '<a href="#route-0">' in html
    read = Reader(html)
    assert read.find("div", role="alert", tabindex="-1")[0]["data-autofocus"] is None
    (mail,) = read.find("input", id="mail")
    assert (mail["aria-invalid"], mail["aria-describedby"]) == ("true", "mail-hint mail-err")


def test_a_field_keeps_what_was_typed_and_never_cuts_it():
    html = call("form", "field", look.wrong_form().name)
    assert 'value="Tamar"' in html
    assert "maxlength" not in html
    assert "required" not in html


def test_a_post_form_carries_its_token_and_key_and_a_get_form_does_not():
    post = call("form", "form", "/x", once="k1", inner="")
    assert '<input type="hidden" name="csrf_token" value="t0ken">' in post
    assert '<input type="hidden" name="once" value="k1">' in post
    assert "csrf_token" not in call("form", "form", "/x", method="get", inner="")


def test_plain_words_are_escaped_and_markup_is_kept():
    q = {"type": "single", "heading_html": "<b>", "options": [("0", Markup("<i>x</i>"), False)]}
    html = call("quiz", "question", q)
    assert "<h1>&lt;b&gt;</h1>" in html
    assert "<span><i>x</i></span>" in html


def test_several_answers_always_say_so():
    q = {"type": "multiple", "options": look.OPTIONS, "hint": "The papers are below."}
    html = call("quiz", "question", q | {"heading_html": "x"})
    assert ">Choose all that apply. The papers are below.</p>" in html
    assert html.count('type="checkbox"') == 3


def test_rows_to_order_post_their_item_and_hold_their_position():
    html = call("quiz", "question", look.questions()[6] | {"prefix": ""})
    read = Reader(html)
    assert [one["name"] for one in read.find("select")] == ["o2", "o0", "o1"]
    assert [one["value"] for one in read.find("button", name="move")][:3] == [
        "2:up",
        "2:down",
        "0:up",
    ]
    assert len(re.findall(r"<option selected>(\d)", html)) == 3
    assert re.findall(r"<option selected>(\d)", html) == ["1", "2", "3"]


def test_the_numbers_of_a_quiz_say_their_state_in_words():
    html = call("quiz", "stepper", look.STEPS)
    assert '2<span class="hide">, answered, marked for review</span>' in html
    assert 'aria-current="step"' in html


def test_state_words_follow_the_language_of_the_request():
    words = {}
    env = look.environment()
    env.install_gettext_callables(
        lambda text: words.get(text, text),
        lambda one, many, n: many,
        newstyle=True,
        pgettext=lambda context, text: text,
    )
    state = env.get_template("parts/status.html").module.state
    assert "Completed" in str(state("completed"))
    words["Completed"] = "Завершено"  # the next reader asks in Russian, of the same template
    assert "Завершено" in str(state("completed"))


def test_completed_is_quiet_in_a_list_and_a_tag_alone():
    assert call("status", "state", "completed") == '<span class="muted small">Completed</span>'
    assert 'class="tag ok"' in call("status", "state", "completed", alone=True)


def test_the_menu_offers_other_roles_only_to_who_has_them():
    person = look.page().person
    one = call("page", "header", look.page(roles=[("Officer", "officer")], person=person))
    assert "Work as" not in one
    two = call("page", "header", look.page())
    assert 'value="officer" aria-describedby="work-as" aria-current="true">Officer' in two


def test_one_language_needs_no_menu():
    assert "Language:" not in call("page", "header", look.page(languages=[("en", "English", "?")]))
    assert "Language:" in call("page", "header", look.page())


def test_signing_out_is_a_post_with_a_token():
    html = call("page", "header", look.page())
    assert re.search(
        r'<form action="/sign-out" method="post" data-unsent="[^"]+">'
        r'<input type="hidden" name="csrf_token" value="t0ken"><button>Sign out</button></form>',
        html,
    )


def test_the_server_error_needs_no_person_and_no_page():
    html = look.environment().get_template("errors/server.html").render()
    assert "<h1>Something went wrong</h1>" in html
    assert "Reference for support" not in html


@pytest.mark.parametrize("subject", ["drugs", "organized_crime", "trafficking", "cybercrime"])
def test_each_subject_has_its_own_drawing(subject):
    drawing = call("learn", "cover", subject)
    assert drawing != call("learn", "cover", "policing")
    assert 'class="dot"' in drawing


def test_an_unknown_subject_has_the_plain_band():
    assert 'slice"></svg>' in call("learn", "cover", "gardening")
