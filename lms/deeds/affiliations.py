"""The affiliations that ship with the product, kept in step with their file."""

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import select

from lms.deeds.audit import AnySession
from lms.models import Affiliation, AffiliationKind

FILE = Path(__file__).parents[1] / "data" / "affiliations.csv"


def load(session: AnySession, file: Path = FILE) -> int:
    """Add those that are missing and correct names; gives how many were added or changed."""
    known = {one.code: one for one in session.scalars(select(Affiliation))}
    touched = 0
    with file.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            values = {
                "name": row["name"],
                "kind": AffiliationKind(row["kind"]),
                "joined": date.fromisoformat(row["joined"]) if row["joined"] else None,
                "languages": row["languages"].split(";"),
            }
            one = known.get(row["code"])
            if one is None:
                session.add(Affiliation(code=row["code"], **values))
                touched += 1
            elif any(getattr(one, key) != value for key, value in values.items()):
                for key, value in values.items():
                    setattr(one, key, value)
                touched += 1
    return touched
