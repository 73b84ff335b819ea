"""What a file would do: each row beside the people and places that are there now.

Only rows of the affiliations in `Reach` look at anybody, and only at people of these: a row of
another State reads the same whether its officer exists or not. The number of queries depends on
the size of the file in steps of `AT_ONCE`, never on a single row.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from lms.deeds import eligibility
from lms.deeds.audit import AnySession
from lms.features.nominations.files.checking import Line, Problem, name_key
from lms.models import Activity, Enrolment, Person, PersonAddress
from lms.models.learning import OPEN_STATES
from lms.rules.activities import Route, refuse_nomination
from lms.rules.refusal import Refusal, marked

AT_ONCE = 500  # values in one query
NOT_CHANGED = ("address",)  # an address is its owner's to change


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    NOMINATED = "nominated"  # known as the row has it; only the nomination is new
    ALREADY = "already"
    DUPLICATE = "duplicate"
    ERROR = "error"


READY = (Outcome.NEW, Outcome.CHANGED, Outcome.NOMINATED)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose officers a file may hold, and who brings it."""

    affiliations: Mapping[str, int]  # code → key
    actor: int | None = None  # none: a command

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(self.affiliations.values())


@dataclass(frozen=True, slots=True)
class Match:
    """One row and what it would do."""

    line: Line
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    affiliation_id: int = 0
    person_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)  # field → before, after
    nominates: bool = False


def look_up(
    session: AnySession,
    lines: Sequence[Line],
    reach: Reach,
    activity: Activity | None,
    *,
    now: datetime,
) -> list[Match]:
    """Each row with its outcome, in the order of the file, twins not yet told apart."""
    found = [_placed(line, reach) for line in lines]
    asked = [one for one in found if one.outcome is not Outcome.ERROR]
    people = _People(session, asked, reach)
    made = [people.match(one) if one.outcome is not Outcome.ERROR else one for one in found]
    if activity is not None:
        made = _nominated(session, made, people, reach, activity, now)
    return made


@dataclass(frozen=True, slots=True)
class Before:
    """What became of earlier rows of the file."""

    wrong: frozenset[int] = frozenset()  # numbers of rows with mistakes
    people: Mapping[int, int] = field(default_factory=dict)  # person → the row about them


def without_twins(matches: Iterable[Match], before: Before) -> Iterator[Match]:
    """The same, with later rows for a person of an earlier row as duplicates of it."""
    first, wrong = dict(before.people), set(before.wrong)
    for one in matches:
        twin = one.line.twin
        if one.person_id is not None:
            twin = first.setdefault(one.person_id, one.line.number)
            twin = None if twin == one.line.number else twin
        if one.outcome is Outcome.ERROR:
            wrong.add(one.line.number)
        elif twin is not None and twin not in wrong:
            sentence = marked("The same officer stands in row {row}. Delete one of the two rows.")
            problem = Problem("", one.line.name, sentence, {"row": twin})
            one = Match(one.line, Outcome.DUPLICATE, (problem,), one.affiliation_id)
        yield one


def rehearse(
    session: AnySession,
    lines: Sequence[Line],
    reach: Reach,
    activity: Activity | None,
    *,
    now: datetime,
) -> list[Match]:
    """What the whole file would do. Writes nothing."""
    return list(without_twins(look_up(session, lines, reach, activity, now=now), Before()))


def counts(matches: Iterable[Match]) -> Counter[Outcome]:
    return Counter(one.outcome for one in matches)


def _placed(line: Line, reach: Reach) -> Match:
    """The row with its affiliation, or with what is wrong before anybody is looked for."""
    if line.problems:
        return Match(line, Outcome.ERROR, line.problems)
    affiliation = reach.affiliations.get(line.state)
    if affiliation is None and line.state:
        sentence = marked("Only officers of your own State can stand in this file. Delete the row.")
        return _wrong(line, "state", line.state, sentence)
    if affiliation is None:
        sentence = marked("Write the State's official name, or its code of two letters.")
        return _wrong(line, "state", "", sentence)
    return Match(line, Outcome.NEW, affiliation_id=affiliation)


def _wrong(
    line: Line, column: str, value: str, sentence: str, values: Mapping[str, Any] | None = None
) -> Match:
    return Match(line, Outcome.ERROR, (Problem(column, value, sentence, values or {}),))


