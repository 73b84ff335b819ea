"""All that is kept of many attempts, read in a few queries: enough to work them out again."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select

from lms.deeds import attempts, grading
from lms.deeds.audit import AnySession
from lms.models import Answer, Attempt, Essay, Regrade, Regraded, RegradeOutcome, Unit
from lms.rules import questions as values
from lms.rules.grading import Grade
from lms.rules.quizrules import QuizRules
from lms.rules.regrading import Correction, regrade

Quiz = tuple[QuizRules, dict[str, values.Question]]


@dataclass(slots=True)
class Kept:
    """Answers, marks and remedies of attempts, by their ids; quizzes are read when asked for."""

    session: AnySession
    given: dict[int, dict[str, values.Answer]] = field(default_factory=lambda: defaultdict(dict))
    saved: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    awarded: dict[int, dict[str, Fraction]] = field(default_factory=lambda: defaultdict(dict))
    corrections: dict[int, list[Correction]] = field(default_factory=lambda: defaultdict(list))
    quizzes: dict[int, Quiz] = field(default_factory=dict)

    def quiz(self, unit: Unit) -> Quiz:
        """The rules and the questions, by id, of a quiz whose facts are loaded."""
        if unit.id not in self.quizzes:
            rules = QuizRules.from_dict(unit.facts["rules"])
            pool = {one.id: one for one in attempts.pool(self.session, unit, rules)}
            self.quizzes[unit.id] = (rules, pool)
        return self.quizzes[unit.id]

    def worth(self, attempt: Attempt, unit: Unit, *also: Correction) -> Grade:
        """What the attempt is worth, with one more remedy if it is given."""
        rules, pool = self.quiz(unit)
        return regrade(
            [pool[question_id] for question_id in attempt.drawn],
            self.given.get(attempt.id, {}),
            rules.pass_mark,
            [*self.corrections.get(attempt.id, ()), *also],
            awarded=self.awarded.get(attempt.id),
        )


def kept_of(session: AnySession, every: Select[Any]) -> Kept:
    """What is kept of the attempts whose ids the query gives."""
    made = Kept(session)
    for answer in session.scalars(select(Answer).where(Answer.attempt_id.in_(every))):
        read = values.Answer.from_dict(answer.value)
        made.given[answer.attempt_id][answer.question_id] = read
        made.saved[answer.attempt_id][answer.question_id] = answer.saved_at
    for essay in session.scalars(
        select(Essay).where(Essay.attempt_id.in_(every), Essay.marked_at.is_not(None))
    ):
        made.awarded[essay.attempt_id][essay.question_id] = essay.points or Fraction(0)
    for attempt_id, remedy in session.execute(
        select(Regraded.attempt_id, Regrade)
        .join(Regrade, Regrade.id == Regraded.regrade_id)
        .where(Regraded.attempt_id.in_(every), Regraded.outcome != RegradeOutcome.KEPT)
        .order_by(Regrade.id)
    ):
        made.corrections[attempt_id].append(grading.correction(remedy))
    return made
