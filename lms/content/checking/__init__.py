"""Everything that can be wrong with a course, for the editor, for loading and for Git users.

The rules stand in `lms.content.findings`; each has a test that names it.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from lms.content.checking import markdown, media, quizzes, references
from lms.content.files import UnfitFolderError, read_folder
from lms.content.findings import Finding, Report, in_order
from lms.content.reading import Reading, read_course


def check_course(
    files: Mapping[str, bytes], slug: str, known: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """All findings of a course, sorted by path and line.

    known are the slugs of all courses; without them it is not checked that a prerequisite exists.
    """
    return check_reading(read_course(files, slug), files, known)


def check_reading(
    reading: Reading, files: Mapping[str, bytes], known: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """The same for a course that has been read already from these files."""
    found = list(reading.findings)
    found += media.check(reading, files)
    found += markdown.check(reading)
    if reading.course is not None:
        found += references.check(reading, reading.course, known)
        found += quizzes.check(reading, reading.course)
    return in_order(found)


def check_courses(folder: Path) -> tuple[Finding, ...]:
    """All findings of every course in a folder, with paths that begin with the course's slug."""
    courses = sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    known = {path.name for path in courses}
    made: list[Finding] = []
    for path in courses:
        made += _below(path.name, _check_folder(path, known))
    return in_order(made)


def check_paths(paths: Iterable[Path]) -> tuple[Finding, ...]:
    """What `lms courses check PATH…` finds: a path is a folder of courses, a course, or a file
    of one. Findings have the paths as given, with what stands below them.

    Raises FileNotFoundError for a path that is not there or belongs to no course.
    """
    made: list[Finding] = []
    for path in paths:
        home = _course_of(path.resolve(strict=True))
        if home is None and path.is_dir():
            made += _below(path.as_posix(), check_courses(path))
        elif home is None:
            raise FileNotFoundError(f"{path} belongs to no course")
        else:
            siblings = {one.parent.name for one in home.parent.glob("*/course.md")}
            inner = path.resolve().relative_to(home).as_posix()
            for finding in _check_folder(home, siblings):
                if inner == ".":
                    made += _below(path.as_posix(), [finding])
                elif finding.path == inner:
                    made.append(_at(path.as_posix(), finding))
                elif finding.path.startswith(inner + "/"):
                    rest = finding.path.removeprefix(inner + "/")
                    made.append(_at(f"{path.as_posix()}/{rest}", finding))
    return in_order(made)


def _course_of(path: Path) -> Path | None:
    """The course's folder that a path is, or stands in."""
    for one in (path, *path.parents):
        # a translation has a course.md too; its course is the folder above it
        if (one / "course.md").is_file() and not (one.parent / "course.md").is_file():
            return one
    return None


def _check_folder(folder: Path, known: Collection[str]) -> tuple[Finding, ...]:
    try:
        files = read_folder(folder)
    except UnfitFolderError as unfit:
        return unfit.findings
    except OSError as fault:
        report = Report("course.md")
        report.add("encoding", f"a file cannot be read ({fault.strerror})", 1)
        return tuple(report.found)
    return check_course(files, folder.name, known)


def _below(top: str, findings: Iterable[Finding]) -> list[Finding]:
    return [_at(f"{top}/{one.path}", one) for one in findings]


def _at(path: str, finding: Finding) -> Finding:
    return Finding(
        path,
        finding.line,
        finding.column,
        finding.level,
        finding.rule,
        finding.wrong,
        finding.remedy,
    )