class _People:
    """The people of the reach that the rows may be about."""

    def __init__(self, session: AnySession, matches: Sequence[Match], reach: Reach) -> None:
        self.by_ref: dict[str, int] = {}
        self.by_address: dict[tuple[int, str], int] = {}
        self.by_name: dict[tuple[str, ...], list[int]] = {}
        within = (Person.affiliation_id.in_(reach.ids), Person.merged_into.is_(None))
        refs = {one.line.person for one in matches} - {""}
        for some in _pieces(refs):
            query = select(Person.ref, Person.id).where(Person.ref.in_(some), *within)
            self.by_ref.update(session.execute(query).all())
        typed = {one.line.fields.get("address") for one in matches} - {None}
        for some in _pieces(typed):
            query = (
                select(Person.affiliation_id, PersonAddress.address, Person.id)
                .join(PersonAddress, PersonAddress.person_id == Person.id)
                .where(PersonAddress.address.in_(some), *within)
                .order_by(PersonAddress.confirmed_at.is_(None).desc(), Person.id.desc())
            )
            for affiliation, address, key in session.execute(query):
                self.by_address[affiliation, address] = key  # the confirmed one comes last
        nameless = {one.affiliation_id for one in matches if _by_name(one.line)}
        for some in _pieces(nameless):
            query = select(
                Person.affiliation_id,
                Person.given_name,
                Person.family_name,
                Person.agency,
                Person.id,
            ).where(Person.affiliation_id.in_(some), *within)
            for affiliation, given, family, agency, key in session.execute(query):
                known = {"given_name": given, "family_name": family, "agency": agency}
                self.by_name.setdefault(name_key(str(affiliation), known), []).append(key)
        self.rows: dict[int, Person] = {}
        wanted = {key for one in matches for key in self._keys(one)}
        for some in _pieces(wanted):
            rows = session.scalars(select(Person).where(Person.id.in_(some)))
            self.rows.update((row.id, row) for row in rows)

    def match(self, one: Match) -> Match:
        line = one.line
        keys = self._keys(one)
        if line.person and not keys:
            sentence = marked(
                "No officer of your State has this reference. Empty the cell to add a new officer."
            )
            return _wrong(line, "person", line.person, sentence)
        if len(keys) > 1:
            sentence = marked(
                "Several officers have this name. Write the reference or the email address."
            )
            return _wrong(line, "family_name", line.name, sentence)
        if not keys:
            return one
        person = self.rows[keys[0]]
        changes = dict(_changes(person, line.fields))
        outcome = Outcome.CHANGED if changes else Outcome.ALREADY
        return replace(one, outcome=outcome, person_id=person.id, changes=changes)

    def _keys(self, one: Match) -> list[int]:
        line = one.line
        if line.person:
            return [self.by_ref[line.person]] if line.person in self.by_ref else []
        if address := line.fields.get("address"):
            key = self.by_address.get((one.affiliation_id, address))
            return [] if key is None else [key]
        return self.by_name.get(name_key(str(one.affiliation_id), line.fields), [])


def _by_name(line: Line) -> bool:
    return not line.person and "address" not in line.fields


def _changes(person: Person, fields: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What the row says otherwise; an empty cell says nothing."""
    for name, after in fields.items():
        if name in NOT_CHANGED:
            continue
        before = getattr(person, name)
        if name == "languages":
            before = tuple(before)
        if before != after:
            yield name, (before, after)


def _nominated(
    session: AnySession,
    matches: Sequence[Match],
    people: _People,
    reach: Reach,
    activity: Activity,
    now: datetime,
) -> list[Match]:
    """The same rows, nominating those who have no place in the activity yet."""
    closed = _refused(lambda: refuse_nomination(activity.route, activity.dates, now))
    if activity.route is not Route.NOMINATION:
        closed = Refusal(marked("This activity takes no nominations from States."))
    able = [one for one in matches if one.outcome is not Outcome.ERROR]
    placed: set[int] = set()
    for some in _pieces({one.person_id for one in able} - {None}):
        query = select(Enrolment.person_id).where(
            Enrolment.activity_id == activity.id,
            Enrolment.person_id.in_(some),
            Enrolment.state.in_(OPEN_STATES),
        )
        placed.update(session.scalars(query))
    fresh = [one for one in able if one.person_id not in placed]
    unmet = dict(_unmet(session, fresh, people, activity))
    made = []
    for one in matches:
        if one.outcome is Outcome.ERROR or one.person_id in placed:
            made.append(one)
        elif closed is not None:
            values = {name: str(value) for name, value in closed.values.items()}
            if closed.until is not None:
                values["until"] = closed.until.isoformat()
            made.append(_wrong(one.line, "", "", closed.sentence, values))
        elif one.person_id is not None and one.person_id == reach.actor:
            sentence = marked("Nobody nominates themselves. Ask another focal point of your State.")
            made.append(_wrong(one.line, "", one.line.name, sentence))
        elif problems := unmet.get(one.line.number):
            made.append(replace(one, outcome=Outcome.ERROR, problems=problems))
        else:
            outcome = Outcome.NOMINATED if one.outcome is Outcome.ALREADY else one.outcome
            made.append(replace(one, outcome=outcome, nominates=True))
    return made


def _unmet(
    session: AnySession, matches: Sequence[Match], people: _People, activity: Activity
) -> Iterator[tuple[int, tuple[Problem, ...]]]:
    """Row → the conditions of the activity that its officer does not meet."""
    for some in _pieces(matches):
        officers = {one.line.number: _officer(one, people) for one in some}
        found = eligibility.check(session, activity, list(officers.values()))
        for number, officer in officers.items():
            if findings := found[officer.id]:
                yield number, tuple(Problem("", "", one.sentence, one.values) for one in findings)


def _officer(one: Match, people: _People) -> Person:
    """As the officer would be: a row that nobody keeps."""
    fields = one.line.fields
    known = people.rows[one.person_id] if one.person_id is not None else None
    return Person(
        id=known.id if known else -one.line.number,
        languages=list(fields.get("languages", known.languages if known else ())),
        function=fields.get("function", known.function if known else ""),
        suspended_at=known.suspended_at if known else None,
    )


def _refused(ask: Callable[[], None]) -> Refusal | None:
    try:
        ask()
    except Refusal as refusal:
        return refusal
    return None


def _pieces(values: Collection[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
