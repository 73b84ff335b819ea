"""Every page with every text in ⟦brackets⟧: what stands outside did not go through gettext.

Content is written in Greek here, so that Latin letters outside brackets are texts of ours.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.content.checking import check_course
from lms.content.reading import read_course
from lms.database import db
from lms.features.activities.actions import open_activity
from lms.features.authoring.actions import publish
from lms.models import Certificate, Course
from lms.rules.access import Role
from tests.factories import NOON, make_person, make_staff
from tests.web.pseudo import Texts, speak

COURSE = {
    "course.md": """---
title: Μάθημα
summary: Περίληψη του μαθήματος.
language: en
programme: opiates
code: "1"
subject: drugs
level: basic
format: self_paced
hours: 1
handling: TLP:CLEAR
audience: [police, customs]
objectives:
  LO1: Πρώτος στόχος.
  LO2: Δεύτερος στόχος.
completion:
  lessons: all
  quizzes: [final]
  evaluation: true
certificate:
  title: Πιστοποιητικό
  valid_for: 4 years
  show_name: full
  signatory: {name: Νίκος, function: Διευθυντής}
contact: a@b.cd
licence: CC-BY-4.0
---
Κείμενο.
""",
    "0-pre-test.quiz.md": """---
title: Πριν
kind: pre_test
---
Κείμενο.

## Ερώτηση; {#p1 objective=LO1}

= true
""",
    "1-first/module.md": "---\ntitle: Πρώτη ενότητα\nobjectives: [LO1]\n---\nΚείμενο.\n",
    "1-first/10-one.md": """---
title: Πρώτο
minutes: 5
objectives: [LO1]
---
Κείμενο με όρο.

## Μέρος

!!! warning "Προσοχή"
    Κείμενο.

??? "Ερώτηση;"
    Απάντηση.

## Άλλο μέρος

Κείμενο.
""",
    "1-first/90-check.quiz.md": """---
title: Έλεγχος
kind: formative
---
## Μία; {#c1 objective=LO1}

- (x) Ναι
- ( ) Όχι

> Επειδή.

## Πολλές; {#c2 objective=LO1}

- [x] Ναι
- [x] Άλλο
- [ ] Όχι

## Αληθές; {#c3 objective=LO1}

= false

## Αριθμός; {#c4 objective=LO2}

= 5 ± 1 μ

## Λέξη; {#c5 objective=LO2}

= λέξη

## Σειρά {#c6 objective=LO2}

1. Άλφα
2. Βήτα
3. Γάμμα

## Ζεύγη {#c7 objective=LO2}

- Άλφα => Ένα
- Βήτα => Δύο

## Κενά {#c8 objective=LO2}

Το {{ένα|δύο}} και το {{τρία}}.
""",
    "2-second/module.md": "---\ntitle: Δεύτερη ενότητα\nobjectives: [LO2]\n---\nΚείμενο.\n",
    "2-second/10-two.md": "---\ntitle: Δεύτερο\nminutes: 5\nobjectives: [LO2]\n---\nΚείμενο.\n",
    "9-final.quiz.md": """---
title: Τελικό
kind: summative
pass_mark: 80
attempts: 3
wait: 1 min
review: after_submission
---
Κείμενο.

## Αληθές; {#f1 objective=LO1}

= true

> Επειδή.
""",
    "evaluation.quiz.md": """---
title: Αξιολόγηση
kind: survey
---
Κείμενο.

## Ήταν χρήσιμο; {#e1}

