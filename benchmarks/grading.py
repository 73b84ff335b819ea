"""Attempts graded, pages of HTML rendered and certificates made in a second of processor time."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lms.content.files import read_folder
from lms.content.reading import read_course
from lms.content.rendering import render
from lms.content.values import Lesson
from lms.features.certificates.paper import make_pdf
from lms.rules.grading import grade
from lms.rules.questions import Answer

COURSE = Path(__file__).parents[1] / "courses" / "afghan-opiates"
SECONDS = 2.0
SNAPSHOT = {
    "name": "Nino Beridze",
    "own_script_name": "ნინო ბერიძე",
    "affiliation": "Georgia",
    "course_title": "Countering illicit trafficking in Afghan opiates",
    "certificate_title": "Certificate of Completion",
    "hours": "4",
    "release": 1,
    "completed_on": "2026-11-23",
    "issued_on": "2026-11-23",
    "expires_on": "2030-11-23",
    "signatory_name": "Head of the Strategic Police Matters Unit",
    "signatory_function": "OSCE Secretariat",
    "code": "A" * 20,
    "check_address": "https://learning.example.org/verify/" + "A" * 20,
    "language": "en",
    "outcomes": [],
    "issuer": "OSCE Strategic Police Matters Unit",
}


def rate(work: Callable[[], object]) -> float:
    """How often a second of processor time is enough for."""
    begun, done = time.process_time(), 0
    while time.process_time() - begun < SECONDS:
        work()
        done += 1
    return done / (time.process_time() - begun)


def main() -> None:
    course = read_course(read_folder(COURSE), COURSE.name).course
    assert course is not None
    final = next(quiz for quiz in course.quizzes if quiz.slug == "final-assessment")
    answers = {one.id: Answer(text="1817", chosen=frozenset()) for one in final.questions}
    lessons = [one for one in course.units() if isinstance(one, Lesson)]
    body = max((one.body for one in lessons), key=len)
    for words, work in (
        (
            f"attempts of {len(final.questions)} questions",
            partial(grade, final.questions, answers, 80),
        ),
        (f"lessons of {len(body)} signs", partial(render, body)),
        ("certificates", partial(make_pdf, SNAPSHOT)),
    ):
        print(f"{words}: {rate(work):.0f} in a second of processor time")


if __name__ == "__main__":
    main()
