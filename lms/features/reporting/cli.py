"""Reports from the command line."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.database import db, stream
from lms.features.reporting import actions, exports, queries
from lms.features.reporting.forms import DEFAULT_SORT
from lms.features.reporting.queries import Filters
from lms.rules.access import Reach, Scope
from lms.rules.figures import Status
from lms.web.exports import Counted

EVERYTHING = Reach(Scope.ALL)
WORTH_A_BAR = 20_000  # rows; fewer are written within a second
DAY = click.DateTime(["%Y-%m-%d"])

report = AppGroup("report", help="Figures on courses.")


@report.command("completions")
@click.argument("course")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, ending in .csv.",
)
@click.option("--state", default="", help="Code of the State or Partner, such as AT.")
@click.option("--from", "first", type=DAY, help="First day on which places began (Vienna).")
@click.option("--to", "last", type=DAY, help="Last day on which places began (Vienna).")
@click.option("--release", type=click.IntRange(1), help="Number of the release.")
@click.option("--status", type=click.Choice([one.value for one in Status]))
@click.option("--reason", default="", help="What the file is for; kept in the audit log.")
def completions(
    course: str,
    output: Path,
    state: str,
    first: datetime | None,
    last: datetime | None,
    release: int | None,
    status: str | None,
    reason: str,
) -> None:
    """Write the places of COURSE (its slug) to a file, as the report's page does."""
    if output.suffix != ".csv":
        raise click.BadParameter("the file's name must end in .csv", param_hint="--output")
    found = queries.course(course, EVERYTHING)
    if found is None:
        raise click.ClickException(f"There is no course {course}.")
    if state and state.upper() not in queries.names(EVERYTHING):
        raise click.ClickException(f"There is no State or Partner {state}. Write a code as AT.")
    filters = Filters(
        state=state.upper(),
        first=first and first.date(),
        last=last and last.date(),
        release=release,
        status=Status(status) if status else None,
    )
    now = clock.now()
    scored = found.scored(EVERYTHING, sees_scores=True)
    query = queries.places(found, filters, EVERYTHING, scored=scored, now=now)
    rows = db.session.scalar(queries.how_many(query)) or 0
    zone = current_app.config["TIME_ZONE"]
    part = output.with_name(output.name + ".part")  # a file that is there is whole
    try:
        with (
            part.open("w", encoding="utf-8", newline="") as target,
            click.progressbar(
                stream(queries.ordered(query, DEFAULT_SORT)),
                length=rows,
                label="Writing",
                hidden=rows < WORTH_A_BAR,
            ) as streamed,
        ):
            counted = Counted(streamed)
            target.writelines(exports.csv_pieces(counted, zone=zone, scores=True))
        with part.open("rb") as whole:
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
        actions.note_export(
            course=course,
            filters=filters.chosen,
            reach=EVERYTHING,
            rows=counted.count,
            sha256=sha256,
            reason=reason,
            now=now,
        )
        os.replace(part, output)
    except OSError as wrong:
        raise click.ClickException(f"{output} cannot be written: {wrong.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"Wrote {counted.count} places to {output}.")
