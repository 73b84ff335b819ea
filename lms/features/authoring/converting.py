"""Questions of other systems from the command line."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.content.converters import formats
from lms.content.converters.foreign import NotThisFormat

questions = AppGroup("questions", help="Questions of other systems: GIFT, Moodle XML, Aiken.")
FORMAT = click.Choice(formats.NAMES)


@questions.command("convert", with_appcontext=False)
@click.argument(
    "source", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.argument("target", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source_format", type=FORMAT, help="By default what IN looks like.")
@click.option("--to", "target_format", type=FORMAT, help="By default by the ending of OUT.")
@click.option("--json", "as_json", is_flag=True, help="Print all questions as JSON.")
def convert(
    source: Path,
    target: Path,
    source_format: str | None,
    target_format: str | None,
    as_json: bool,
) -> None:
    """Write the questions of IN to OUT in another format; - as OUT is the screen.

    What cannot be taken over is listed with its line and the reason.
    """
    data = source.read_bytes()
    known = target_format or formats.ENDINGS.get(target.suffix.lower(), "moodle-xml")
    try:
        read_as = source_format or formats.guess(data, source.suffix.lower())
        if read_as == known == formats.QUIZ:
            raise click.UsageError("IN and OUT are both quizzes of a course: say --from or --to.")
        made = formats.convert(data, read_as, known, title=source.stem)
    except NotThisFormat as wrong:
        raise click.UsageError(f"{source} cannot be read: {wrong}.") from None
    on_screen = str(target) == "-"
    if not on_screen:
        try:
            target.write_bytes(made.data)
        except OSError as wrong:
            raise click.UsageError(f"{target} cannot be written: {wrong.strerror}.") from None
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
        return
    if on_screen:
        click.echo(made.data, nl=False)
    for one, lost in made.lost:
        click.echo(f"line {one.line}: “{one.name}” loses {', '.join(lost)}", err=on_screen)
    for skipped in made.skipped:
        click.echo(f"line {skipped.line}: skipped: {skipped.reason}", err=on_screen)
    said = f"{len(made.questions)} questions taken over, {len(made.skipped)} skipped"
    click.echo(said, err=on_screen)
