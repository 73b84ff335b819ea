"""Invented officers from the command line."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from lms import clock
from lms.database import db
from lms.features.sample import actions
from lms.rules.refusal import Refusal
from lms.web import migrating

MOST = 200_000


@click.command("sample")
@click.option(
    "--officers", type=click.IntRange(1, MOST), default=400, show_default=True, help="How many."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed gives the same people.",
)
@click.option("--yes", is_flag=True, help="Also with LMS_ENV=production.")
@with_appcontext
def sample(officers: int, seed: int, yes: bool) -> None:
    """Fill the database with invented officers of 20 States and a year of their learning.

    They cannot sign in. They cannot be taken out again: certificates and the audit log stay.
    """
    if current_app.config["ENV"] == "production" and not yes:
        raise click.ClickException(
            "LMS_ENV is production, and invented officers cannot be taken out again. "
            "Add --yes if you want them all the same."
        )
    if not migrating.is_current(db.engine):
        raise click.ClickException("The tables are not those of this version. Run: lms db upgrade")
    try:
        with progress("Inventing officers", officers) as told:
            made = actions.fill(
                count=officers,
                seed=seed,
                now=clock.now(),
                zone=current_app.config["TIME_ZONE"],
                told=told,
            )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(said(made))


def said(made: Counter[str]) -> str:
    """What was made, in one sentence."""
    return (
        f"Invented {made['person']:,} officers with {made['enrolment']:,} places, "
        f"{made['attempt']:,} attempts and {made['certificate']:,} certificates."
    )


@contextmanager
def progress(what: str, of: int) -> Iterator[Callable[[], None]]:
    """A function to call after each step; on a terminal a bar shows how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=of)
        yield lambda: bar.advance(task)
