"""What a quiz draws, and from how much."""

from lms.content import values
from lms.content.findings import Finding, Report
from lms.content.reading import Reading


def check(reading: Reading, course: values.Course) -> list[Finding]:
    found: list[Finding] = []
    for quiz in course.all_quizzes():
        report = Report(quiz.path)
        pool = _pool(reading, course, quiz, report)
        if quiz.draw is not None and pool is not None:
            place = reading.places.get((quiz.path, "draw"), (1, 1))
            if quiz.draw > pool:
                wrong = f"{quiz.draw} questions are drawn from {pool}"
                report.add("draw", wrong, *place)
            elif pool < 2 * quiz.draw:
                wrong = f"{quiz.draw} questions are drawn from only {pool}"
                report.add("small-pool", wrong, *place)
        found += report.found
    return found


def _pool(reading: Reading, course: values.Course, quiz: values.Quiz, report: Report) -> int | None:
    """How many questions the quiz draws from; None where its pool is not there."""
    if quiz.pool is None:
        return len(quiz.questions)
    place = reading.places.get((quiz.path, "pool"), (1, 1))
    key, _, tag = quiz.pool.partition("#")
    sources = {one.key: one for one in course.all_quizzes()}
    if key not in sources or sources[key].pool is not None:
        wrong = f"there is no quiz {key[:80]} with questions of its own"
        report.add("reference", wrong, *place, "write the key of a quiz, as module/quiz")
        return None
    if sources[key].kind is values.Kind.SURVEY or quiz.kind is values.Kind.SURVEY:
        report.add("reference", "a survey shares no questions", *place, "write its own questions")
        return None
    questions = course.questions_of(quiz)
    if not questions:
        wrong = f"no question of {key} has the tag `{tag[:40]}`"
        report.add("reference", wrong, *place, f'add tags="{tag[:40]}" to some questions')
        return None
    return len(questions)
