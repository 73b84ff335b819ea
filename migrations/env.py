"""Runs migrations on the engine that web/migrating.py hands over, or on that of the settings."""

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.types import TypeDecorator

from config import Config
from lms.database import db, prepare


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Migrations speak plain SQLAlchemy: they must still run when our types are gone."""
    ours = isinstance(item, TypeDecorator) and type(item).__module__.startswith("lms.")
    return f"sa.{item.impl_instance!r}" if ours else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # which alters by copying
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"rows that lead nowhere after the migration: {broken[:5]}")


def without_foreign_keys(connection: Connection) -> None:
    """SQLite alters a table by copying and dropping it, which foreign keys would refuse.

    The setting can only change outside a transaction, so it goes past SQLAlchemy, which would
    begin one. `run` looks at every key before it commits.
    """
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        run(connection)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


engine = context.config.attributes.get("engine")
if engine is None:
    engine = create_engine(Config.from_environment().with_keys().DATABASE_URL)
    prepare(engine)
with engine.connect().execution_options(writes=True) as connection:
    if connection.dialect.name == "sqlite":
        without_foreign_keys(connection)
    else:
        run(connection)
