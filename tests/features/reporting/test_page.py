"""The page of a report: numbers, charts, filters, the table; and that the file says the same."""

from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest
from markupsafe import escape

from lms.features.reporting import findings
from lms.features.reporting.queries import Counts, Filters, Home, ReportedCourse, Version
from lms.models import AffiliationKind
from lms.models import UnitKind as Kind
from lms.rules.access import Role
from lms.rules.enrolments import State
from lms.rules.figures import Status
from tests.factories import NOON, UTC, make_person
from tests.features.reporting.factories import (
    ALL_UNITS,
    OUTLINE,
    make_activity,
    make_attempt,
    make_course,
    make_place,
    make_release,
)
from tests.features.reporting.reading import (
    WORDS,
    file,
    finding_of,
    listed,
    main_of,
    numbers_of,
    screen,
    table_of,
)


@pytest.fixture
def mixed(app):
    """Eleven places of three States, one of them a Partner, in every status but two."""
    made = make_course()
    for name, home, score in (
        ("Ana Alba", "AL", 90),
        ("Ben Bala", "GE", 85),
        ("Cem Can", "AF", 95),
    ):
        make_place(made, name, home=home, kept=State.COMPLETED, done=ALL_UNITS, score=score)
    make_place(made, "Dea Dani", done=ALL_UNITS[:2])
    make_place(made, "Eka Ezo", done=ALL_UNITS[:4], score=60)
    make_place(made, "Fia Fen", home="AL")
    make_place(made, "Gia Gogo", kept=State.WITHDRAWN)
    make_place(made, "Hana Hill", kept=State.FAILED, score=40)
    make_place(made, "Ina Isa", kept=State.EXPIRED, home="AF")
    make_attempt(make_place(made, "Jan Jora", done=ALL_UNITS[:4]))
    past = make_activity(made.course, ends_at=NOON - timedelta(days=1))
    make_place(made, "Kim Kola", activity=past)
    return made


def test_the_four_numbers(coordinator, mixed):
    page = coordinator.get(mixed.address).text
    assert numbers_of(page) == {
        "Completed": "3",
        "In progress": "4",
        "Not started": "1",
        "Final quiz, median": "85%",
    }
    words = main_of(page)
    assert "11 places from 3 States and Partners. As at 4 December 2026, 13:00 CET." in words
    assert "27% of 11 places" in words
    assert "36% of 11 places, 1 overdue, 1 awaiting marking" in words
    assert "5 places with a grade, pass mark 80%" in words
    ended = "3 more places ended without completion: 1 not passed, 1 expired, 1 withdrawn."
    assert ended in words
    assert "Counted are places, not persons" in words


def test_states_stand_in_order_with_partners_after_them(coordinator, mixed):
    page = coordinator.get(mixed.address).text
    assert finding_of(page, "by-state") == "27% of places are completed"
    assert table_of(page, "Places by State and status") == [
        ("Albania", "1", "0", "1", "0", "2"),
        ("Georgia", "1", "4", "0", "2", "7"),
        ("Afghanistan (Partner)", "1", "0", "0", "1", "2"),
    ]


def test_months_and_modules(coordinator, mixed):
    page = coordinator.get(mixed.address).text
    assert finding_of(page, "by-month") == "December 2026 had the most completions"
    assert table_of(page, "Places completed per month") == [("December 2026", "3")]
    assert finding_of(page, "by-module") == (
        "The largest step down is at the completion of the course, by 2 places"
    )
    assert table_of(page, "Places that finished each part") == [
        ("1 Markets", "6", "11"),
        ("2 Routes", "5", "11"),
        ("Course completed", "3", "11"),
    ]


def test_the_table_of_officers(coordinator, mixed):
    _, rows = screen(coordinator, mixed.address)
    assert rows[0] == (
        "Ana Alba", "Albania", "Completed", "3 of 3", "90%", "14 Nov 2026", "3 Dec 2026",
    )  # fmt: skip
    assert rows[3] == (
        "Dea Dani", "Georgia", "In progress", "2 of 3", "–", "14 Nov 2026", "–",
    )  # fmt: skip
    assert [row[2] for row in rows[4:]] == [
        "In progress",
        "Not started",
        "Withdrawn",
        "Not passed",
        "Expired",
        "Awaiting marking",
        "Overdue",
    ]


