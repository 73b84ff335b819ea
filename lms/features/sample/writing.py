"""Histories as rows, many at a time: what the real actions would have left, in their order."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from lms.deeds import certificates
from lms.deeds.audit import AnySession
from lms.features.sample import queries
from lms.features.sample.answers import opinion
from lms.features.sample.histories import History, Plan, Sitting
from lms.models import (
    Answer,
    Attempt,
    Certificate,
    CertificateKind,
    Ending,
    Enrolment,
    EnrolmentStep,
    Grade,
    Person,
    Release,
    SurveyReceipt,
    SurveyResponse,
    UnitCompletion,
)
from lms.rules.certificates import expires, new_code
from lms.rules.enrolments import State, Who

# A seat is free again when the officer withdraws, and in no other case.
SEATED = frozenset({State.ENROLLED, State.COMPLETED, State.FAILED, State.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A history, and whose it is."""

    history: History
    person: Person
    activity_id: int


def write(session: AnySession, places: Sequence[Place], *, seed: str) -> Counter[str]:
    """Save the histories; gives how many rows of each kind. `seed` decides codes and opinions."""
    places = sorted(places, key=lambda one: (one.history.began_at, one.history.ref))
    units = {
        id: queries.unit_ids(session, id)
        for id in sorted({one.history.plan.release_id for one in places})
    }
    ids = _insert(session, Enrolment, [_enrolment(one) for one in places])
    held = list(zip(ids, places, strict=True))
    attempts = sorted(
        ((sitting, id, one.history) for id, one in held for sitting in one.history.sittings),
        key=lambda row: (row[0].started_at, row[0].ref),
    )
    attempt_ids = _insert(
        session,
        Attempt,
        [_attempt(sitting, id, told, units) for sitting, id, told in attempts],
    )
    taken = [(id, row[0]) for id, row in zip(attempt_ids, attempts, strict=True)]
    done = sorted(
        (at, id, key, units[one.history.plan.release_id][key])
        for id, one in held
        for key, at in one.history.done.items()
    )
    sent = sorted(
        (at, id, key)
        for id, one in held
        if one.history.evaluation
        for key, at in [one.history.evaluation]
    )
    rows: dict[type[Any], list[dict[str, Any]]] = {
        EnrolmentStep: [row for id, one in held for row in _steps(id, one)],
        UnitCompletion: [
            {"enrolment_id": id, "unit_key": key, "unit_id": unit_id, "at": at}
            for at, id, key, unit_id in done
        ],
        Answer: [row for id, sitting in taken for row in _answers(id, sitting)],
        Grade: [row for id, sitting in taken for row in _grades(id, sitting)],
        SurveyReceipt: [{"enrolment_id": id, "unit_key": key} for _at, id, key in sent],
        SurveyResponse: _responses(session, places, seed),
        Certificate: _certificates(session, held, seed),
    }
    for model, made in rows.items():
        if made:
            session.execute(insert(model), made)
    return Counter({model.__tablename__: len(made) for model, made in rows.items()}) + Counter(
        enrolment=len(places), attempt=len(attempts)
    )


def _insert(session: AnySession, model: type[Any], rows: list[dict[str, Any]]) -> Sequence[int]:
    """Insert the rows; gives their keys in the same order."""
    if not rows:
        return []
    keys = insert(model).returning(model.id, sort_by_parameter_order=True)
    return session.scalars(keys, rows).all()


def _enrolment(one: Place) -> dict[str, Any]:
    told = one.history
    return {
        "ref": told.ref,
        "activity_id": one.activity_id,
        "person_id": one.person.id,
        "affiliation_id": one.person.affiliation_id,
        "release_id": told.plan.release_id,
        "state": told.state,
        "began_at": told.began_at,
        "completed_at": told.completed_at,
        "last_unit": told.last_unit,
        "last_at": told.last_at,
    }


def _steps(enrolment_id: int, one: Place) -> list[dict[str, Any]]:
    return [
        {
            "enrolment_id": enrolment_id,
            "number": number,
            "from_state": moved.before,
            "to_state": moved.after,
            "actor_id": one.person.id if moved.who is Who.OFFICER else None,
            "at": moved.at,
            "reason": moved.reason,
        }
        for number, moved in enumerate(one.history.moves, start=1)
    ]


