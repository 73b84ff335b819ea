"""Which migration the database is at, and moving it."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import config

PROJECT = config.ROOT / "pyproject.toml"


def settings(engine: Engine) -> AlembicConfig:
    made = AlembicConfig(toml_file=str(PROJECT) if PROJECT.exists() else None)
    made.set_main_option("script_location", str(Path(config.ROOT) / "migrations"))
    made.attributes["engine"] = engine
    return made


def head(engine: Engine) -> str | None:
    return ScriptDirectory.from_config(settings(engine)).get_current_head()


def current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    return current(engine) == head(engine)


def upgrade(engine: Engine, revision: str = "head") -> None:
    command.upgrade(settings(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    command.downgrade(settings(engine), revision)
