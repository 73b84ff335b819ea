"""The database, from the command line."""

import click
from flask.cli import AppGroup, with_appcontext

from lms.database import db
from lms.features.admin import actions
from lms.features.admin.doctor import CHECKS
from lms.web import migrating

database = AppGroup("db", help="The database and its migrations.")


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to this version of the code."""
    migrating.upgrade(db.engine, revision)
    if migrating.is_current(db.engine):
        actions.load_affiliations()
    click.echo(f"The database is at {migrating.current(db.engine)}.")


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take migrations back to REVISION, such as -1."""
    migrating.downgrade(db.engine, revision)
    click.echo(f"The database is at {migrating.current(db.engine)}.")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Work out again what must always be true, and say where what is kept differs."""
    found = 0
    for check in CHECKS:
        faults = list(check())
        found += len(faults)
        click.echo(f"{check.__name__}: {f'{len(faults)} faults' if faults else 'well'}")
        for fault in faults:
            click.echo(f"  {fault}")
    if found:
        raise SystemExit(1)
