"""The audit log, from the command line."""

import click
from flask.cli import AppGroup

from lms import clock
from lms.features.audit import actions

audit = AppGroup("audit", help="Who did what.")


@audit.command("verify")
def verify() -> None:
    """Read the whole audit log and name the first entry that was changed, dropped or added."""
    found = actions.check(now=clock.now())
    if found.fault:
        click.echo(f"The audit log is broken: {found.fault}. {found.entries} entries before hold.")
        raise SystemExit(1)
    click.echo(f"The audit log is whole: {found.entries} entries.")
