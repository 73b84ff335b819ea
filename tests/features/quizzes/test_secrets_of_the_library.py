"""The four courses with every key changed: what officers get before review stays the same, byte
for byte: pages, answers of the server, rows."""

import hashlib
import itertools
import re
import secrets
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select

from config import ROOT
from lms.content.files import read_folder
from lms.content.reading import read_course
from lms.content.values import Quiz
from lms.database import db
from lms.features.authoring import actions as authoring
from lms.features.quizzes import actions as quizzes
from lms.models import Answer, Attempt, Course, Question, Release, Unit, UnitCompletion, UnitKind
from lms.rules import questions as values
from lms.rules.questions import Type
from tests.architecture.world import send
from tests.conftest import Browser, restore
from tests.factories import NOON, make_person, saved
from tests.features.courses import Published, make_activity, make_place

COURSES = sorted(one.parent.name for one in (ROOT / "courses").glob("*/course.md"))


def rotated(items):
    return (*items[1:], *items[:1])


def other_key(question: values.Question) -> values.Question:
    """The same question to look at, with something else right and other words behind it."""
    options = question.options
    if question.type in (Type.SINGLE, Type.TRUE_FALSE, Type.MULTIPLE):
        keys = rotated([(one.right, one.weight) for one in options])
        options = tuple(
            replace(one, right=right, weight=weight, feedback="Changed.", was=())
            for one, (right, weight) in zip(options, keys, strict=True)
        )
    rights = rotated([pair.right for pair in question.pairs])
    return replace(
        question,
        options=options,
        numbers=tuple(
            replace(key, low=key.low + 1000, high=key.high + 2000, weight=Fraction(1), text="?")
            for key in question.numbers
        ),
        words=tuple(replace(key, pattern="changed", weight=Fraction(1)) for key in question.words),
        pairs=tuple(
            replace(pair, right=right, was=())
            for pair, right in zip(question.pairs, rights, strict=True)
        ),
        items=question.items[::-1],
        item_was=(),
        gaps=tuple(
            replace(gap, texts=rotated(gap.texts) if gap.listed else ("changed",))
            for gap in question.gaps
        ),
        explanation="Changed." if question.explanation else "",
        rubric="Changed." if question.rubric else "",
        typos=0 if question.typos == 0 else question.typos + 1,
    )


def with_other_keys(course):
    """Every question of every quiz changed."""

    def changed(unit):
        if not isinstance(unit, Quiz):
            return unit
        return replace(unit, questions=tuple(map(other_key, unit.questions)))

    modules = tuple(
        replace(module, units=tuple(map(changed, module.units))) for module in course.modules
    )
    return replace(course, modules=modules, quizzes=tuple(map(changed, course.quizzes)))


@pytest.fixture
def same_chance(monkeypatch):
    def begin():
        counts = defaultdict(itertools.count)

        def token_bytes(size=32):
            return hashlib.shake_128(f"{size} {next(counts[size])}".encode()).digest(size)

        monkeypatch.setattr(secrets, "token_bytes", token_bytes)

    return begin


def told(app, value, files):
    """All that the officer gets of every quiz of the course, and all that is kept."""
    restore(app)
    db.session.remove()
    authoring.publish(value, files, now=NOON)
    course = db.session.scalars(select(Course)).one()
    release = db.session.scalars(select(Release)).one()
    db.session.expunge_all()
    person = make_person()
    place = make_place(person, make_activity(Published(course, release, value)))
    browser = Browser(app).sign_in(person)
    token = browser.token("/account/display")
    units = db.session.scalars(
        select(Unit).filter_by(release_id=release.id).order_by(Unit.position)
    ).all()
    keys = [one.key for one in units if one.kind is not UnitKind.LESSON]
    pre = [one.key for one in units if one.kind is UnitKind.PRE_TEST]
    refs = {key: begin(place, key) for key in pre}
    saved(
        *(
            UnitCompletion(enrolment_id=place.id, unit_key=one.key, unit_id=one.id, at=NOON)
            for one in units
            if one.kind is UnitKind.LESSON
        )
    )
    refs |= {key: begin(place, key) for key in keys if key not in refs}
    heard = []
    for key, ref in refs.items():
        heard.append(browser.get(f"/courses/{value.slug}/{key}").text)
        sheets = browser.get(f"/attempts/{ref}/questions").text
        for number, form in enumerate(sheets.split("<form")[1:], start=1):
            names = dict.fromkeys(re.findall(r'name="(a|[mog]\d)"', form))
            sent = dict.fromkeys(names, "1")
            fields = {"number": number, "sequence": 1, "device": "laptop", "csrf_token": token}
            answer = send(browser, "POST", f"/attempts/{ref}/answers", data={**fields, **sent})
            heard.append((answer.status_code, answer.text))
        heard += [sheets, *(browser.get(f"/attempts/{ref}/{end}").text for end in ("1", "check"))]
    return heard, kept(), db.session.scalars(select(Question.body).order_by(Question.id)).all()


def begin(place, key):
    db.session.remove()
    return quizzes.start(place.person_id, place.ref, key, now=NOON)


def kept():
    db.session.remove()
    attempts = db.session.execute(
        select(Attempt.unit_key, Attempt.seed, Attempt.drawn, Attempt.deadline).order_by(Attempt.id)
    ).all()
    answers = db.session.execute(
        select(Answer.attempt_id, Answer.question_id, Answer.value, Answer.sequence).order_by(
            Answer.id
        )
    ).all()
    return [tuple(row) for row in attempts], [tuple(row) for row in answers]


def without_names(heard):
    """What was heard without tokens, references and hashes of files."""
    return [
        re.sub(
            r'name="csrf_token" value="[0-9a-f]+"|/static/\S+|[a-z2-9]{4}(-[a-z2-9]{4}){3}',
            "",
            str(one),
        )
        for one in heard
    ]


@pytest.mark.parametrize("slug", COURSES)
def test_every_key_of_the_library_can_change_unseen(app, same_chance, slug):
    files = read_folder(ROOT / "courses" / slug)
    value = read_course(files, slug).course
    assert value is not None
    results = []
    for one in (value, with_other_keys(value)):
        same_chance()
        results.append(told(app, one, files))
    (heard, rows, bodies), (other_heard, other_rows, other_bodies) = results

    assert sum(one != other for one, other in zip(bodies, other_bodies, strict=True)) > 20
    assert len(rows[1]) > 20
    assert without_names(heard) == without_names(other_heard)
    assert rows == other_rows
