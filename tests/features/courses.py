"""A small course with everything in it, and the ways an officer goes through its pages.

`publish_course` publishes it as an operator does; `make_activity` and `make_place` open it to
people. The walkers at the end send the real forms through a Browser.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.content.checking import check_course
from lms.content.reading import read_course
from lms.content.values import Course as CourseValue
from lms.database import db
from lms.deeds import attempts as attempt_deeds
from lms.features.authoring import actions as authoring
from lms.features.learning import actions as learning
from lms.models import (
    Activity,
    Attempt,
    Certificate,
    Course,
    Enrolment,
    Person,
    Question,
    Release,
    Route,
    Unit,
)
from lms.rules import questions as values
from lms.rules.answering import form_values
from lms.rules.drawing import shown
from lms.rules.questions import Answer, Type
from lms.rules.quizrules import QuizRules
from tests.factories import NOON, numbers, saved

COURSE = """---
title: A small course
summary: Everything a course can hold, in a few lines.
language: en
programme: democratic-policing
code: SPMU-TEST-01
subject: policing
level: basic
format: self_paced
hours: 1.5
handling: TLP:CLEAR
audience: [police]
objectives:
  LO1: Name the rules of a stop.
  LO2: Explain why a record is kept.
completion:
  lessons: all
  quizzes: [final]
  evaluation: true
certificate:
  title: Certificate of Completion
  valid_for: 4 years
  show_name: initials
  signatory: {name: Head of the Unit, function: OSCE Secretariat}
contact: spmu@example.org
licence: CC-BY-4.0
---
A course for tests. It teaches nothing.
"""

PRE_TEST = """---
title: Pre-test
kind: pre_test
pool: final#pp
---
What do you know already?
"""

FIRST = """---
title: The stop
objectives: [LO1]
---
Two lessons and a check.
"""

ONE = """---
title: The reason
minutes: 5
objectives: [LO1]
---
A stop needs a reason. A [[record]] is kept.

## What counts

![A street with two people](media/street.svg "A stop. Credit: SPMU")

A hunch is no reason.
"""

TWO = """---
title: The record
minutes: 5
objectives: [LO2]
---
Write it down at once, as [the reason](10-one.md) asks.
"""

CHECK = """---
title: Check
kind: formative
---
Two questions for practice.

## What does a stop need? {#c1 objective=LO1}

- (x) A reason
  > Right.
- ( ) A feeling
  > No.

> A reason that can be said aloud.

## A record is kept. {#c2 objective=LO2}

= true

> Always.
"""

SECOND = """---
title: The talk
objectives: [LO2]
opens_after: [first]
---
One lesson and a text to write.
"""

THREE = """---
title: The words
minutes: 5
objectives: [LO2]
---
Say who you are.
"""

PRACTICE = """---
title: Write a record
kind: formative
---
## Write the record of a stop. {#p1 objective=LO2}

= …

> Rubric: names the reason.
"""

FINAL = """---
title: Final
kind: summative
pass_mark: 80
attempts: 3
time_limit: 30 min
wait: 24 h
shuffle: [questions, options]
review: after_passing
feedback:
  80: "Well done."
  0: "Read the lessons again."
---
One question of every kind.

## Who may stop a person? {#f1 objective=LO1 tags="pp"}

- (x) An officer on duty
  > The law says so.
- ( ) Anybody at all
  > No law says so.
- ( ) None of these {pin}

> Only on duty.

## What does a record hold? {#f2 objective=LO2}

- [x] The place
- [x] The reason
- [ ] The weather
- [ ] The football results

> Place and reason.

## A hunch is a reason. {#f3 objective=LO1 tags="pp"}

= false

> It cannot be said aloud.

## How long is the road? {#f4 objective=LO1}

= 19 ± 0.6 km | kilometres

> It was measured.

## What is written down? {#f5 objective=LO2}

= the record
= a record

> Any article will do.

## Which city has which river? {#f6 objective=LO1}

- Vienna => Danube
- Paris => Seine
- => Thames

> The third is in London.

## Put the steps in order. {#f7 objective=LO2}

1. Greet
2. Explain
3. Record

> A greeting comes first.

## Fill the sentence. {#f8 objective=LO2}

Article {{5}} of the {{1950|1961|1988}} Convention.

> Liberty and security.
"""

EVALUATION = """---
title: Evaluation
kind: survey
---
How was it?

