"""What every table shares: names of constraints, keys, instants, exact numbers and enums."""

import enum
import secrets
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from lms.rules.references import new_reference

CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

Key = Annotated[int, mapped_column(primary_key=True)]
Reference = Annotated[str, mapped_column(String(19), unique=True)]  # rules/references.py
Hash = Annotated[str, mapped_column(String(64))]  # SHA-256, hexadecimal
Markup = Annotated[str, mapped_column(Text)]  # made by content/rendering.py


def random_reference() -> str:
    return new_reference(secrets.token_bytes(10))


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. A datetime without a time zone is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        # SQLite drops the zone; PostgreSQL answers in that of the connection.
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """A fraction, kept as text such as 7/3."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


def values_of(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        Fraction: Exact,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
        enum.Enum: Enum(
            enum.Enum,
            values_callable=values_of,
            native_enum=False,
            create_constraint=True,
            length=40,
        ),
    }
