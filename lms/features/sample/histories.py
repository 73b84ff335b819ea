"""How an invented officer goes through a course: plain values, told by a seeded random alone.

A history holds what the real pages would have led to, event by event: units in an order in which
they are open, attempts whose grade is that of their answers, moves that the table allows.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from lms.features.sample.answers import Keyed, answered
from lms.rules.attempts import deadline
from lms.rules.drawing import draw_questions
from lms.rules.enrolments import Move, State, Who, after
from lms.rules.grading import Grade, grade
from lms.rules.outline import (
    CompletionRules,
    Kind,
    ModuleOutline,
    UnitOutline,
    required_keys,
)
from lms.rules.progress import Locked, open_units
from lms.rules.questions import Answer
from lms.rules.quizrules import QuizRules
from lms.rules.references import new_reference

MONTHS = 12  # that histories reach back
CLOSING = timedelta(seconds=30)  # after its end the open places of an activity are ended
SEED = 16  # random bytes of an attempt
BEFORE_LEARNING = -2.2  # logits that the lessons add
MOST_TRIES = 4  # at a quiz without a limit
REASONS = (
    "I was posted to another unit.",
    "My duty roster leaves no time for it.",
    "I take part in the next activity instead.",
    "My line manager needs me on a case.",
    "",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A unit of a course, with its quiz; rules are None for a lesson."""

    key: str
    kind: Kind
    minutes: int
    rules: QuizRules | None = None
    pool: tuple[Keyed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One release of a course, as far as histories need it."""

    slug: str
    release_id: int
    number: int
    published_at: datetime
    language: str
    rules: CompletionRules
    modules: tuple[ModuleOutline, ...]
    units: tuple[UnitOutline, ...]
    steps: tuple[Step, ...]  # of `units`, in an order in which each is open when it is reached

    @property
    def asked(self) -> tuple[str, ...]:
        """Keys of the units without which the course is not completed."""
        named = dict.fromkeys((*required_keys(self.rules, self.units), *self.rules.quizzes))
        return tuple(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One activity of a course."""

    slug: str  # <course>-<year>-<month>
    begins_at: datetime
    ends_at: datetime
    closes_at: datetime  # its open places are ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    question_id: str
    answer: Answer
    sequence: int
    flagged: bool
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One attempt; without handed_in_at it is still open."""

    ref: str
    key: str
    kind: Kind
    number: int
    seed: bytes
    drawn: tuple[str, ...]
    started_at: datetime
    deadline: datetime | None
    handed_in_at: datetime | None
    replies: tuple[Reply, ...]  # none for an evaluation: its answers stand apart
    grade: Grade | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    move: Move
    who: Who
    before: State | None
    after: State
    at: datetime
    reason: str = ""


@dataclass(kw_only=True)
class History:
    """One place from its first day to the day up to which is told."""

    ref: str
    plan: Plan
    run: Run
    began_at: datetime
    moves: list[Moved] = field(default_factory=list)
    done: dict[str, datetime] = field(default_factory=dict)
    sittings: list[Sitting] = field(default_factory=list)
    evaluation: tuple[str, datetime] | None = None  # (unit key, sent at)
    last_unit: str = ""
    last_at: datetime | None = None

    @property
    def state(self) -> State:
        return self.moves[-1].after

    @property
    def completed_at(self) -> datetime | None:
        return self.moves[-1].at if self.state is State.COMPLETED else None

    def move(self, move: Move, who: Who, at: datetime, reason: str = "") -> None:
        before = self.moves[-1].after if self.moves else None
        self.moves.append(
            Moved(
                move=move,
                who=who,
                before=before,
                after=after(before, move, who),
                at=at,
                reason=reason,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What an officer means to do with a place."""

    ability: float  # logits, after the lessons
    pace: float  # days between two sittings
    steps: int  # of the plan that will be gone through, if time allows
    skips: frozenset[str] = frozenset()  # keys of units that are left out
    withdraws: bool = False  # when they stop
    insists: bool = True  # uses every attempt
    leaves_open: bool = True  # may begin a unit and leave it


def first_of_month(now: datetime, zone: tzinfo) -> datetime:
    """The beginning of the month of `now`, in the zone."""
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def months_after(first: datetime, months: int) -> datetime:
    """The first day so many months later, or earlier, at the same hour of the zone."""
    whole = first.year * 12 + first.month - 1 + months
    return first.replace(year=whole // 12, month=whole % 12 + 1)


def runs(course: str, place: int, until: datetime) -> list[Run]:
    """Four activities of the course numbered `place`: three that are over, one that is running."""
    shift = place % 2
    spans = [(-12 + shift, -8 + shift), (-9 + shift, -5 + shift), (-6 + shift, -2 + shift)]
    spans.append((-3 + shift, 2 + shift))
    return [
        _run(course, months_after(until, begin), months_after(until, end)) for begin, end in spans
    ]


def _run(course: str, begins_at: datetime, ends_at: datetime) -> Run:
    return Run(
        slug=f"{course}-{begins_at:%Y-%m}",
        begins_at=begins_at.astimezone(UTC),
        ends_at=ends_at.astimezone(UTC),
        closes_at=ends_at.astimezone(UTC) + CLOSING,
    )


def feasible(
    modules: Sequence[ModuleOutline],
    units: Sequence[UnitOutline],
    rules: CompletionRules,
) -> tuple[str, ...]:
    """Keys of the units in an order in which each is open when those before it are finished."""
    required = required_keys(rules, units)
    order: list[str] = []
    while True:
        locks = open_units(modules, units, required, order)
        key = next((u.key for u in units if u.key not in order and locks[u.key] is None), None)
        if key is None:
            return tuple(order)
        order.append(key)


def intent(rng: random.Random, plan: Plan, *, ability: float, zeal: float, pace: float) -> Intent:
    """How an officer of this ability and zeal goes about the course."""
    whole = len(plan.steps)
    finishes = rng.random() < zeal
    asked = set(plan.asked)
    optional = [s for s in plan.steps if s.kind is not Kind.SURVEY and s.key not in asked]
    slack = (1 - zeal) * 0.4
    return Intent(
        ability=ability + rng.gauss(0, 0.3),
        pace=pace,
        steps=whole if finishes else _stops_after(rng, whole),
        skips=frozenset(step.key for step in optional if rng.random() < slack),
        withdraws=not finishes and rng.random() < 0.22,
        insists=rng.random() < 0.3 + zeal / 2,
    )


def _stops_after(rng: random.Random, whole: int) -> int:
    """Of so many units none, or rather a few than many."""
    return 0 if rng.random() < 0.2 else min(int(rng.betavariate(0.9, 1.6) * whole), whole - 1)


def began(rng: random.Random, run: Run, until: datetime) -> datetime:
    """When a place in the activity is taken: mostly in its first weeks, in working hours."""
    last = min(run.ends_at - timedelta(days=10), until - timedelta(days=6))
    late = 1.5 if run.ends_at > until else 2.4  # a running activity has only begun
    days = int(rng.betavariate(1.1, late) * ((last - run.begins_at) / timedelta(days=1)))
    return _at_work(rng, run.begins_at + timedelta(days=1 + days))


def history(
    rng: random.Random,
    plan: Plan,
    run: Run,
    intent: Intent,
    *,
    began_at: datetime,
    until: datetime,
) -> History:
    """One place, told up to `until`. What would come later has not happened yet."""
    told = History(ref=new_reference(rng.randbytes(10)), plan=plan, run=run, began_at=began_at)
    told.move(Move.ENROL, Who.OFFICER, began_at)
    _learn(rng, told, intent, min(run.ends_at, until))
    if told.state is State.ENROLLED and run.closes_at < until:
        told.move(Move.FAIL if _has_failed(told) else Move.EXPIRE, Who.SYSTEM, run.closes_at)
    return told


def _learn(rng: random.Random, told: History, intent: Intent, end: datetime) -> None:
    now = told.began_at + timedelta(minutes=rng.randint(1, 9))
    if rng.random() < 0.4:  # not at once
        now = _later(rng, now, intent.pace)
    left = set(told.plan.asked)
    failed = False
    for step in told.plan.steps[: intent.steps]:
        if step.key in intent.skips:
            continue
        if failed and (_lock(told, step.key) or rng.random() < 0.6):
            continue
        now = (
            _sit(rng, told, step, intent, now, end)
            if step.rules
            else _read(rng, told, step, now, end)
        )
        if now >= end:
            return
        failed |= step.key in left and step.key not in told.done
        left -= told.done.keys()
        if step.key in told.done and not left and _nothing_else_is_asked(told):
            told.move(Move.COMPLETE, Who.SYSTEM, told.done[step.key])
            return
        now = _later(rng, now, intent.pace) if rng.random() < 0.3 else _soon(rng, now)
    stops_at = _later(rng, now, intent.pace)
    if intent.withdraws and stops_at < end:
        told.move(Move.WITHDRAW, Who.OFFICER, stops_at, rng.choice(REASONS))
    elif intent.leaves_open and intent.steps < len(told.plan.steps) and rng.random() < 0.3:
        _leave_open(rng, told, told.plan.steps[intent.steps], intent, now, end)


def _nothing_else_is_asked(told: History) -> bool:
    rules = told.plan.rules
    return not rules.attendance and (told.evaluation is not None or not rules.evaluation)


def _read(rng: random.Random, told: History, step: Step, now: datetime, end: datetime) -> datetime:
    minutes = step.minutes * rng.uniform(0.5, 1.6)
    finished = now + timedelta(seconds=int(minutes * 60))
    if now >= end:
        return end
    told.last_unit, told.last_at = step.key, now
    if finished >= end:
        return end
    told.done[step.key] = finished
    return finished


def _sit(
    rng: random.Random,
    told: History,
    step: Step,
    intent: Intent,
    now: datetime,
    end: datetime,
) -> datetime:
    """Attempts at a quiz until it is passed, given up, or the time is over; gives the instant."""
    assert step.rules is not None
    if not step.pool:
        return now
    graded = step.kind is Kind.SUMMATIVE
    allowed = step.rules.attempts or MOST_TRIES
    wanted = allowed if graded and intent.insists else 1
    if not graded and step.kind is Kind.FORMATIVE and rng.random() < 0.08:
        wanted = 2  # once more, for practice
    knows = intent.ability + (BEFORE_LEARNING if step.kind is Kind.PRE_TEST else 0)
    before: Sitting | None = None
    for number in range(1, min(wanted, allowed) + 1):
        if before is not None and before.handed_in_at is not None:
            wait = max(step.rules.wait, timedelta(hours=1))
            now = _later(rng, before.handed_in_at + wait, intent.pace)
        if now >= end:
            return end
        tried = attempt(
            rng, told, step, knows + 0.3 * (number - 1), number=number, now=now, before=before
        )
        assert tried.handed_in_at is not None
        if tried.handed_in_at >= end:
            return end
        if told.last_unit != step.key:
            told.last_unit, told.last_at = step.key, now
        told.sittings.append(tried)
        now, before = tried.handed_in_at, tried
        passed = tried.grade is not None and tried.grade.passed is True
        if not graded or passed:
            told.done.setdefault(step.key, now)
        if step.kind is Kind.SURVEY:
            told.evaluation = (step.key, now)
        if passed or (tried.grade is not None and tried.grade.waiting):
            break
    return now


def attempt(
    rng: random.Random,
    told: History,
    step: Step,
    ability: float,
    *,
    number: int,
    now: datetime,
    before: Sitting | None,
    left_after: int | None = None,
) -> Sitting:
    """One attempt, handed in unless it is left after so many questions."""
    assert step.rules is not None
    rules = step.rules
    seed = rng.randbytes(SEED)
    by_id = {one.question.id: one for one in step.pool}
    drawn = draw_questions(
        [one.question for one in step.pool],
        seed=seed,
        draw=rules.draw,
        draw_by=rules.draw_by,
        shuffle=rules.shuffle_questions,
        avoid=before.drawn if before else (),
    )
    is_survey = step.kind is Kind.SURVEY
    longest = (rules.time_limit or timedelta(hours=3)) * 0.9 / (len(drawn) + 1)
    at, replies = now, []
    for key in drawn[:left_after]:
        at += min(timedelta(seconds=rng.randint(15, 110)), longest)
        answer = Answer() if is_survey else answered(rng, by_id[key], ability)
        again = not rules.forward_only and rng.random() < 0.06
        flagged = rng.random() < 0.04
        if not answer.blank:
            replies.append(
                Reply(
                    question_id=key,
                    answer=answer,
                    sequence=2 if again else 1,
                    flagged=flagged,
                    saved_at=at,
                )
            )
    given = {one.question_id: one.answer for one in replies}
    is_open = left_after is not None
    return Sitting(
        ref=new_reference(rng.randbytes(10)),
        key=step.key,
        kind=step.kind,
        number=number,
        seed=seed,
        drawn=drawn,
        started_at=now,
        deadline=deadline(now, rules.time_limit, closes=told.run.ends_at),
        handed_in_at=None if is_open else at + min(timedelta(seconds=20), longest),
        replies=tuple(replies),
        grade=None
        if is_survey or is_open
        else grade([by_id[key].question for key in drawn], given, rules.pass_mark),
    )


def _leave_open(
    rng: random.Random,
    told: History,
    step: Step,
    intent: Intent,
    now: datetime,
    end: datetime,
) -> None:
    """Begin the next unit without finishing it, while the activity runs."""
    if now >= end or _lock(told, step.key):
        return
    told.last_unit, told.last_at = step.key, now
    is_graded = step.kind is Kind.FORMATIVE and step.rules and not step.rules.time_limit
    if is_graded and step.pool and told.run.ends_at > end:
        left = attempt(
            rng,
            told,
            step,
            intent.ability,
            number=1,
            now=now,
            before=None,
            left_after=rng.randint(1, max(len(step.pool) - 1, 1)),
        )
        if all(one.saved_at < end for one in left.replies):
            told.sittings.append(left)


def _lock(told: History, key: str) -> Locked | None:
    plan = told.plan
    required = required_keys(plan.rules, plan.units)
    return open_units(plan.modules, plan.units, required, told.done)[key]


def _has_failed(told: History) -> bool:
    """Whether a quiz that the course asks for was tried and not passed."""
    asked = told.plan.rules.quizzes
    return any(
        one.key in asked and one.grade is not None and one.grade.passed is False
        for one in told.sittings
    )


def _soon(rng: random.Random, now: datetime) -> datetime:
    return now + timedelta(seconds=rng.randint(20, 400))


def _later(rng: random.Random, now: datetime, pace: float) -> datetime:
    """On another day."""
    return _at_work(rng, now + timedelta(days=1 + int(rng.expovariate(1 / pace))))


def _at_work(rng: random.Random, day: datetime) -> datetime:
    """Between six in the morning and half past seven at night, Vienna; seldom on a weekend."""
    while day.weekday() >= 5 and rng.random() < 0.8:
        day += timedelta(days=1)
    seconds = int(rng.triangular(5, 17.5, 8) * 3600)
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=seconds)