## The course was clear. {#e1}

= 1..5 "no" "fully"

## What should change? {#e2}

= …

## Would you take another? {#e3 required}

- Yes
- No
"""

GLOSSARY = """record
: What is written about a stop.
"""

STREET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    '<path d="M0 0h40v20H0z" fill="#4f6d7a"/></svg>\n'
)

SMALL: Mapping[str, str] = {
    "course.md": COURSE,
    "0-pre-test.quiz.md": PRE_TEST,
    "1-first/module.md": FIRST,
    "1-first/10-one.md": ONE,
    "1-first/20-two.md": TWO,
    "1-first/90-check.quiz.md": CHECK,
    "2-second/module.md": SECOND,
    "2-second/10-three.md": THREE,
    "2-second/90-practice.quiz.md": PRACTICE,
    "9-final.quiz.md": FINAL,
    "evaluation.quiz.md": EVALUATION,
    "glossary.md": GLOSSARY,
    "media/street.svg": STREET,
}
LESSONS = ("first/one", "first/two", "second/three")


def small_files(changes: Mapping[str, str | bytes | None] | None = None) -> dict[str, bytes]:
    """The files of the small course, some of them changed, added or (None) removed."""
    files: dict[str, str | bytes | None] = {**SMALL, **(changes or {})}
    return {
        path: data.encode() if isinstance(data, str) else data
        for path, data in files.items()
        if data is not None
    }


@dataclass(frozen=True)
class Published:
    """A course as it was published last."""

    course: Course
    release: Release
    value: CourseValue

    @property
    def slug(self) -> str:
        return self.course.slug

    @property
    def href(self) -> str:
        return f"/courses/{self.course.slug}"


def publish_course(
    slug: str = "small",
    changes: Mapping[str, str | bytes | None] | None = None,
    *,
    files: Mapping[str, bytes] | None = None,
    now: datetime = NOON - timedelta(days=30),
) -> Published:
    """Publish the small course, changed, or other files, as `lms courses load --publish` does."""
    held = dict(files) if files is not None else small_files(changes)
    wrong = [str(one) for one in check_course(held, slug) if one.level == "error"]
    assert wrong == []
    value = read_course(held, slug).course
    assert value is not None
    db.session.remove()
    authoring.publish(value, held, now=now)
    course = db.session.scalars(select(Course).filter_by(slug=slug)).one()
    release = db.session.scalars(
        select(Release).filter_by(course_id=course.id).order_by(Release.number.desc())
    ).first()
    assert release is not None
    db.session.expunge_all()
    return Published(course, release, value)


def make_activity(made: Published, **changes: Any) -> Activity:
    """An activity open to everybody, from a month before noon to a month after."""
    facts: dict[str, Any] = {
        "course_id": made.course.id,
        "slug": f"{made.slug}-2026-12-{next(numbers)}",
        "route": Route.OPEN,
        "begins_at": NOON - timedelta(days=30),
        "ends_at": NOON + timedelta(days=30),
        "capacity": None,
        "created_at": NOON - timedelta(days=30),
    }
    return saved(Activity(**{**facts, **changes}))


def make_place(person: Person, activity: Activity, *, now: datetime = NOON) -> Enrolment:
    """The person's place in the activity, taken as the button does."""
    db.session.remove()
    slug = db.session.scalars(select(Course.slug).filter_by(id=activity.course_id)).one()
    enrolment_id = learning.take_place(person.id, slug, activity.slug, now=now)
    return fresh(Enrolment, enrolment_id)


def fresh(kind: type[Any], key: Any) -> Any:
    """The row as the database has it now, detached."""
    db.session.remove()
    row = db.session.get_one(kind, key)
    db.session.expunge(row)
    return row


# Walking


def finish_lessons(browser: Any, made: Published, *keys: str) -> None:
    """Press the button of these lessons, by default of all."""
    for key in keys or LESSONS:
        answer = browser.submit(f"{made.href}/{key}")
        assert answer.status_code == 303, answer.text


def start(browser: Any, made: Published, key: str) -> str:
    """Press the button of the quiz's start page; gives the attempt's address without an end."""
    page = browser.get(f"{made.href}/{key}")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    answer = browser.post("/attempts", data=fields)
    assert answer.status_code == 303, answer.text
    return "/".join(answer.location.split("/")[:3])


