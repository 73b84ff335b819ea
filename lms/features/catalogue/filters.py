"""The filters of the catalogue: read from the address, offered with counts, taken away by chips."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.features.catalogue.queries import Card, matching
from lms.web.page import language_name
from lms.web.words import AUDIENCES, FORMATS, SUBJECTS

LONGEST_SEARCH = 100  # signs
HOURS = ("3", "6")
OPEN, LATER = "open", "later"  # by the dates of activities


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of boxes: its parameter, its name, the values of a card, their words."""

    name: str
    legend: str
    values: Callable[[Card], Sequence[str]]
    word: Callable[[str], str]


def facets() -> tuple[Facet, ...]:
    return (
        Facet("subject", _("Subject"), lambda card: [card.subject], _word_of(SUBJECTS)),
        Facet(
            "programme",
            _("Programme"),
            lambda card: [card.programme] if card.programme else [],
            lambda slug: slug.replace("-", " ").capitalize(),
        ),
        Facet("language", _("Language"), lambda card: card.languages, language_name),
        Facet("audience", _("For whom"), lambda card: card.audience, _word_of(AUDIENCES)),
        Facet("format", _("Format"), lambda card: [card.format], _word_of(FORMATS)),
    )


def _word_of(words: Mapping[str, Any]) -> Callable[[str], str]:
    return lambda value: str(words.get(value, value))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; unknown values are left out."""

    search: str
    chosen: Mapping[str, tuple[str, ...]]  # by the facet's name
    hours: str  # "" or one of HOURS
    only: tuple[str, ...]  # of OPEN and LATER

    @property
    def count(self) -> int:
        return sum(map(len, self.chosen.values())) + bool(self.hours) + len(self.only)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, in a fixed order."""
        made = [("q", self.search)] if self.search else []
        made += [(name, value) for name, values in self.chosen.items() for value in values]
        made += [("hours", self.hours)] if self.hours else []
        return made + [("only", one) for one in self.only]

    def without(self, name: str, value: str) -> str:
        """The address without one of them."""
        left = [pair for pair in self.pairs() if pair != (name, value)]
        return "/courses" + (f"?{urlencode(left)}" if left else "")


def read(args: MultiDict[str, str], cards: Sequence[Card]) -> Filters:
    known = {
        facet.name: {value for card in cards for value in facet.values(card)} for facet in facets()
    }
    return Filters(
        search=" ".join(args.get("q", "")[:LONGEST_SEARCH].split()),
        chosen={
            name: tuple(value for value in dict.fromkeys(args.getlist(name)) if value in values)
            for name, values in known.items()
        },
        hours=args.get("hours", "") if args.get("hours") in HOURS else "",
        only=tuple(one for one in (OPEN, LATER) if one in args.getlist("only")),
    )


def apply(
    filters: Filters, cards: Sequence[Card], open_courses: Collection[int], later: Collection[int]
) -> list[Card]:
    """The cards that fit every group: within a group one value is enough."""
    left = matching(cards, filters.search) if filters.search else list(cards)
    for facet in facets():
        wanted = set(filters.chosen[facet.name])
        if wanted:
            left = [card for card in left if wanted & set(facet.values(card))]
    if filters.hours:
        left = [card for card in left if card.minutes <= 60 * int(filters.hours)]
    if filters.only:
        wanted = {OPEN: open_courses, LATER: later}
        left = [card for card in left if any(card.course_id in wanted[one] for one in filters.only)]
    return left


def offered(filters: Filters, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """The groups with more than one value, each value with how many courses have it."""
    made = []
    for facet in facets():
        counts: dict[str, int] = {}
        for card in cards:
            for value in facet.values(card):
                counts[value] = counts.get(value, 0) + 1
        if len(counts) < 2 and not filters.chosen[facet.name]:
            continue
        made.append(
            {
                "name": facet.name,
                "legend": facet.legend,
                "options": [
                    (value, facet.word(value), value in filters.chosen[facet.name], count)
                    for value, count in sorted(counts.items(), key=lambda one: facet.word(one[0]))
                ],
            }
        )
    return made


def chips(filters: Filters) -> list[tuple[str, str]]:
    """(words, address without it) of every active filter."""
    made = []
    if filters.search:
        made.append((f"“{filters.search}”", filters.without("q", filters.search)))
    for facet in facets():
        for value in filters.chosen[facet.name]:
            made.append((facet.word(value), filters.without(facet.name, value)))
    if filters.hours:
        words = _("Up to %(hours)s hours", hours=filters.hours)
        made.append((words, filters.without("hours", filters.hours)))
    words = {OPEN: _("Open now"), LATER: _("Opens later")}
    return made + [(words[one], filters.without("only", one)) for one in filters.only]
