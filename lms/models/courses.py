"""Courses, their releases, and what a release is made of."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Hash, Key, Markup


class UnitKind(StrEnum):
    LESSON = "lesson"
    SUMMATIVE = "summative"
    FORMATIVE = "formative"
    PRE_TEST = "pre_test"
    POST_TEST = "post_test"
    SURVEY = "survey"


class ReleaseReason(StrEnum):
    EDITORIAL = "editorial"
    CONTENT = "content"
    RULES = "rules"


class Programme(Base):
    __tablename__ = "programme"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))


class Course(Base):
    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    hides_names: Mapped[bool] = mapped_column(default=True)  # of officers, while texts are marked


class Release(Base):
    """An immutable numbered release. Its files are the source; the rest is made of them."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    number: Mapped[int]  # from 1
    content_hash: Mapped[Hash]  # over paths and hashes of its files
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    reason: Mapped[ReleaseReason]
    note: Mapped[str] = mapped_column(String(400), default="")
    published_at: Mapped[datetime]
    renderer: Mapped[str] = mapped_column(String(40))  # version that made the HTML
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600))
    subject: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    handling: Mapped[str] = mapped_column(String(20))
    body: Mapped[Markup]
    search_text: Mapped[str] = mapped_column(Text, deferred=True)  # folded: no case, no accents
    facts: Mapped[dict[str, Any]]  # features read it through models/outlines.py
    glossary: Mapped[list[Any]] = mapped_column(deferred=True)  # [term, anchor, HTML]

    course: Mapped[Course] = relationship()


class CourseFile(Base):
    """A file of a release; its bytes are in storage under their hash."""

    __tablename__ = "course_file"
    __table_args__ = (UniqueConstraint("release_id", "path"),)

    id: Mapped[Key]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    path: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[Hash] = mapped_column(index=True)
    size: Mapped[int]  # bytes


class Unit(Base):
    """A lesson or a quiz of one release; known across releases by its key."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("release_id", "key"),
        UniqueConstraint("release_id", "position"),
    )

    id: Mapped[Key]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    key: Mapped[str] = mapped_column(String(200))  # module/unit; a course quiz: its slug
    module: Mapped[str | None] = mapped_column(String(100))  # slug
    position: Mapped[int]  # in the course, from 0
    kind: Mapped[UnitKind]
    title: Mapped[str] = mapped_column(String(300))
    minutes: Mapped[int | None]
    required: Mapped[bool]
    html: Mapped[str] = mapped_column(Text, deferred=True)  # a lesson's text, a quiz's introduction
    facts: Mapped[dict[str, Any]] = mapped_column(deferred=True)  # headings; a quiz's rules


class Question(Base):
    """A question of one release, with its key: `body` is rules.questions.Question.as_dict()."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("unit_id", "question_id"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    question_id: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    points: Mapped[Fraction]
    objective: Mapped[str] = mapped_column(String(20), default="")
    tags: Mapped[list[str]]
    body: Mapped[dict[str, Any]]
    html: Mapped[dict[str, Any]]  # heading, body, explanation; option and feedback texts
