"""How long things are kept, from the command line."""

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.features.privacy.jobs import carry_out
from lms.rules.retention import Category

privacy = AppGroup("privacy", help="What is kept about people.")


@privacy.command("retention")
@click.option("--apply", is_flag=True, help="Carry it out; without it nothing changes.")
def retention(apply: bool) -> None:
    """Show what has been kept long enough (LMS_RETENTION), or let it go."""
    months = current_app.config["RETENTION"]
    counts = carry_out(months, now=clock.now(), apply=apply)
    for category in Category:
        kept = f"{months[category]} months" if months[category] else "for ever"
        click.echo(f"{category.value} ({kept}): {counts[category.value]}")
    if not apply:
        click.echo("Nothing was changed. Add --apply to carry it out.")
