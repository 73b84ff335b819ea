"""Invented answers are ones that a form could have sent, and right only when they should be."""

import random
from pathlib import Path

import pytest

from config import ROOT
from lms.content.files import read_folder
from lms.content.reading import read_course
from lms.features.sample.answers import answered, keyed, opinion
from lms.rules.marking import share
from lms.rules.questions import Question, Type
from lms.rules.shapes import fits_shape
from tests.features.courses import small_files

SURVEY = {Type.SCALE, Type.NUMBER, Type.CHOICE}


def questions() -> list[Question]:
    folders: list[Path] = sorted(one.parent for one in ROOT.glob("courses/*/course.md"))
    read = [read_course(read_folder(one), one.name).course for one in folders]
    read.append(read_course(small_files(), "small").course)
    return [q for course in read if course for unit in course.units() for q in asked(unit)]


def asked(unit) -> tuple[Question, ...]:
    return getattr(unit, "questions", ())


@pytest.fixture(scope="module")
def keys():
    return [keyed(question) for question in questions()]


def test_every_question_with_a_key_has_a_right_and_a_wrong_answer(keys):
    for one in keys:
        if one.question.type not in SURVEY | {Type.ESSAY}:
            assert one.right is not None, one.question.id
            assert share(one.question, one.right) == 1
            assert one.wrong, one.question.id
            assert all(share(one.question, wrong) < 1 for wrong in one.wrong)


def test_every_answer_could_have_come_from_the_form(keys):
    rng = random.Random(1)
    for one in keys:
        say = opinion(rng, one.question, 0.7) if one.question.type in SURVEY else None
        for answer in (say or answered(rng, one, 0.0), *one.wrong):
            assert fits_shape(one.question, answer), one.question.id


def test_the_able_answer_better(keys):
    graded = [one for one in keys if one.right is not None]

    def mean(ability):
        rng = random.Random(2)
        return sum(share(one.question, answered(rng, one, ability)) for one in graded) / len(graded)

    assert mean(-2.0) < 0.5 < 0.8 < mean(2.0)