= 1..5 "όχι" "ναι"
""",
    "glossary.md": "όρος\n:   Εξήγηση.\n",
}
CONTENT = (  # what may stand outside: names, data and content in Latin letters, dates of Babel
    r"– SPMU Learning|SPMU Learning",
    r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b",
    r"\bCET\b|\bTLP:[A-Z+]+|a@b\.cd",
    r"\b(EN|English|Deutsch|Español|Français|Italiano)\b",  # own names
    r"\b([A-Z2-9]{4}-?){5}\b|(http://)?localhost/verify/?",
    r"^OSCE Strategic Police Matters Unit$",  # the issuer, as it was issued
    r"^Warning:",  # of a callout: in the language of the course
    r"\b[0-9a-f]{8}\b",  # the reference of an error
    r"\bGeorgia\b|\bMongolia\b|\bAustria\b",  # names of States are data
    r"\bSQLite\b|\bPostgreSQL\b|\bPython\b",
    r"\b\d{8}_\d{4}\b",
    r"\b(lms|flask|sqlalchemy|typst|nh3)\b",  # libraries on the page of health
)


@pytest.fixture
def greek(app):
    files = {path: text.encode() for path, text in COURSE.items()}
    errors = [one for one in check_course(files, "greek") if one.level == "error"]
    assert not errors
    publish(read_course(files, "greek").course, files, now=NOON - timedelta(days=9))
    open_activity(
        "greek",
        begins_at=NOON - timedelta(days=5),
        ends_at=NOON + timedelta(days=30),
        capacity=20,
        now=NOON,
    )
    return "/courses/greek"


def bare(answer):
    """What of a page is not in brackets and is no content."""
    assert answer.status_code in (200, 400, 403, 404, 409, 429)
    left = []
    for text in Texts(answer.text).bare:
        for known in CONTENT:
            text = re.sub(known, " ", text)
        if re.search(r"[A-Za-z]{2,}", text):
            left.append(" ".join(text.split()))
    return left


class Tour:
    """Opens pages in brackets and remembers what is bare on each."""

    def __init__(self, browser, monkeypatch):
        self.browser, self.found = browser, {}
        speak(monkeypatch)

    def see(self, address):
        answer = self.browser.get(address)
        if answer.status_code in (302, 303):
            return self.see(answer.location)
        left = bare(answer)
        if left:
            self.found[address] = left
        return answer


@pytest.fixture
def tour(browser, monkeypatch, greek):
    return Tour(browser, monkeypatch)


def test_pages_without_an_account(tour):
    for address in (
        *("/sign-in", "/courses", "/courses?subject=drugs&q=x", "/courses/greek"),
        *("/courses/greek/first", "/courses/greek/first/one", "/invitations/none"),
        *("/help", "/accessibility", "/privacy", "/terms", "/nowhere"),
        *("/verify", "/verify/AAAABBBBCCCCDDDDEEEE"),
    ):
        tour.see(address)
    assert not tour.found


def test_wrong_answers_to_forms(tour):
    answers = [
        tour.browser.submit("/sign-in", address="", password=""),
        tour.browser.submit("/sign-in", address="x@y.zz", password="ψ"),
        tour.browser.submit("/sign-in", extra="1"),
        tour.browser.post("/sign-in"),
    ]
    assert [left for answer in answers if (left := bare(answer))] == []


def test_an_officer_walks_through_a_course(tour, at):
    """From an empty dashboard to the certificate."""
    browser, course = tour.browser, "/courses/greek"
    browser.sign_in(make_person("Νίκος Νίκου"))
    for address in ("/learning", "/courses", course, "/certificates", "/account/display"):
        tour.see(address)
    slug = re.search(r'name="activity" value="([^"]+)"', tour.see(course).text)[1]
    assert browser.submit(f"{course}/place", course, activity=slug, next="").status_code == 303
    for address in ("/learning", course, f"{course}/leave", f"{course}/glossary"):
        tour.see(address)
    for unit in ("pre-test", "first", "second/two", "final"):
        tour.see(f"{course}/{unit}")
    walk(tour, f"{course}/pre-test")
    for lesson in ("first/one", "second/two"):
        tour.see(f"{course}/{lesson}")
        assert browser.submit(f"{course}/{lesson}").status_code == 303
        tour.see(f"{course}/{lesson}")
    walk(tour, f"{course}/first/check")
    walk(tour, f"{course}/final", "False")
    tour.see(f"{course}/final")
    at(NOON + timedelta(minutes=2))
    walk(tour, f"{course}/final", "True")
    walk(tour, f"{course}/evaluation", "5")
    for address in ("/learning", course, f"{course}/final", "/certificates"):
        tour.see(address)
    code = db.session.scalars(select(Certificate.code)).one()
    tour.see(f"/certificates/{code}")
    tour.see(f"/verify/{code}")
    assert not tour.found


def walk(tour, unit, pressed=""):
    """Open a quiz, answer each question with the option so called, hand in, see the result."""
    browser = tour.browser
    start = tour.see(unit).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', start))
    begun = browser.post("/attempts", data=fields)
    assert begun.status_code == 303, unit
    attempt = begun.location.rpartition("/")[0]
    number = 1
    while (answer := browser.get(f"{attempt}/{number}")).status_code == 200:
        tour.see(f"{attempt}/{number}")
        found = re.findall(r'name="a" value="(\w+)"[^>]*><span>(.*?)</span>', answer.text)
        chosen = [value for value, words in found if pressed and pressed in words]
        browser.submit(f"{attempt}/{number}", a=chosen, do="next")
        number += 1
    tour.see(f"{attempt}/check")
    assert browser.submit(f"{attempt}/check").status_code == 303
    tour.see(f"{attempt}/result")


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (
            Role.COORDINATOR,
            "/reports /reports/greek /reports/greek?from=x /reports/greek?from="
            "2026-01-01&status=in_progress&sort=-name",
        ),
        (Role.FOCAL_POINT, "/reports /reports/greek"),
        (Role.AUDITOR, "/reports /reports/greek"),
        (Role.ADMINISTRATOR, "/admin/health"),
        (Role.TRAINER, "/author /author/greek /reports/greek"),
    ],
)
def test_pages_of_staff(tour, role, addresses):
    course = db.session.scalars(select(Course.id)).one()
    tour.browser.sign_in(make_staff(role, courses=(course,), name="Νίκος Νίκου"), role)
    for address in addresses.split():
        tour.see(address)
    assert not tour.found
