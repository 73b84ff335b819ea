"""Publishing: an immutable numbered release from a course's values and files."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.content import values
from lms.content.sanitizing import SANITIZER_VERSION
from lms.content.workshop import render_apart as render
from lms.deeds import audit, rendering
from lms.deeds.audit import AnySession
from lms.models import (
    Course,
    CourseFile,
    Programme,
    Question,
    Release,
    ReleaseReason,
    Unit,
    UnitKind,
)
from lms.rules import questions

RENDERER = f"1-{SANITIZER_VERSION}"
PROGRAMME_TITLES = {
    "countering-illicit-drugs": "Countering illicit drugs",
    "democratic-policing": "Democratic policing",
}


def content_hash(hashes: Mapping[str, str]) -> str:
    """SHA-256 over the paths and hashes of all files."""
    lines = "".join(f"{path}\0{hashes[path]}\n" for path in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUnit:
    unit: values.Lesson | values.Quiz
    html: str
    facts: dict[str, Any]
    questions: tuple[dict[str, Any], ...]  # the HTML of each, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A course rendered, before anything is written: what takes long is done without a lock."""

    course: values.Course
    files: Mapping[str, bytes]
    content_hash: str
    body: str
    facts: dict[str, Any]
    glossary: list[list[str]]
    units: tuple[MadeUnit, ...]


def hash_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the paths and hashes of all files."""
    return content_hash({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})


def make(course: values.Course, files: Mapping[str, bytes]) -> Made:
    """Render everything that a release keeps. Raises TooMuch for a text over the limits."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    of = rendering.surroundings_of(course, files, hashes)
    units = []
    for unit in course.units():
        html, facts = rendering.unit_of(unit, of)
        asked: tuple[questions.Question, ...] = ()
        if isinstance(unit, values.Quiz):
            asked = unit.questions
            facts["asked"] = [
                [one.type.value, one.marking.value, str(one.points)]
                for one in course.questions_of(unit)
            ]
        htmls = tuple(rendering.question_html(one, of(unit.path)) for one in asked)
        units.append(MadeUnit(unit=unit, html=html, facts=facts, questions=htmls))
    return Made(
        course=course,
        files=files,
        content_hash=content_hash(hashes),
        body=render(course.body, of("course.md")).html,
        facts=rendering.facts_of(course, of) | {"bytes": sum(map(len, files.values()))},
        glossary=rendering.glossary_of(course, of),
        units=tuple(units),
    )


def is_newest(session: AnySession, slug: str, content: str) -> bool:
    """Whether the newest release of the course has these very files and this renderer."""
    newest = session.execute(
        select(Release.content_hash, Release.renderer)
        .join(Course, Course.id == Release.course_id)
        .where(Course.slug == slug)
        .order_by(Release.number.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and tuple(newest) == (content, RENDERER)


def publish(
    session: AnySession,
    made: Made,
    *,
    store: Callable[[bytes], str],
    now: datetime,
    reason: ReleaseReason = ReleaseReason.CONTENT,
    note: str = "",
    author: int | None = None,
) -> Release | None:
    """A new release, or None when nothing has changed since the newest.

    `store` keeps a file and gives its SHA-256. The course's row is locked, so two that publish
    at the same moment get two numbers.
    """
    course = made.course
    row = course_row(session, course, now)
    if is_newest(session, course.slug, made.content_hash):
        return None
    last = session.scalar(select(func.max(Release.number)).filter_by(course_id=row.id))
    minutes = int(course.hours * 60) or sum(module.total_minutes for module in course.modules)
    release = Release(
        course_id=row.id,
        number=(last or 0) + 1,
        content_hash=made.content_hash,
        author_id=author,
        reason=reason,
        note=note,
        published_at=now,
        renderer=RENDERER,
        title=course.title,
        summary=course.summary,
        subject=str(course.subject),
        level=str(course.level),
        format=str(course.format),
        language=course.language,
        code=course.code,
        minutes=minutes,
        handling=str(course.handling),
        body=made.body,
        search_text=rendering.search_text(course),
        facts=made.facts,
        glossary=made.glossary,
    )
    session.add(release)
    session.flush()
    session.add_all(
        CourseFile(release_id=release.id, path=path, sha256=store(data), size=len(data))
        for path, data in made.files.items()
    )
    for position, unit in enumerate(made.units):
        add_unit(session, release, unit, position)
    audit.record(
        session,
        now=now,
        deed="published a release",
        actor=author,
        object=f"course:{row.id}",
        after={"release": release.number, "content": made.content_hash},
        why=note,
    )
    return release


def course_row(session: AnySession, course: values.Course, now: datetime) -> Course:
    """The course's row, locked; made with its programme when it is new."""
    programme = None
    if course.programme:
        programme = session.scalar(select(Programme).filter_by(slug=course.programme))
        if programme is None:
            title = PROGRAMME_TITLES.get(course.programme, course.programme)
            programme = Programme(slug=course.programme, title=title)
            session.add(programme)
            session.flush()
    row = session.scalar(select(Course).filter_by(slug=course.slug).with_for_update())
    if row is None:
        row = Course(slug=course.slug, created_at=now)
        session.add(row)
    row.programme_id = programme.id if programme else None
    session.flush()
    return row


def add_unit(session: AnySession, release: Release, made: MadeUnit, position: int) -> None:
    unit = made.unit
    row = Unit(
        release_id=release.id,
        key=unit.key,
        module=unit.key.split("/")[0] if "/" in unit.key else None,
        position=position,
        kind=UnitKind.LESSON if isinstance(unit, values.Lesson) else UnitKind(unit.kind.value),
        title=unit.title,
        minutes=unit.minutes or None,
        required=isinstance(unit, values.Lesson) and unit.required,
        html=made.html,
        facts=made.facts,
    )
    session.add(row)
    session.flush()
    if isinstance(unit, values.Quiz):
        session.add_all(
            Question(
                unit_id=row.id,
                question_id=question.id,
                position=number,
                points=question.points,
                objective=question.objective,
                tags=list(question.tags),
                body=question.as_dict(),
                html=html,
            )
            for number, (question, html) in enumerate(
                zip(unit.questions, made.questions, strict=True)
            )
        )
