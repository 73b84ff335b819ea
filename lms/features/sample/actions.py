"""Writing invented officers and their histories."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from lms.database import transaction
from lms.deeds import affiliations, audit, places
from lms.deeds.audit import AnySession
from lms.features.sample import histories, queries
from lms.features.sample.histories import History, Intent, Plan, Run
from lms.features.sample.officers import Officer, languages, officers
from lms.features.sample.writing import SEATED, Place, write
from lms.models import Activity, Affiliation, Person, PersonAddress, Route
from lms.rules.enrolments import State
from lms.rules.outline import Kind
from lms.rules.references import new_reference
from lms.rules.refusal import Refusal

CAPACITY = 250  # of an activity; more in steps of 50 where more take part
NEARLY_FULL = 3  # places left in the running activity of one course
AT_ONCE = 500  # officers whose histories are held in memory
ANNOUNCED = timedelta(days=14)  # before it begins
Offers = Mapping[str, Sequence[tuple[Run, int]]]  # course → its activities with their keys


class How(StrEnum):
    """How far somebody is to be in a course."""

    NOT_BEGUN = "not_begun"
    HALF = "half"  # half of the lessons, the first quiz of the course and of its modules
    COMPLETED = "completed"


def fill(
    *, count: int, seed: int, now: datetime, zone: tzinfo, told: Callable[[], Any] = lambda: None
) -> Counter[str]:
    """Invent so many officers with what they did in the twelve months before this one.

    The same seed gives the same people, places and results in every month. They have no password,
    so nobody can sign in as one of them. `told` is called after each officer; gives how many rows
    of each table were made.

    Raises Refusal when no course is published, or officers of this seed are there already.
    """
    with transaction() as session:
        affiliations.load(session)
        session.flush()
        homes = queries.affiliations(session)
        courses = queries.course_ids(session)
        if not courses:
            raise Refusal("No course is published. First run: lms courses load --publish")
        people = officers(seed, count)
        if queries.has_address(session, people[0].address):
            raise Refusal(
                "Officers of seed {seed} are in this database already. Choose another seed.",
                seed=seed,
            )
        until = histories.first_of_month(now, zone)
        plans = {slug: queries.plans(session, slug, id) for slug, id in courses.items()}
        offers = _open_activities(session, courses, until)
        made: Counter[str] = Counter()
        held: Counter[int] = Counter()
        for first in range(0, len(people), AT_ONCE):
            lives = []
            for one in people[first : first + AT_ONCE]:
                lives.append((one, life(seed, one, plans, offers, until.astimezone(UTC))))
                told()
            rows = _people(session, seed, lives, homes)
            taken = [
                Place(history=history, person=rows[one.number], activity_id=activity_id)
                for one, life_ in lives
                for history, activity_id in life_
            ]
            held.update(one.activity_id for one in taken if one.history.state in SEATED)
            made += write(session, taken, seed=f"{seed}, {first}")
            made["person"] += len(rows)
        _set_seats(session, offers, held)
        made["activity"] = sum(map(len, offers.values()))
        audit.record(
            session,
            now=now,
            deed="made sample data",
            after={"seed": seed, **dict(sorted(made.items()))},
        )
    return made


def lead(person_id: int, wanted: Mapping[str, How], *, now: datetime, zone: tzinfo) -> int:
    """Take the person so far in the running activity of each of these courses; gives how many.

    Courses without a running activity or a free place are left out.
    """
    led = []
    with transaction() as session:
        person = session.get_one(Person, person_id)
        until = histories.first_of_month(now, zone).astimezone(UTC)
        courses = queries.course_ids(session)
        for slug in sorted(wanted.keys() & courses.keys()):
            activity = session.scalar(
                select(Activity)
                .where(
                    Activity.course_id == courses[slug],
                    Activity.begins_at < until,
                    Activity.ends_at > now,
                )
                .order_by(Activity.begins_at.desc())
                .limit(1)
            )
            if activity is None or not places.take_seat(
                session, activity.id, person.affiliation_id
            ):
                continue
            plan = queries.plans(session, slug, courses[slug])[-1]
            told = _led(f"{slug} of {person_id}", plan, activity, wanted[slug], until)
            led.append(Place(history=told, person=person, activity_id=activity.id))
        write(session, led, seed=f"person {person_id}")
        audit.record(
            session,
            now=now,
            deed="made sample data",
            after={"person": person_id, "places": len(led)},
        )
    return len(led)


def _led(seed: str, plan: Plan, activity: Activity, how: How, until: datetime) -> History:
    lessons = [n for n, step in enumerate(plan.steps) if step.kind is Kind.LESSON]
    checks = [step.key for step in plan.steps if step.kind is Kind.FORMATIVE]
    steps = {
        How.NOT_BEGUN: 0,
        How.HALF: lessons[len(lessons) // 2] if lessons else 0,
        How.COMPLETED: len(plan.steps),
    }
    rng = random.Random(seed)
    run = Run(
        slug=activity.slug,
        begins_at=activity.begins_at,
        ends_at=activity.ends_at,
        closes_at=activity.ends_at + histories.CLOSING,
    )
    return histories.history(
        rng,
        plan,
        run,
        Intent(
            ability=6 if how is How.COMPLETED else 2,
            pace=1,
            steps=steps[how],
            skips=frozenset(checks[1:] if how is How.HALF else ()),
            leaves_open=False,
        ),
        began_at=histories.began(rng, run, activity.begins_at + (until - activity.begins_at) / 3),
        until=until,
    )


def life(
    seed: int,
    officer: Officer,
    plans: Mapping[str, Sequence[Plan]],
    offers: Offers,
    until: datetime,
) -> list[tuple[History, int]]:
    """The places of one officer, each with the key of its activity."""
    rng = random.Random(f"life of officer {officer.number} of {seed}")
    slugs = sorted(plans)
    count = min(rng.choices((1, 2, 3, 4), (35, 35, 20, 10))[0], len(slugs))
    lived = []
    for slug in rng.sample(slugs, count):
        choice = offers[slug]
        at = rng.choices(range(len(choice)), [3 + n for n in range(len(choice))])[0]
        while True:
            run, activity_id = choice[at]
            began_at = histories.began(rng, run, until)
            plan = newest_before(plans[slug], began_at)
            intent = histories.intent(
                rng, plan, ability=officer.ability, zeal=officer.zeal, pace=officer.pace
            )
            told = histories.history(rng, plan, run, intent, began_at=began_at, until=until)
            lived.append((told, activity_id))
            # some who did not get through take the course again when it is held anew
            over = told.moves[-1].at
            later = [n for n in range(at + 1, len(choice)) if choice[n][0].begins_at > over]
            ended = told.state in (State.FAILED, State.EXPIRED, State.WITHDRAWN)
            if not ended or not later or rng.random() > 0.35:
                break
            at = later[0]
    return lived


def newest_before(plans: Sequence[Plan], instant: datetime) -> Plan:
    """The newest release that was published by then; the first where histories begin earlier."""
    return next((one for one in reversed(plans) if one.published_at <= instant), plans[0])


def _open_activities(session: AnySession, courses: Mapping[str, int], until: datetime) -> Offers:
    """Four activities for each course, without a limit until it is known who takes part."""
    offers: dict[str, list[tuple[Run, int]]] = {}
    taken = set(session.scalars(select(Activity.slug)))
    for number, (slug, course_id) in enumerate(sorted(courses.items())):
        for run in histories.runs(slug, number, until):
            name, again = run.slug, 1
            while name in taken:
                again += 1
                name = f"{run.slug}-{again}"
            activity = Activity(
                course_id=course_id,
                slug=name,
                route=Route.OPEN,
                begins_at=run.begins_at,
                ends_at=run.ends_at,
                capacity=None,
                created_at=run.begins_at - ANNOUNCED,
            )
            session.add(activity)
            session.flush()
            offers.setdefault(slug, []).append((run, activity.id))
    return offers


def _set_seats(session: AnySession, offers: Offers, held: Mapping[int, int]) -> None:
    """Seats held and capacities; the running activity of the last course but one is nearly full."""
    crowded = sorted(offers)[max(len(offers) - 2, 0)]
    for slug, held_activities in offers.items():
        for number, (_run, activity_id) in enumerate(held_activities, start=1):
            seats = held[activity_id]
            capacity = max(CAPACITY, -(-(seats + 25) // 50) * 50)
            if slug == crowded and number == len(held_activities):
                capacity = seats + NEARLY_FULL
            session.execute(
                update(Activity)
                .where(Activity.id == activity_id)
                .values(seats_held=seats, capacity=capacity)
            )


def _people(
    session: AnySession,
    seed: int,
    lives: Sequence[tuple[Officer, Sequence[tuple[History, int]]]],
    homes: Mapping[str, Affiliation],
) -> dict[int, Person]:
    """Save the officers, known before their first place; gives the rows by their numbers."""
    rows = []
    for one, lived in lives:
        rng = random.Random(f"person {one.number} of {seed}")
        home = homes[one.home.code]
        first = min(history.began_at for history, _activity in lived)
        rows.append(
            {
                "ref": new_reference(rng.randbytes(10)),
                "given_name": one.given_name,
                "family_name": one.family_name,
                "own_script_name": one.own_script_name,
                "gender": one.gender,
                "affiliation_id": home.id,
                "agency": one.agency,
                "agency_type": one.agency_type,
                "rank_band": one.rank_band,
                "function": one.function,
                "languages": languages(one, home.languages),
                "time_zone": one.home.zone,
                "password_hash": None,
                "created_at": first
                - timedelta(days=rng.randint(1, 20), minutes=rng.randint(0, 300)),
            }
        )
        rows[-1]["vouched_at"] = rows[-1]["joined_at"] = rows[-1]["created_at"]
    ids = session.scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True), rows
    ).all()
    session.execute(
        insert(PersonAddress),
        [
            {
                "person_id": id,
                "address": one.address,
                "is_primary": True,
                "confirmed_at": row["created_at"],
            }
            for id, (one, _lived), row in zip(ids, lives, rows, strict=True)
        ],
    )
    by_id = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return {one.number: by_id[id] for id, (one, _lived) in zip(ids, lives, strict=True)}
