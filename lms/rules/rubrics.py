"""What a rubric asks for, and the points of a text that has some of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

_STEP = re.compile(r"\s*[-*] (\d{1,4}(?:[./]\d{1,4})?): (.+)")


@dataclass(frozen=True, slots=True)
class Rubric:
    text: str  # what is no step, in the author's lines
    steps: tuple[tuple[Fraction, str], ...]  # (points, what the text has)


def read(source: str) -> Rubric:
    """The rubric of a question: lines such as `- 2: names the reason` are its steps."""
    rest, steps = [], []
    for line in source.splitlines():
        found = _STEP.fullmatch(line)
        if found and not found[1].endswith("/0"):
            steps.append((Fraction(found[1]), found[2].strip()))
        else:
            rest.append(line)
    return Rubric("\n".join(rest).strip(), tuple(steps))


def points_of(rubric: Rubric, chosen: Collection[int], most: Fraction) -> Fraction:
    """The sum of the chosen steps, counted from 0, and never more than the question gives."""
    given = sum((rubric.steps[place][0] for place in set(chosen)), Fraction(0))
    return min(given, most)