def attempt_at(address: str) -> Attempt:
    """The row of the attempt at this address."""
    db.session.remove()
    ref = address.split("/")[2]
    return db.session.scalars(select(Attempt).filter_by(ref=ref)).one()


def answer_all(browser: Any, address: str, *, right: bool = True) -> None:
    """Fill every question of the attempt in, with its key or with something wrong."""
    fields = fields_of(attempt_at(address), right=right)
    for number, sent in enumerate(fields, start=1):
        answer = browser.submit(f"{address}/{number}", **sent)
        assert answer.status_code == 303, answer.text


def hand_in(browser: Any, address: str) -> TestResponse:
    """Press the last button; gives the page of the result."""
    answer = browser.submit(f"{address}/check")
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location)


def take_quiz(browser: Any, made: Published, key: str, *, right: bool = True) -> str:
    """Start, answer, hand in; gives the attempt's address."""
    address = start(browser, made, key)
    answer_all(browser, address, right=right)
    assert hand_in(browser, address).status_code == 200
    return address


def complete(browser: Any, made: Published) -> Certificate:
    """All that the course asks for, by its shortest way; gives the certificate."""
    finish_lessons(browser, made)
    take_quiz(browser, made, "final")
    take_quiz(browser, made, "evaluation")
    db.session.remove()
    return db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()


def fields_of(attempt: Attempt, *, right: bool) -> list[dict[str, list[str]]]:
    """For each question drawn what its form must hold to be right, or to be wrong."""
    unit = db.session.get_one(Unit, attempt.unit_id)
    rules = QuizRules.from_dict(unit.facts["rules"])
    pool = {one.id: one for one in attempt_deeds.pool(db.session, unit, rules)}
    made = []
    for question_id in attempt.drawn:
        question = pool[question_id]
        offered = shown(question, seed=attempt.seed, shuffle_options=rules.shuffle_options)
        answer = right_answer(question) if right else wrong_answer(question)
        made.append(form_values(question, offered, answer))
    return made


def question_of(made: Published, question_id: str) -> values.Question:
    """The value of a question of the release."""
    body = db.session.scalars(
        select(Question.body)
        .join(Unit, Unit.id == Question.unit_id)
        .where(Unit.release_id == made.release.id, Question.question_id == question_id)
    ).one()
    return values.Question.from_dict(body)


def right_answer(question: values.Question) -> Answer:
    """What the key says; for questions without one something plain."""
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE:
            return Answer(chosen=frozenset(one.text for one in question.options if one.right))
        case Type.CHOICE:
            return Answer(chosen=frozenset({question.options[0].text}))
        case Type.NUMERIC:
            key = question.numbers[0]
            return Answer(text=f"{float((key.low + key.high) / 2):g} {''.join(key.units[:1])}")
        case Type.SHORT:
            return Answer(text=question.words[0].pattern.replace("*", ""))
        case Type.MATCHING:
            return Answer(pairs={pair.left: pair.right for pair in question.pairs if pair.left})
        case Type.ORDERING:
            return Answer(order=question.items)
        case Type.GAPS:
            return Answer(gaps=tuple(gap.texts[0] for gap in question.gaps))
        case Type.SCALE | Type.NUMBER:
            assert question.scale is not None
            return Answer(text=str(question.scale.high))
        case Type.ESSAY:
            return Answer(text="I wrote the reason down.")


def wrong_answer(question: values.Question) -> Answer:
    """Something that the form allows and the key does not."""
    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE:
            wrong = next(one.text for one in question.options if not one.right)
            return Answer(chosen=frozenset({wrong}))
        case Type.NUMERIC:
            return Answer(text=str(int(question.numbers[0].high + Fraction(1_000))))
        case Type.SHORT:
            return Answer(text="nothing of the kind")
        case Type.MATCHING:
            rights = sorted({pair.right for pair in question.pairs})
            return Answer(
                pairs={
                    pair.left: next(one for one in rights if one != pair.right)
                    for pair in question.pairs
                    if pair.left
                }
            )
        case Type.ORDERING:
            return Answer(order=question.items[::-1])
        case Type.GAPS:
            return Answer(
                gaps=tuple(gap.texts[-1] if gap.listed else "zero" for gap in question.gaps)
            )
        case _:
            return right_answer(question)