def test_screen_and_file_have_the_same_rows_in_the_same_order(coordinator, app):
    made = make_course()
    second = make_release(made.course, 2)
    for number in range(30):
        make_place(
            made,
            f"Nino B{number % 7}",
            home=("GE", "AL", "AF")[number % 3],
            began_at=datetime(2026, 9 + number % 3, 1 + number % 5, 12, tzinfo=UTC),
            kept=(State.ENROLLED, State.COMPLETED, State.EXPIRED)[number % 3],
            done=ALL_UNITS[: number % 6],
            release=(made.release, second)[number % 2],
            score=(None, 70 + number / 3)[number % 2],
        )
    totals = {}
    for query in (
        "",
        "?state=GE",
        "?state=AL&status=completed",
        "?from=2026-10-01&to=2026-10-31",
        "?from=2026-10-02",
        "?to=2026-09-03&sort=-score",
        "?release=2&sort=-progress",
        "?status=in_progress&sort=state",
        "?sort=-state",
        "?sort=status",
        "?sort=-began",
        "?sort=completed",
        "?sort=score",
        "?state=FR",
    ):
        total, rows = screen(coordinator, made.address + query)
        assert (query, file(coordinator, made.address + query)) == (query, rows)
        assert len(rows) == total
        totals[query] = total
    assert (totals[""], totals["?state=GE"], totals["?release=2&sort=-progress"]) == (30, 10, 15)
    assert totals["?from=2026-10-01&to=2026-10-31"] == 10
    assert totals["?state=FR"] == 0


def test_scores_are_shown_rounded_down_on_screen_and_in_the_file(coordinator):
    made = make_course()
    make_place(made, score=79.96)
    _, ((*_rest, score, _began, _completed),) = screen(coordinator, made.address)
    assert score == "79.9%"
    assert file(coordinator, made.address)[0][4] == "79.9%"


# Few officers


def test_below_five_places_there_are_numbers_without_shares(coordinator):
    made = make_course()
    for name in ("Ana A", "Ben B", "Cem C"):
        make_place(made, name, kept=State.COMPLETED, score=90)
    make_place(made, "Dea D")
    page = coordinator.get(made.address).text
    charts = page[page.index('class="kpis"') : page.index('id="officers"')]
    assert "%" not in charts.replace("pass mark 80%", "").replace('%"', "")
    assert finding_of(page, "by-state") == "3 of 4 places are completed"
    assert numbers_of(page)["Final quiz, median"] == "–"


def test_without_places_there_is_a_sentence(coordinator):
    words = main_of(coordinator.get(make_course().address).text)
    assert "No officer has a place in this course yet." in words
    assert "CSV" not in words


def test_without_matches_there_is_a_way_back(coordinator, mixed):
    answer = coordinator.get(mixed.address + "?status=overdue&state=AL")
    assert answer.status_code == 200
    assert "No officers match. Clear filters" in main_of(answer.text)
    assert "0 places" in main_of(answer.text)


# Filters


def test_chosen_filters_are_chips_that_can_be_taken_off(coordinator, mixed):
    chosen = "?state=GE&from=2026-01-01&to=2026-12-31&release=1&status=completed&sort=-began"
    page = coordinator.get(mixed.address + chosen).text
    words = main_of(page)
    for chip in (
        "Georgia: remove",
        "Begun from 1 January 2026",
        "Begun until 31 December 2026",
        "Version 1: remove",
        "Completed: remove",
    ):
        assert chip in words
    without_state = chosen.replace("state=GE&", "").replace("&", "&amp;")
    assert f'class="chip" href="{mixed.address}{without_state}"' in page
    assert '<option selected value="GE">' in page
    assert 'name="sort" type="hidden" value="-began"' in page


def test_only_states_with_places_are_offered_and_the_chosen_one(coordinator, mixed):
    page = coordinator.get(mixed.address + "?state=FR").text
    offered = page.partition('name="state">')[2].partition("</select>")[0]
    assert "Norway" not in offered
    assert '<option selected value="FR">France</option>' in offered


@pytest.mark.parametrize(
    "query",
    [
        "state=XX",
        "state=ge",
        "state=" + quote("'; DROP TABLE person;--"),
        "state=GE&state=AL",
        "status=enrolled",
        "status=COMPLETED",
        "release=0",
        "release=99",
        "release=1.0",
        "release=" + "9" * 400,
        "from=2026",
        "from=2026-13-01",
        "from=2026-02-30",
        "from=0001-01-01",
        "from=9999-12-31",
        "from=" + quote("٢٠٢٦-٠١-٠١"),
        "to=yesterday",
        "from=2026-02-01&to=2026-01-01",
        "sort=password_hash",
        "sort=--name",
        "sort=name&sort=state",
        "page=0",
        "page=-1",
        "page=2",
        "page=" + "9" * 30,
        "page=" + quote("２"),
        "page=1e3",
        "unknown=1",
        "state[]=GE",
        "state=" + "A" * 5_000,
    ],
)
def test_wrong_parameters_are_refused_without_a_figure(coordinator, mixed, query):
    answer = coordinator.get(f"{mixed.address}?{query}")
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text
    assert "kpis" not in answer.text
    assert "Ana" not in answer.text
    if query != "page=2":
        assert coordinator.get(f"{mixed.address}.csv?{query}").status_code == 400


