"""The rules of one quiz as a release keeps them: plain JSON values, read into one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizRules:
    pass_mark: int | None  # per cent of the points; None: nothing to pass
    attempts: int  # 0: without limit
    time_limit: timedelta | None
    wait: timedelta
    draw: int | None
    draw_by: str  # "" or "objective"
    shuffle_questions: bool
    shuffle_options: bool
    forward_only: bool
    grade: str  # highest, latest, first, average
    review: str  # never, after_submission, after_passing, after_close
    pool: str | None  # "final-assessment#pp"
    feedback: tuple[tuple[int, str], ...]  # (from this per cent, HTML), highest first
    objectives: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; durations in seconds."""
        return {
            "pass_mark": self.pass_mark,
            "attempts": self.attempts,
            "time_limit": self.time_limit and int(self.time_limit.total_seconds()),
            "wait": int(self.wait.total_seconds()),
            "draw": self.draw,
            "draw_by": self.draw_by,
            "shuffle_questions": self.shuffle_questions,
            "shuffle_options": self.shuffle_options,
            "forward_only": self.forward_only,
            "grade": self.grade,
            "review": self.review,
            "pool": self.pool,
            "feedback": [list(band) for band in self.feedback],
            "objectives": list(self.objectives),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        limit = data["time_limit"]
        values = {
            **data,
            "time_limit": None if limit is None else timedelta(seconds=limit),
            "wait": timedelta(seconds=data["wait"]),
            "feedback": tuple((from_, html) for from_, html in data["feedback"]),
            "objectives": tuple(data["objectives"]),
        }
        return cls(**values)

    def pool_of(self, key: str) -> tuple[str, str]:
        """(unit key, tag) of the questions: those of the quiz itself unless `pool` names others."""
        if not self.pool:
            return key, ""
        unit, _, tag = self.pool.partition("#")
        return unit, tag
