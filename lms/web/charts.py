"""Numbers made ready for the macros of parts/chart.html: lengths as SVG percent attributes.

Nothing here draws or speaks: macros write the SVG, views write the finding. No share is given of
fewer than five officers, so that nobody is recognized in a percentage.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

LEAST = 5  # officers; below it numbers only
GAP = Fraction(4, 10)  # per cent of the bar on each side of a joint, so that fills do not touch

# solid, hatched, outlined: told apart without colour
FILLS = ("c1", "c2 ln", "c3 ln3")


class Piece(NamedTuple):
    """One part of a bar; x and width in per cent, such as "65.6%"."""

    fill: str
    x: str
    width: str


class Stack(NamedTuple):
    """A bar of several parts; percent is the share of the first part, None where none is given."""

    name: str
    pieces: tuple[Piece, ...]
    percent: int | None
    first: int
    total: int


class Bar(NamedTuple):
    name: str
    fill: str
    width: str
    number: int | str  # as shown
    percent: int | None


class Column(NamedTuple):
    name: str
    fill: str
    y: str
    height: str
    number: int


def percent(n: int, of: int, least: int = LEAST) -> int | None:
    """n of `of` in whole per cent, half up; None where `of` is below `least` or nothing."""
    if of < max(least, 1):
        return None
    return (200 * n + of) // (2 * of)


def stacked(rows: Sequence[tuple[str, Sequence[int]]]) -> list[Stack]:
    """Each row's counts (such as completed, in progress, not started) as one full bar.

    Parts without anybody are left out; a row without anybody is an empty bar.
    """
    return [_stack(name, counts) for name, counts in rows]


def bars(items: Sequence[tuple[str, int]], of: int, gold: Collection[str] = ()) -> list[Bar]:
    """How many of the same `of` each item reaches; gold names what the headline speaks of."""
    return [
        Bar(name, _fill(name, gold), _length(_share(n, of)), n, percent(n, of)) for name, n in items
    ]


def columns(items: Sequence[tuple[str, int]], gold: Collection[str] = ()) -> list[Column]:
    """Counts side by side; the highest fills the height."""
    highest = max((n for _, n in items), default=0)
    return [
        Column(
            name,
            _fill(name, gold),
            _length(100 - _share(n, highest)),
            _length(_share(n, highest)),
            n,
        )
        for name, n in items
    ]


def _stack(name: str, counts: Sequence[int]) -> Stack:
    total = sum(counts)
    shown = [(fill, n) for fill, n in zip(FILLS, counts, strict=True) if n]
    pieces, before = [], 0
    for fill, n in shown:
        start = _share(before, total) + (GAP if before else 0)
        before += n
        end = _share(before, total) - (GAP if before < total else 0)
        pieces.append(Piece(fill, _length(start), _length(max(end - start, Fraction(0)))))
    return Stack(name, tuple(pieces), percent(counts[0], total), counts[0], total)


def _fill(name: str, gold: Collection[str]) -> str:
    return "c4" if name in gold else "c1"


def _share(n: int, of: int) -> Fraction:
    """In per cent, exact; 0 of nothing is 0."""
    return Fraction(100 * n, of) if of else Fraction(0)


def _length(value: Fraction | int) -> str:
    return f"{float(value):.1f}%"