def _attempt(
    sitting: Sitting, enrolment_id: int, told: History, units: Mapping[int, Mapping[str, int]]
) -> dict[str, Any]:
    return {
        "ref": sitting.ref,
        "enrolment_id": enrolment_id,
        "unit_id": units[told.plan.release_id][sitting.key],
        "unit_key": sitting.key,
        "number": sitting.number,
        "seed": sitting.seed,
        "drawn": list(sitting.drawn),
        "language": told.plan.language,
        "started_at": sitting.started_at,
        "deadline": sitting.deadline,
        "handed_in_at": sitting.handed_in_at,
        "ending": Ending.BUTTON if sitting.handed_in_at else None,
    }


def _answers(attempt_id: int, sitting: Sitting) -> list[dict[str, Any]]:
    return [
        {
            "attempt_id": attempt_id,
            "question_id": one.question_id,
            "value": one.answer.as_dict(),
            "sequence": one.sequence,
            "flagged": one.flagged,
            "saved_at": one.saved_at,
        }
        for one in sitting.replies
    ]


def _grades(attempt_id: int, sitting: Sitting) -> list[dict[str, Any]]:
    grade = sitting.grade
    if grade is None or grade.waiting:
        return []
    percent = float(grade.earned * 100 / grade.possible) if grade.possible else 0.0
    return [
        {
            "attempt_id": attempt_id,
            "number": 1,
            "earned": grade.earned,
            "possible": grade.possible,
            "percent": percent,
            "passed": grade.passed,
            "at": sitting.handed_in_at,
        }
    ]


def _responses(session: AnySession, places: Sequence[Place], seed: str) -> list[dict[str, Any]]:
    """As many evaluations as were sent in each activity and month.

    What one says comes from their number alone, never from the officer who sent it.
    """
    zone = session.info["time_zone"]
    plans: dict[int, Plan] = {one.history.plan.release_id: one.history.plan for one in places}
    sent = Counter(
        (one.history.run.slug, one.activity_id, one.history.plan.release_id, key, _month(at, zone))
        for one in places
        if one.history.evaluation
        for key, at in [one.history.evaluation]
    )
    rows = []
    for (slug, activity_id, release_id, key, month), count in sorted(sent.items()):
        plan = plans[release_id]
        rng = random.Random(f"evaluations of {slug} {plan.number} {key} {month} of {seed}")
        asked = next(step.pool for step in plan.steps if step.key == key)
        for _ in range(count):
            content = min(max(rng.gauss(0.78, 0.14), 0.0), 1.0)
            said = {one.question.id: opinion(rng, one.question, content) for one in asked}
            rows.append(
                {
                    "key": rng.randbytes(16).hex(),
                    "activity_id": activity_id,
                    "release_id": release_id,
                    "unit_key": key,
                    "month": month,
                    "answers": {id: one.as_dict() for id, one in said.items() if not one.blank},
                }
            )
    return sorted(rows, key=lambda row: str(row["key"]))


def _month(at: Any, zone: Any) -> str:
    return f"{at.astimezone(zone):%Y-%m}"


def _certificates(
    session: AnySession, held: Sequence[tuple[int, Place]], seed: str
) -> list[dict[str, Any]]:
    """What `deeds.certificates.issue` would have kept at the completion of each place."""
    rng = random.Random(f"certificates of {seed}")
    zone = session.info["time_zone"]
    rows = []
    for id, one in sorted(held, key=lambda row: (str(row[1].history.completed_at), row[0])):
        now = one.history.completed_at
        release = session.get_one(Release, one.history.plan.release_id)
        rules = release.facts["certificate"]
        if now is None or rules is None:
            continue
        day = now.astimezone(zone).date()
        last_day = expires(day, *rules["valid_for"]) if rules["valid_for"] else None
        code = new_code(rng.randbytes(13))
        place = Enrolment(
            person_id=one.person.id,
            affiliation_id=one.person.affiliation_id,
            completed_at=now,
        )
        rows.append(
            {
                "enrolment_id": id,
                "kind": CertificateKind.COMPLETION,
                "code": code,
                "issued_at": now,
                "expires_on": last_day,
                "snapshot": certificates.snapshot(
                    session, place, release, code=code, day=day, last_day=last_day
                ),
            }
        )
    return rows