@pytest.mark.parametrize("query", ["state=%00", "from=2026-01-01%00", "%FF=%FE"])
def test_an_address_that_cannot_be_read_shows_no_figure(coordinator, mixed, query):
    answer = coordinator.get(f"{mixed.address}?{query}")
    assert (answer.status_code, "kpis" in answer.text) == (400, False)


@pytest.mark.parametrize("query", ["", "?state=&from=&to=&release=&status=", "?state=%20GE%20"])
def test_empty_parameters_choose_nothing(coordinator, mixed, query):
    assert coordinator.get(mixed.address + query).status_code == 200


@pytest.mark.parametrize("slug", ["none", "OPIATES", "..", "a" * 300, "%D0%B0", "x%27--"])
def test_an_unknown_course_is_not_found(coordinator, mixed, slug):
    assert coordinator.get(f"/reports/{slug}").status_code == 404
    assert coordinator.get(f"/reports/{slug}.csv").status_code == 404


# Names


@pytest.mark.parametrize("name", ["<script>alert(1)</script> &amp;", "علي \u202eرضا", "A\nB C\"D'"])
def test_names_are_text_and_keep_their_direction(coordinator, name):
    made = make_course()
    make_place(made, person=make_person(f"X {name}"))
    page = coordinator.get(made.address).text
    assert "<script>alert" not in page
    assert f"<bdi>X {escape(name)}</bdi>" in page
    assert [row[0] for row in file(coordinator, made.address)] == [f"X {name}"]


# Paging, queries


def test_there_are_twenty_five_rows_on_a_page(coordinator):
    made = make_course()
    for number in range(27):
        make_place(made, f"Nino B{number:02}")
    first, second = (coordinator.get(f"{made.address}?page={n}").text for n in (1, 2))
    assert (first.count("<bdi>"), second.count("<bdi>")) == (25, 2)
    assert "1 to 25 of 27" in main_of(first)
    assert "26 to 27 of 27" in main_of(second)
    assert coordinator.get(f"{made.address}?page=3").status_code == 400


def test_one_three_and_thirty_rows_take_the_same_queries(coordinator, count_queries):
    made = make_course()
    taken = []
    have = 0
    for wanted in (1, 3, 30):
        for number in range(have, wanted):
            make_place(
                made,
                f"Nino B{number}",
                home=("GE", "AL", "AF")[number % 3],
                kept=(State.COMPLETED, State.ENROLLED)[number % 2],
                done=ALL_UNITS[: number % 6],
                score=90,
            )
        have = wanted
        for url in (made.address, made.address + ".csv", "/reports"):
            count_queries.clear()
            assert coordinator.get(url).status_code == 200
            taken.append((url, len(count_queries)))
    assert taken[:3] == taken[3:6] == taken[6:]
    assert max(n for _, n in taken) <= 16


# Words by rule


GEORGIA = Home("GE", "Georgia", AffiliationKind.PARTICIPATING_STATE)


def version(number=1, modules=(("m1", "One"), ("m2", "Two"), ("m3", "Three"))):
    return Version(number, number, "T", modules, None, False)


def module_chart(reached, *, total, completed, begun, versions=None, by_release=None):
    course = ReportedCourse(1, "c", tuple(versions or [version()]))
    by_release = by_release or {1: total}
    by = {(GEORGIA, id, Status.IN_PROGRESS): n for id, n in by_release.items()}
    by[(GEORGIA, 1, Status.IN_PROGRESS)] = by_release[1] - completed
    by[(GEORGIA, 1, Status.COMPLETED)] = completed
    return findings.by_module(course, Counts(by, begun), reached, Filters())


@pytest.mark.parametrize(
    ("reached", "completed", "finding", "gold"),
    [
        ((90, 80, 50), 49, "The largest step down is at module 3, by 30 places", "3 Three"),
        (
            (90, 80, 70),
            10,
            "The largest step down is at the completion of the course, by 60 places",
            "Course completed",
        ),
        (
            (80, 60, 60),
            60,
            "The largest steps down are at module 1 and module 2, by 20 places each",
            None,
        ),
        ((80, 60, 40), 40, "No module stands out", None),
        ((100, 100, 100), 100, "No place was lost from one part to the next", None),
    ],
)
def test_the_headline_names_the_largest_step(app, reached, completed, finding, gold):
    with app.test_request_context():
        held = {(1, f"m{at}"): n for at, n in enumerate(reached, 1)}
        chart = module_chart(held, total=120, completed=completed, begun=100)
    assert chart.finding == finding
    assert [item.name for item in chart.items if item.fill == "c4"] == ([gold] if gold else [])


