"""`lms people load` rehearses and applies with the code of the pages."""

import pytest
from sqlalchemy import select

from lms.app import cli
from lms.database import db
from lms.models import Enrolment, Person
from tests.factories import address_of
from tests.features.courses import publish_course
from tests.features.places import focal_point, make_nominating

FILE = """given_name,family_name,email,country
Tamar,Lomidze,tamar@mia.gov.ge,Georgia
Arta,Hoxha,arta@asp.gov.al,AL
Зура,Meladze,,Georgia
"""


@pytest.fixture
def load(app, tmp_path):
    file = tmp_path / "officers.csv"

    def loaded(text, *options):
        file.write_text(text)
        db.session.remove()
        return app.test_cli_runner().invoke(cli, ["people", "load", str(file), *options])

    return loaded


def names():
    db.session.remove()
    return db.session.scalars(select(Person.given_name).order_by(Person.id)).all()


def test_it_says_what_a_file_would_do_and_writes_nothing(load):
    result = load(FILE)

    assert (result.exit_code, names()) == (1, [])
    assert result.output.splitlines() == [
        "row 4: given_name “Зура”: Use Latin letters, as in the passport. "
        "The own script has its own field.",
        "3 rows: 2 new, 1 to correct.",
    ]


def test_it_applies_the_rows_that_are_right_once(load):
    load(FILE, "--apply")
    again = load(FILE, "--apply")

    assert names() == ["Tamar", "Arta"]
    assert again.output.splitlines()[-1] == "Applied: 2 already there, 1 to correct."


def test_another_state_has_no_place_in_a_file_of_one_state(load):
    result = load(FILE, "--affiliation", "ge", "--apply")

    assert "Only officers of your own State" in result.output
    assert names() == ["Tamar"]


def test_it_nominates_in_the_name_of_a_focal_point(load):
    giorgi, activity = focal_point(), make_nominating(publish_course())
    file = "given_name,family_name\nTamar,Lomidze\n"

    assert load(file, "--activity", activity.slug).exit_code == 2
    result = load(file, "--activity", activity.slug, "--as", address_of(giorgi), "--apply")

    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Applied: 1 new.")
    assert db.session.scalars(select(Enrolment.nominated_by)).all() == [giorgi.id]


def test_what_is_not_there_is_named(load):
    for options, words in (
        (("--affiliation", "XX"), "There is no affiliation XX."),
        (("--as", "nobody@example.org"), "Nobody has the address nobody@example.org."),
    ):
        result = load(FILE, *options)
        assert (result.exit_code, words in result.output) == (1, True)
