"""Who sees which places, names and scores; on the page, in the file, by every parameter."""

import pytest

from lms.rules.access import Role
from lms.rules.enrolments import State
from tests.features.reporting.factories import (
    ALL_UNITS,
    make_course,
    make_place,
    make_release,
)
from tests.features.reporting.reading import (
    file,
    finding_of,
    listed,
    main_of,
    numbers_of,
    read,
    screen,
    table_of,
    take,
)


def two_states(**values):
    """Six places of Georgia with scores of 71 to 76, and seven of Albania with 91 to 97."""
    made = make_course(**values)
    for number in range(1, 7):
        make_place(
            made, f"Nino Georgian{number}", kept=State.COMPLETED, done=ALL_UNITS, score=70 + number
        )
    for number in range(1, 8):
        make_place(made, f"Arta Albanian{number}", home="AL", score=90 + number)
    return made


# Focal points


def test_a_focal_point_sees_the_own_state_only(reader):
    made = two_states()
    browser = reader(Role.FOCAL_POINT)
    page = browser.get(made.address).text
    total, rows = screen(browser, made.address)
    assert total == 6
    assert {row[1] for row in rows} == {"Georgia"}
    assert "Albania" not in page
    assert "6 places from Georgia." in main_of(page)
    assert table_of(page, "Places by State and status") == [("Georgia", "6", "0", "0", "0", "6")]
    assert table_of(page, "Places that finished each part")[0] == ("1 Markets", "6", "6")
    assert table_of(page, "Places completed per month") == [("December 2026", "6")]
    assert [row[:4] for row in file(browser, made.address)] == [row[:4] for row in rows]
    assert listed(browser.get("/reports").text) == [("Afghan opiates", "6", "6")]


@pytest.mark.parametrize("score", range(71, 77))
def test_a_focal_point_finds_no_score_anywhere(reader, score):
    made = two_states()
    browser = reader(Role.FOCAL_POINT)
    page = browser.get(made.address).text
    assert f"{score}%" not in page
    assert "Final quiz" not in page
    assert "score" not in page
    assert numbers_of(page)["Days to complete, median"] == "19"
    rows = read(take(browser, made.address + ".csv"))
    assert "final_quiz_percent" not in rows[0]
    assert str(score) not in {cell for row in rows for cell in row.values()}


def test_a_focal_point_cannot_sort_by_scores(reader):
    made = two_states()
    browser = reader(Role.FOCAL_POINT)
    for sort in ("score", "-score"):
        for url in (made.address, made.address + ".csv"):
            assert browser.get(f"{url}?sort={sort}").status_code == 400


def test_another_state_reads_like_one_that_is_not_there(reader):
    made = two_states()
    browser = reader(Role.FOCAL_POINT)
    foreign, unknown = (browser.get(f"{made.address}?state={code}") for code in ("AL", "XX"))
    assert (foreign.status_code, unknown.status_code) == (400, 400)
    assert main_of(foreign.text) == main_of(unknown.text)
    assert browser.get(made.address + ".csv?state=AL").status_code == 400
    offered = foreign.text.partition('name="state">')[2].partition("</select>")[0]
    assert offered.count("<option") == 2  # all, and the own


def test_a_focal_point_without_places_learns_nothing_of_others(reader):
    made = two_states()
    browser = reader(Role.FOCAL_POINT, state_code="FR")
    words = main_of(browser.get(made.address).text)
    assert "0 places" in words
    assert "No officer has a place in this course yet." in words
    assert read(take(browser, made.address + ".csv")) == []


def test_scores_are_shown_to_states_where_the_course_says_so(reader):
    made = two_states(scores_to_states=True)
    browser = reader(Role.FOCAL_POINT)
    page = browser.get(made.address).text
    assert numbers_of(page)["Final quiz, median"] == "73.5%"
    _, rows = screen(browser, made.address + "?sort=-score")
    assert [row[4] for row in rows] == ["76%", "75%", "74%", "73%", "72%", "71%"]
    assert file(browser, made.address + "?sort=-score") == rows


def test_scores_of_a_release_that_promised_to_keep_them_stay_kept(reader):
    made = make_course()
    make_place(made, "Old One", score=71)
    opened = make_release(made.course, 2, scores_to_states=True)
    make_place(made, "New One", release=opened, score=72)
    browser = reader(Role.FOCAL_POINT)
    _, rows = screen(browser, made.address)
    assert {row[0]: row[4] for row in rows} == {"Old One": "–", "New One": "72%"}
    assert file(browser, made.address) == rows

    make_release(made.course, 3, scores_to_states=False)
    assert "72%" not in browser.get(made.address).text
    assert "final_quiz_percent" not in take(browser, made.address + ".csv").text


def test_a_course_that_is_not_public_is_found_by_states_with_places_only(reader):
    made = two_states(handling="TLP:AMBER")
    with_places, without = reader(Role.FOCAL_POINT), reader(Role.FOCAL_POINT, state_code="FR")
    assert with_places.get(made.address).status_code == 200
    assert listed(without.get("/reports").text) == []
    for url in (made.address, made.address + ".csv"):
        assert without.get(url).status_code == 404


# Trainers


def test_a_trainer_sees_assigned_courses_with_scores(reader):
    made = two_states()
    other = make_course("cyber", title="Cyber")
    make_place(other, "Somebody Else")
    browser = reader(Role.TRAINER, courses=(made.course.id,))
    total, rows = screen(browser, made.address)
    assert total == 13
    assert {row[4] for row in rows} >= {"71%", "97%"}
    assert listed(browser.get("/reports").text) == [("Afghan opiates", "13", "6")]
    for url in (other.address, other.address + ".csv"):
        assert browser.get(url).status_code == 404


# Auditors


def test_an_auditor_sees_figures_but_no_names_scores_or_file(reader):
    made = two_states()
    browser = reader(Role.AUDITOR)
    page = browser.get(made.address).text
    words = main_of(page)
    assert numbers_of(page)["Completed"] == "6"
    assert finding_of(page, "by-state") == "46% of places are completed"
    for hidden in ("Georgian", "Albanian", "CSV", "Officers", "Final quiz", "<bdi>", ".csv"):
        assert hidden not in words
        assert hidden not in page
    assert browser.get(made.address + ".csv").status_code == 404
    assert browser.get(made.address + "?sort=score").status_code == 400
    assert browser.get(made.address + "?page=2").status_code == 400
    assert listed(browser.get("/reports").text) == [("Afghan opiates", "13", "6")]


def test_an_auditor_sees_no_scores_even_where_states_do(reader):
    made = two_states(scores_to_states=True)
    page = reader(Role.AUDITOR).get(made.address).text
    assert "Final quiz" not in page


# Sums


def test_the_reports_of_the_states_add_up_to_the_coordinators(reader, coordinator):
    made = two_states()
    whole = numbers_of(coordinator.get(made.address).text)
    parts = [
        numbers_of(reader(Role.FOCAL_POINT, state_code=code).get(made.address).text)
        for code in ("GE", "AL")
    ]
    for name in ("Completed", "In progress", "Not started"):
        assert int(whole[name]) == sum(int(part[name]) for part in parts)