def test_a_module_that_an_older_version_lacks_makes_no_headline(app):
    old, new = version(1, (("m1", "One"), ("m3", "Three"))), version(2)
    reached = {(1, "m1"): 40, (1, "m3"): 30, (2, "m1"): 40, (2, "m2"): 5, (2, "m3"): 30}
    with app.test_request_context():
        chart = module_chart(
            reached, total=100, completed=10, begun=90, versions=[new, old],
            by_release={1: 50, 2: 50},
        )  # fmt: skip
    assert chart.rows[:3] == [("1 One", 80, 100), ("2 Two", 5, 50), ("3 Three", 60, 100)]
    assert chart.finding == (
        "The largest step down is at the completion of the course, by 50 places"
    )
    assert chart.measure.endswith("Modules are those of version 2.")


@pytest.mark.parametrize(
    ("counts", "finding", "gold"),
    [
        ((1, 5, 2), "November 2026 had the most completions", ["Nov"]),
        ((5, 5, 2), "October 2026 and November 2026 had the most completions", []),
        ((2, 2, 2), "3 months had the most completions, 2 each", []),
        ((0, 0, 0), "No place was completed in this period", []),
    ],
)
def test_the_headline_names_the_month(app, counts, finding, gold):
    months = dict(zip((date(2026, month, 1) for month in (10, 11, 12)), counts, strict=True))
    with app.test_request_context():
        chart = findings.by_month(months, Filters())
    assert chart.finding == finding
    assert [item.name for item in chart.items if item.fill == "c4"] == gold


def test_of_many_months_the_chart_shows_twelve_and_the_table_all(app):
    months = {date(2025 + at // 12, at % 12 + 1, 1): at for at in range(24)}
    with app.test_request_context():
        chart = findings.by_month(months, Filters())
    assert (len(chart.items), len(chart.rows)) == (12, 24)
    assert chart.measure.endswith("January 2025 to December 2026. The table has the months before.")


@pytest.mark.parametrize(
    ("completed", "total", "words"),
    [
        (0, 9, "No place has been completed yet"),
        (9, 9, "All 9 places are completed"),
        (1, 1, "The place has been completed"),
        (399, 400, "99% of places are completed"),
        (2, 4, "2 of 4 places are completed"),
    ],
)
def test_the_headline_never_rounds_to_all_or_none(app, completed, total, words):
    by = {(GEORGIA, 1, Status.COMPLETED): completed}
    by[(GEORGIA, 1, Status.EXPIRED)] = total - completed
    with app.test_request_context():
        chart = findings.by_state(Counts(by), Filters())
    assert chart.finding == words
    assert chart.items[0].percent == {9: {0: 0, 9: 100}.get(completed), 400: 99}.get(total)


@pytest.mark.parametrize("status", list(Status))
def test_a_chosen_status_is_said_and_never_read_as_the_whole(coordinator, mixed, status):
    page = coordinator.get(f"{mixed.address}?status={status}").text
    held = {Status.COMPLETED: "3 places have", Status.IN_PROGRESS: "2 places have"}
    finding = f"{held.get(status, '1 place has')} the status {WORDS[status]}"
    assert finding_of(page, "by-state") == finding
    assert f"with the status {WORDS[status]}" in main_of(page)
    assert ("by-month" in page) == (status is Status.COMPLETED)


def test_an_evaluation_and_practice_belong_to_their_module(coordinator):
    outline = {**OUTLINE, "markets": {"output": Kind.LESSON, "survey": Kind.SURVEY}}
    made = make_course(outline=outline)
    make_place(made, done=("markets/output",))
    make_place(made, done=("markets/output", "markets/survey"))
    page = coordinator.get(made.address).text
    assert table_of(page, "Places that finished each part")[0] == ("1 Markets", "1", "2")


def test_the_list_of_reports_counts_what_the_report_counts(coordinator, mixed):
    make_course("cyber", title="A cyber course")
    rows = listed(coordinator.get("/reports").text)
    assert rows == [("A cyber course", "0", "0"), ("Afghan opiates", "11", "3")]


def test_a_person_without_the_permission_finds_no_page(reader, mixed):
    for role in (Role.OFFICER, Role.ADMINISTRATOR):
        browser = reader(role)
        for url in ("/reports", mixed.address, mixed.address + ".csv"):
            assert browser.get(url).status_code == 404


def test_the_signed_out_are_led_to_sign_in(browser, mixed):
    for url in ("/reports", mixed.address, mixed.address + ".csv"):
        assert browser.get(url).location.startswith("/sign-in?next=")
