"""Files of people from the command line."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.deeds.people import find_by_address
from lms.features.nominations.files import reading
from lms.features.nominations.uploads import actions, matching, queries
from lms.features.nominations.uploads.jobs import apply_upload
from lms.features.nominations.uploads.matching import Outcome, Reach
from lms.models import Activity, Affiliation, UploadState
from lms.rules.refusal import Refusal

WORDS = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "changed",
    Outcome.NOMINATED: "known, nominated",
    Outcome.ALREADY: "already there",
    Outcome.DUPLICATE: "double",
    Outcome.ERROR: "to correct",
}


@click.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--affiliation", help="Code of the State whose officers the file holds, as AT.")
@click.option("--activity", help="Nominate the officers for this activity (its slug).")
@click.option("--as", "address", help="Address of the focal point who nominates.")
@click.option("--apply", "applies", is_flag=True, help="Write what the file would do.")
@with_appcontext
def load(
    file: Path, affiliation: str | None, activity: str | None, address: str | None, applies: bool
) -> None:
    """Say what a FILE of people (CSV or XLSX) would do; with --apply, do it.

    Without --affiliation each row names its State. Ends with 1 when a row has to be corrected.
    """
    if activity and not address:
        raise click.UsageError("Say in whose name: --activity needs --as ADDRESS.")
    try:
        wrong = run(file, affiliation, activity, address, applies)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    if wrong:
        raise SystemExit(1)


def run(file: Path, code: str | None, slug: str | None, address: str | None, applies: bool) -> int:
    """Gives the number of rows to correct. Raises Refusal."""
    now, data = clock.now(), file.read_bytes()
    table = reading.read(data)
    actor, state = who(code, address)
    activity = one(Activity, slug=slug) if slug else None
    reach = queries.reach_of(state, actor)
    lines = queries.sheet_of(table, reach).lines
    matches = matching.rehearse(db.session, lines, reach, activity, now=now)
    say(matches)
    counts = matching.counts(matches)
    if applies:
        ref = actions.keep(
            actor,
            state,
            activity.id if activity else None,
            name=file.name,
            data=data,
            table=table,
            now=now,
        )
        counts = applied(ref, reach)
    return counts[Outcome.ERROR] + counts[Outcome.DUPLICATE]


def who(code: str | None, address: str | None) -> tuple[int | None, int | None]:
    """(person, affiliation) for whom the file is brought; none of both is any State's."""
    person = find_by_address(db.session, address) if address else None
    if address and person is None:
        raise click.ClickException(f"Nobody has the address {address}.")
    if code:
        return person.id if person else None, one(Affiliation, code=code.upper()).id
    return (person.id, person.affiliation_id) if person else (None, None)


def one(kind: type, **known: str) -> Activity | Affiliation:
    found = db.session.scalar(select(kind).filter_by(**known))
    if found is None:
        (name,) = known.values()
        raise click.ClickException(f"There is no {kind.__name__.lower()} {name}.")
    return found


def say(matches: list[matching.Match]) -> None:
    for match in matches:
        for problem in match.problems:
            where = f"{problem.column} “{problem.value}”: " if problem.column else ""
            click.echo(
                f"row {match.line.number}: {where}{problem.sentence.format(**problem.values)}"
            )
    counts = matching.counts(matches)
    said = [f"{counts[outcome]:,} {word}" for outcome, word in WORDS.items() if counts[outcome]]
    click.echo(f"{len(matches):,} rows: {', '.join(said)}.")


def applied(ref: str, reach: Reach) -> matching.Counter[Outcome]:
    upload = queries.by_ref(ref)
    upload_id, rows = upload.id, upload.row_count
    actions.confirm(upload_id, all_or_nothing=False, tells=False, now=clock.now())
    console = Console(stderr=True)
    columns = (TextColumn("Applying"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=rows)
        apply_upload(upload_id, told=lambda done: bar.advance(task, done))
    db.session.remove()
    ended = queries.by_ref(ref)
    if ended.state is not UploadState.DONE:
        raise click.ClickException("Stopped: this person is no focal point of the State.")
    made = matching.Counter(
        {Outcome(name): count for name, count in queries.applied_counts(upload_id).items()}
    )
    said = [f"{made[outcome]:,} {word}" for outcome, word in WORDS.items() if made[outcome]]
    click.echo(f"Applied: {', '.join(said)}.")
    return made
