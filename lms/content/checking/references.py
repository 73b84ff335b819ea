"""What one file of a course says of another: objectives, modules, quizzes, marks."""

from collections.abc import Collection, Iterable

from lms.content import values
from lms.content.findings import Finding, Report
from lms.content.layout import KEY
from lms.content.quizzes import Places
from lms.content.reading import Reading


def check(reading: Reading, course: values.Course, known: Collection[str] | None) -> list[Finding]:
    found: list[Finding] = []
    found += _course(reading.places, course, known)
    for module in course.modules:
        found += _module(reading.places, course, module)
    for unit in course.units():
        found += _unit(reading.places, course, unit)
    return found


def _course(places: Places, course: values.Course, known: Collection[str] | None) -> list[Finding]:
    report = Report("course.md")

    def wrong(key: str, rule: str, text: str, remedy: str = "") -> None:
        report.add(rule, text, *places.get(("course.md", key), (1, 1)), remedy)

    for slug in course.prerequisites:
        if slug == course.slug:
            wrong("prerequisites", "prerequisite", "the course is a prerequisite of itself")
        elif known is not None and slug not in known:
            wrong("prerequisites", "prerequisite", f"there is no course {slug[:80]}")
    quizzes = {quiz.key: quiz for quiz in course.all_quizzes()}
    for key in course.completion.quizzes:
        if key not in quizzes:
            remedy = f"write one of {', '.join(quizzes)}" if quizzes else "leave the key out"
            wrong("completion.quizzes", "reference", f"there is no quiz {key[:80]}", remedy)
        elif quizzes[key].pass_mark is None:
            text = f"the quiz {key} has no pass mark and cannot be passed"
            wrong("completion.quizzes", "reference", text, "give it a pass_mark")
    surveys = [quiz for quiz in quizzes.values() if quiz.kind is values.Kind.SURVEY]
    if course.completion.evaluation and not surveys:
        text = "the evaluation must be sent, and the course has none"
        wrong("completion.evaluation", "reference", text, "add evaluation.quiz.md, kind: survey")
    tested = {
        question.objective
        for quiz in quizzes.values()
        if quiz.kind is not values.Kind.SURVEY
        for question in quiz.questions
    }
    for name in course.objectives:
        if name not in tested:
            text = f"no question tests the objective {name[:40]}"
            wrong(f"objectives.{name}", "untested-objective", text)
    return report.found


def _module(places: Places, course: values.Course, module: values.Module) -> list[Finding]:
    report = Report(module.path)
    _objectives(module.objectives, course, report, places)
    _opens_after(module.opens_after, course, report, places)
    if module.opens_after and _comes_back(course, module.slug):
        place = places.get((module.path, "opens_after"), (1, 1))
        wrong = "the module waits for modules that wait for it"
        report.add("reference", wrong, *place, "let one of them open by itself")
    return report.found


def _comes_back(course: values.Course, slug: str) -> bool:
    """Following opens_after from a module leads to it again."""
    after = {module.slug: module.opens_after for module in course.modules}
    seen: set[str] = set()
    waiting = list(after[slug])
    while waiting:
        one = waiting.pop()
        if one == slug:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(after.get(one, ()))
    return False


def _unit(
    places: Places, course: values.Course, unit: values.Lesson | values.Quiz
) -> list[Finding]:
    report = Report(unit.path)
    _objectives(unit.objectives, course, report, places)
    for key in unit.formerly:
        if not KEY.fullmatch(key):
            place = places.get((unit.path, "formerly"), (1, 1))
            report.add("value", f"`{key[:80]}` is no unit key", *place, "write module/unit")
        elif any(one.key == key for one in course.units()):
            place = places.get((unit.path, "formerly"), (1, 1))
            wrong = f"{key} is a unit of this course still"
            report.add("reference", wrong, *place, "write the key it had before")
    if isinstance(unit, values.Lesson):
        if unit.handling and unit.handling.height > course.handling.height:
            place = places.get((unit.path, "handling"), (1, 1))
            wrong = f"{unit.handling} is higher than the course's {course.handling}"
            report.add("handling", wrong, *place)
        return report.found
    for question in unit.questions:
        line, _ = places.get((unit.path, f"question:{question.id}"), (1, 1))
        if question.objective and question.objective not in course.objectives:
            _unknown_objective(question.objective, course, report, (line, 1))
    if isinstance(unit.opens_after, tuple):
        _opens_after(unit.opens_after, course, report, places)
    own = course.module_of(unit.key)
    if own and (unit.opens_after == "all" or own.slug in unit.opens_after):
        place = places.get((unit.path, "opens_after"), (1, 1))
        wrong = "the quiz waits for the module it belongs to"
        report.add("reference", wrong, *place, "name earlier modules only")
    return report.found


def _objectives(
    names: Iterable[str], course: values.Course, report: Report, places: Places
) -> None:
    for name in names:
        if name not in course.objectives:
            place = places.get((report.path, "objectives"), (1, 1))
            _unknown_objective(name, course, report, place)


def _unknown_objective(
    name: str, course: values.Course, report: Report, place: tuple[int, int]
) -> None:
    known = ", ".join(course.objectives)
    remedy = f"write one of {known}" if known else "add it to the objectives in course.md"
    report.add("reference", f"there is no objective {name[:40]}", *place, remedy)


def _opens_after(
    slugs: Iterable[str], course: values.Course, report: Report, places: Places
) -> None:
    known = [module.slug for module in course.modules]
    for slug in slugs:
        if slug not in known:
            place = places.get((report.path, "opens_after"), (1, 1))
            remedy = f"write one of {', '.join(known)}"
            report.add("reference", f"there is no module {slug[:80]}", *place, remedy)
