"""A course as values: what its files say, typed, with every default filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from lms.rules.questions import Question


class Kind(StrEnum):
    SUMMATIVE = "summative"
    FORMATIVE = "formative"
    PRE_TEST = "pre_test"
    POST_TEST = "post_test"
    SURVEY = "survey"


class Subject(StrEnum):
    DRUGS = "drugs"
    ORGANIZED_CRIME = "organized_crime"
    TRAFFICKING = "trafficking"
    CYBERCRIME = "cybercrime"
    POLICING = "policing"


class Level(StrEnum):
    BASIC = "basic"
    SPECIALIST = "specialist"
    TRAINER = "trainer"


class Format(StrEnum):
    SELF_PACED = "self_paced"
    BLENDED = "blended"
    LIVE = "live"


class Handling(StrEnum):
    """Marks of the Traffic Light Protocol, from the most open to the most closed."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"

    @property
    def height(self) -> int:
        """0 to 3; a part may not stand higher than its course."""
        return list(Handling).index(self)


class Audience(StrEnum):
    POLICE = "police"
    INVESTIGATOR = "investigator"
    ANALYST = "analyst"
    CUSTOMS = "customs"
    BORDER_GUARD = "border_guard"
    PROSECUTOR = "prosecutor"
    JUDGE = "judge"
    FORENSIC = "forensic"
    REGULATOR = "regulator"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"


class ShowName(StrEnum):
    FULL = "full"
    INITIALS = "initials"
    HIDDEN = "hidden"


class Shuffle(StrEnum):
    QUESTIONS = "questions"
    OPTIONS = "options"


class Navigation(StrEnum):
    FREE = "free"
    FORWARD = "forward"


class GradeRule(StrEnum):
    """Which attempt counts."""

    HIGHEST = "highest"
    LATEST = "latest"
    FIRST = "first"
    AVERAGE = "average"


class Review(StrEnum):
    """When an officer sees which answers were right."""

    NEVER = "never"
    AFTER_SUBMISSION = "after_submission"
    AFTER_PASSING = "after_passing"
    AFTER_CLOSE = "after_close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of the calendar: `4 years`. unit is min, h, days, weeks, months or years."""

    amount: int
    unit: str

    def __str__(self) -> str:
        one = self.amount == 1 and self.unit not in ("min", "h")
        return f"{self.amount} {self.unit[:-1] if one else self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What an officer must do to complete the course."""

    lessons: Literal["all", "required"] = "all"
    quizzes: tuple[str, ...] = ()  # unit keys; each must be passed
    evaluation: bool = False
    attendance: int = 0  # per cent of the live sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRules:
    title: str = "Certificate of Completion"
    valid_for: Span | None = None  # None: for ever
    show_name: ShowName = ShowName.FULL
    signatory_name: str = ""
    signatory_function: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    number: int
    slug: str
    key: str  # "module/unit"
    path: str
    title: str
    minutes: int = 0
    objectives: tuple[str, ...] = ()
    required: bool = False
    handling: Handling | None = None  # None: the course's
    formerly: tuple[str, ...] = ()  # earlier unit keys
    body: str = ""  # Markdown
    body_line: int = field(default=1, compare=False)  # line of the file where the body begins


