"""Which file of a course is what, told from its path alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.content.findings import Finding, Report

RESERVED = frozenset({"media", "glossary", "place", "download", "search", "print"})
MEDIA_TYPES = frozenset(
    {"avif", "gif", "jpeg", "jpg", "png", "svg", "webp"}  # pictures
    | {"mp3", "mp4", "ogg", "webm", "vtt", "md"}  # players, their captions and transcripts
    | {"csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"}
)

SLUG = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
KEY = re.compile(rf"{SLUG.pattern}/{SLUG.pattern}|{SLUG.pattern}")
_NUMBERED = re.compile(r"(?:([0-9]{1,6})-)?(.+)")


@dataclass(frozen=True, slots=True)
class Name:
    """What a path says of a module, lesson or quiz."""

    path: str  # of the file; of module.md for a module
    number: int | None
    slug: str
    module: str = ""  # its slug; "" at the top level
    quiz: bool = False

    @property
    def key(self) -> str:
        return f"{self.module}/{self.slug}" if self.module else self.slug


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a course, sorted by what they are and in their order."""

    modules: tuple[Name, ...]
    units: Mapping[str, tuple[Name, ...]]  # by slug of the module
    quizzes: tuple[Name, ...]  # of the course
    media: frozenset[str]  # paths, those of translations included
    translations: Mapping[str, tuple[str, ...]]  # tag to paths


def unit_name(path: str, module: str = "") -> Name | None:
    """The lesson or quiz of this file name; module is its module's slug. None: it is neither."""
    name = PurePosixPath(path).name
    quiz = name.endswith(".quiz.md")
    found = _NUMBERED.fullmatch(name.removesuffix(".quiz.md" if quiz else ".md"))
    if not name.endswith(".md") or found is None or (found[1] is None and not quiz):
        return None
    return Name(path, int(found[1]) if found[1] else None, found[2], module, quiz)


def name_of(path: str) -> Name:
    """Lesson or quiz of a path inside a course, whatever it looks like."""
    folder, _, name = path.rpartition("/")
    found = _NUMBERED.fullmatch(folder.rpartition("/")[2])
    module = found[2] if found else ""
    quiz = name.endswith(".quiz.md")
    known = unit_name(path, module)
    return known or Name(path, None if quiz else 0, name.partition(".")[0], module, quiz)


def kept(paths: Iterable[str]) -> list[str]:
    """Paths without dot-files, sorted."""
    return sorted(
        path for path in paths if not any(part.startswith(".") for part in path.split("/"))
    )


def layout_of(paths: Iterable[str]) -> tuple[Layout, tuple[Finding, ...]]:
    """Sort the paths of a course's folder; what has no place is found."""
    known = kept(paths)
    report = Report("")
    modules: dict[str, Name] = {}
    units: dict[str, list[Name]] = {}
    quizzes: list[Name] = []
    media: set[str] = set()
    translated: dict[str, list[str]] = {}
    for path in known:
        report.path = path
        top, *rest = path.split("/")
        inner = "/".join(rest)
        folder = _NUMBERED.fullmatch(top)
        if top == "media" and rest:
            _take_media(path, media, report)
        elif not rest:
            _take_file(path, quizzes, report)
        elif folder and folder[1]:
            if top not in modules:
                modules[top] = Name(f"{top}/module.md", int(folder[1]), folder[2])
                units[top] = []
            _take_unit(path, rest, modules[top], units[top], report)
        elif TAG.fullmatch(top) and rest[0] == "media" and len(rest) > 1:
            _take_media(path, media, report)
        elif TAG.fullmatch(top):
            if inner not in known or inner.startswith(("README", "LICENSE")):
                report.add("unknown-file", f"no file {inner} is there to translate", 1)
            else:
                translated.setdefault(top, []).append(path)
        else:
            remedy = "a module is a folder such as 1-name, a translation one such as ru"
            report.add("unknown-file", f"the folder {top} is unknown", 1, 1, remedy)
    if "course.md" not in known:
        report.path = "course.md"
        report.add("missing-file", "the course has no course.md", 1)
    for name in modules.values():
        if name.path not in known:
            report.path = name.path
            report.add("missing-file", f"the module {name.slug} has no module.md", 1)
    for neighbours in ([*modules.values(), *quizzes], *units.values()):
        _check_neighbours(neighbours, report)
    made = Layout(
        modules=_ordered(modules.values()),
        units={name.slug: _ordered(units[top]) for top, name in modules.items()},
        quizzes=_ordered(quizzes),
        media=frozenset(media),
        translations={tag: tuple(found) for tag, found in translated.items()},
    )
    return made, tuple(report.found)


def _take_media(path: str, media: set[str], report: Report) -> None:
    if path.rpartition(".")[2].lower() in MEDIA_TYPES:
        media.add(path)
    else:
        wrong = "this type of file cannot be shown or downloaded"
        report.add("unknown-file", wrong, 1, 1, f"use one of {', '.join(sorted(MEDIA_TYPES))}")


def _take_file(path: str, quizzes: list[Name], report: Report) -> None:
    if path in ("course.md", "glossary.md", "README.md") or path.startswith("LICENSE"):
        return
    name = unit_name(path)
    if name and name.quiz:
        quizzes.append(name)
    else:
        remedy = "put a lesson into a module's folder, a picture into media"
        report.add("unknown-file", f"{path} is no file of a course", 1, 1, remedy)


def _take_unit(path: str, rest: list[str], module: Name, units: list[Name], report: Report) -> None:
    name = unit_name(path, module.slug) if len(rest) == 1 else None
    if rest == ["module.md"]:
        return
    if name:
        units.append(name)
    else:
        remedy = "name a lesson such as 10-name.md, a quiz such as 90-name.quiz.md"
        report.add("unknown-file", f"{'/'.join(rest)} is no file of a module", 1, 1, remedy)


def _check_neighbours(names: Iterable[Name], report: Report) -> None:
    numbers: dict[int, Name] = {}
    slugs: dict[str, Name] = {}
    for name in names:
        report.path = name.path
        if not SLUG.fullmatch(name.slug) or len(name.slug) > 80:
            report.add("name", f"`{name.slug[:90]}` cannot be a name", 1)
        elif name.slug in RESERVED:
            report.add("name", f"the name {name.slug} is reserved", 1, 1, "choose another name")
        if name.number is not None and name.number in numbers:
            wrong = f"the number {name.number} is that of {numbers[name.number].path} too"
            report.add("doubled-number", wrong, 1)
        if name.slug in slugs:
            report.add("doubled-slug", f"{name.slug} is the name of {slugs[name.slug].path} too", 1)
        slugs.setdefault(name.slug, name)
        if name.number is not None:
            numbers.setdefault(name.number, name)


def _ordered(names: Iterable[Name]) -> tuple[Name, ...]:
    unique: dict[str, Name] = {}
    for name in names:
        unique.setdefault(name.slug, name)
    return tuple(
        sorted(unique.values(), key=lambda one: (one.number is None, one.number or 0, one.slug))
    )
