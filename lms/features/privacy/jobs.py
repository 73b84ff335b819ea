"""What was kept long enough goes, once a day; files that an erasure left are taken away."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import String, cast, select

from lms.database import db
from lms.features.privacy import actions, keeping
from lms.models import Erasure
from lms.rules.retention import Category

EVERY = timedelta(hours=24)


def keep_no_longer(now: datetime) -> int:
    data = current_app.config["DATA"]
    for wish_id in db.session.scalars(
        select(Erasure.id).where(
            Erasure.erased_at.is_not(None), cast(Erasure.files, String) != "[]"
        )
    ).all():
        actions.remove_files(wish_id, data)
    last = keeping.last_run()
    if last is not None and now - last < EVERY:
        return 0
    return sum(carry_out(current_app.config["RETENTION"], now=now, apply=True).values())


def carry_out(months: Mapping[Category, int], *, now: datetime, apply: bool) -> dict[str, int]:
    """For each category how many rows are due, or were when `apply` has carried it out."""
    counts = {category.value: 0 for category in Category}
    for category, rule, before in keeping.periods_of(months, now):
        many = keeping.carry_out(rule, before, now=now) if apply else keeping.how_many(rule, before)
        counts[category.value] += many
    unused = keeping.to_be_erased(months, now)
    if unused is not None:
        people = db.session.scalars(unused).all()
        data = current_app.config["DATA"]
        counts[Category.ERASE.value] = (
            sum(actions.erase_unused(one, now=now, data=data) for one in people)
            if apply
            else len(people)
        )
    if apply:
        keeping.write_down(counts, now=now)
    return counts