# The table of section 4: what a quiz of this kind does when its file does not say.
DEFAULTS: Mapping[Kind, Mapping[str, object]] = {
    Kind.SUMMATIVE: {
        "pass_mark": 80,
        "attempts": 3,
        "wait": timedelta(hours=24),
        "shuffle": frozenset(Shuffle),
        "review": Review.AFTER_PASSING,
    },
    Kind.FORMATIVE: {
        "pass_mark": None,
        "attempts": 0,
        "wait": timedelta(0),
        "shuffle": frozenset({Shuffle.OPTIONS}),
        "review": Review.AFTER_SUBMISSION,
    },
    Kind.PRE_TEST: {
        "pass_mark": None,
        "attempts": 1,
        "wait": timedelta(0),
        "shuffle": frozenset(Shuffle),
        "review": Review.NEVER,
    },
    Kind.POST_TEST: {
        "pass_mark": None,
        "attempts": 1,
        "wait": timedelta(0),
        "shuffle": frozenset(Shuffle),
        "review": Review.NEVER,
    },
    Kind.SURVEY: {
        "pass_mark": None,
        "attempts": 1,
        "wait": timedelta(0),
        "shuffle": frozenset(),
        "review": Review.NEVER,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A quiz with its rules. Defaults here are those of a formative quiz; see DEFAULTS."""

    number: int | None  # None: comes last
    slug: str
    key: str  # "module/unit", or the slug alone for a quiz of the course
    path: str
    title: str
    kind: Kind
    pass_mark: int | None = None  # per cent of the points; None: nothing to pass
    attempts: int = 0  # 0: without limit
    time_limit: timedelta | None = None
    wait: timedelta = timedelta(0)  # between attempts
    draw: int | None = None  # questions of each attempt; None: all
    draw_by: Literal["", "objective"] = ""  # "": from the whole pool
    shuffle: frozenset[Shuffle] = frozenset({Shuffle.OPTIONS})
    navigation: Navigation = Navigation.FREE
    grade: GradeRule = GradeRule.HIGHEST
    review: Review = Review.AFTER_SUBMISSION
    opens_after: tuple[str, ...] | Literal["all"] = ()  # slugs of modules
    feedback: tuple[tuple[int, str], ...] = ()  # (from this per cent, text), highest first
    pool: str | None = None  # "final-assessment#pp": that quiz's questions tagged pp
    minutes: int = 0
    objectives: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    intro: str = ""  # Markdown
    questions: tuple[Question, ...] = ()

    @property
    def of_course(self) -> bool:
        """Stands beside the modules, not in one."""
        return "/" not in self.key

    def question(self, id: str) -> Question:
        """Raises KeyError when the quiz has no such question."""
        for one in self.questions:
            if one.id == id:
                return one
        raise KeyError(id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    number: int
    slug: str
    path: str  # of its module.md
    title: str
    objectives: tuple[str, ...] = ()
    minutes: int | None = None  # as written; None: the sum of its units
    opens_after: tuple[str, ...] = ()  # slugs of modules
    body: str = ""  # Markdown
    body_line: int = field(default=1, compare=False)
    units: tuple[Lesson | Quiz, ...] = ()

    @property
    def total_minutes(self) -> int:
        if self.minutes is not None:
            return self.minutes
        return sum(unit.minutes for unit in self.units)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(unit for unit in self.units if isinstance(unit, Lesson))

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        return tuple(unit for unit in self.units if isinstance(unit, Quiz))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleText:
    """A module's texts in another language."""

    title: str
    body: str = ""
    body_line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What a course says in another language. What is absent falls back to the source.

    Units carry the source's rules and marks with translated texts, so that each can be shown
    and graded by itself.
    """

    language: str  # BCP 47
    title: str = ""
    summary: str = ""
    objectives: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    modules: Mapping[str, ModuleText] = field(default_factory=dict)  # by slug
    units: Mapping[str, Lesson | Quiz] = field(default_factory=dict)  # by unit key
    glossary: Mapping[str, str] = field(default_factory=dict)
    outdated: frozenset[str] = frozenset()  # paths whose source has changed since


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    slug: str
    title: str
    summary: str = ""
    language: str = "en"  # BCP 47
    programme: str = ""  # slug
    code: str = ""
    subject: Subject = Subject.POLICING
    level: Level = Level.BASIC
    format: Format = Format.SELF_PACED
    hours: Fraction = Fraction(0)  # 0: not said
    handling: Handling = Handling.CLEAR
    audience: tuple[Audience, ...] = ()
    objectives: Mapping[str, str] = field(default_factory=dict)  # "LO1" to its text, in order
    prerequisites: tuple[str, ...] = ()  # slugs of courses
    completion: Completion = Completion()
    certificate: CertificateRules | None = None  # None: the course gives none
    scores_to_states: bool = False
    contact: str = ""
    review_by: date | None = None
    contributors: tuple[str, ...] = ()
    licence: str = ""
    body: str = ""  # Markdown
    body_line: int = field(default=1, compare=False)
    modules: tuple[Module, ...] = ()
    quizzes: tuple[Quiz, ...] = ()  # of the course itself, in order
    glossary: Mapping[str, str] = field(default_factory=dict)  # term to Markdown, in order
    translations: Mapping[str, Translation] = field(default_factory=dict)  # by BCP 47 tag

    def parts(self) -> tuple[Module | Quiz, ...]:
        """Modules and quizzes of the course in the order they are taken."""
        parts: list[Module | Quiz] = [*self.modules, *self.quizzes]
        return tuple(sorted(parts, key=place_of))

    def units(self) -> tuple[Lesson | Quiz, ...]:
        """Every lesson and quiz in the order they are taken."""
        made: list[Lesson | Quiz] = []
        for part in self.parts():
            made.extend(part.units if isinstance(part, Module) else (part,))
        return tuple(made)

    def unit(self, key: str) -> Lesson | Quiz:
        """The unit of this key. Raises KeyError."""
        for one in self.units():
            if one.key == key:
                return one
        raise KeyError(key)

    def module(self, slug: str) -> Module:
        """The module of this slug. Raises KeyError."""
        for one in self.modules:
            if one.slug == slug:
                return one
        raise KeyError(slug)

    def module_of(self, key: str) -> Module | None:
        """The module a unit stands in; None for a quiz of the course. Raises KeyError."""
        slug, slash, _ = key.rpartition("/")
        return self.module(slug) if slash else None

    def all_quizzes(self) -> tuple[Quiz, ...]:
        return tuple(unit for unit in self.units() if isinstance(unit, Quiz))

    def opening_quizzes(self) -> tuple[Quiz, ...]:
        """Quizzes of the course that come before the first module."""
        first = self.modules[0].number if self.modules else 0
        return tuple(q for q in self.quizzes if q.number is not None and q.number < first)

    def closing_quizzes(self) -> tuple[Quiz, ...]:
        """Quizzes of the course that come after the last module, the evaluation last."""
        last = self.modules[-1].number if self.modules else -1
        return tuple(q for q in self.quizzes if q.number is None or q.number > last)

    def questions_of(self, quiz: Quiz) -> tuple[Question, ...]:
        """The pool a quiz draws from: its own questions, or those its `pool` names.

        Raises KeyError when the pool names no quiz.
        """
        if quiz.pool is None:
            return quiz.questions
        key, _, tag = quiz.pool.partition("#")
        source = self.unit(key)
        if not isinstance(source, Quiz):
            raise KeyError(key)
        return tuple(one for one in source.questions if not tag or tag in one.tags)

    @property
    def minutes(self) -> int:
        """Minutes of all modules and quizzes together."""
        own = sum(quiz.minutes for quiz in self.quizzes)
        return own + sum(module.total_minutes for module in self.modules)


def place_of(part: Lesson | Quiz | Module) -> tuple[bool, int, str]:
    """Sorts neighbours: by number, and what has none last, by name."""
    return (part.number is None, part.number or 0, part.slug)
