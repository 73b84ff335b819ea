"""Activities from the command line."""

from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.features.activities.actions import open_activity
from lms.rules.refusal import Refusal

activities = AppGroup("activities", help="Held instances of courses.")
DAY = click.DateTime(["%Y-%m-%d"])


@activities.command("open")
@click.argument("course")
@click.option("--from", "first", type=DAY, required=True, help="First day, Vienna: 2026-12-01.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, Vienna: 2027-01-31.")
@click.option("--capacity", type=int, help="How many places; without it there is no limit.")
def open_(course: str, first: datetime, last: datetime, capacity: int | None) -> None:
    """Open an activity of COURSE that every officer may join."""
    zone = current_app.config["TIME_ZONE"]
    try:
        slug = open_activity(
            course,
            begins_at=first.replace(tzinfo=zone),
            ends_at=last.replace(tzinfo=zone) + timedelta(days=1),
            capacity=capacity,
            now=clock.now(),
        )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Opened {slug}.")
