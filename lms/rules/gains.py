"""What officers learnt between two tests, and which small groups are left out.

Normalised gain g = (post - pre) / (100 - pre) of the means: R. R. Hake, "Interactive-engagement
versus traditional methods", American Journal of Physics 66 (1998).
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5  # persons, as rules/figures.py has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Means of the officers who took both tests, in per cent of the points."""

    n: int
    before: float
    after: float

    @property
    def difference(self) -> float:
        """In percentage points."""
        return self.after - self.before

    @property
    def normalised(self) -> float | None:
        """Of what there was to gain, the part that was gained; None where nothing was."""
        return (self.after - self.before) / (100 - self.before) if self.before < 100 else None


def gain(pairs: Sequence[tuple[float, float]]) -> Gain | None:
    """The gain of officers by their (before, after), 0 to 100; None of fewer than LEAST."""
    if len(pairs) < LEAST:
        return None
    before = statistics.fmean(pair[0] for pair in pairs)
    after = statistics.fmean(pair[1] for pair in pairs)
    return Gain(n=len(pairs), before=before, after=after)


def shown_groups(counts: Mapping[str, int]) -> frozenset[str]:
    """The groups that may be shown beside their whole.

    None below LEAST, and no set that leaves one to four others when it is taken from the whole:
    then the smallest of those shown is left out, too.
    """
    shown = {name for name, n in counts.items() if n >= LEAST}
    while shown:
        rest = sum(n for name, n in counts.items() if name not in shown)
        if rest == 0 or rest >= LEAST:
            break
        shown.remove(min(shown, key=lambda name: (counts[name], name)))
    return frozenset(shown)
