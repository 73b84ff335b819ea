"""Courses from the command line: check, load, export, ids, stamp."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock, storage
from lms.content.checking import check_course, check_paths
from lms.content.editing import add_ids, stamp
from lms.content.files import read_folder
from lms.content.findings import Finding
from lms.content.limits import TooMuch
from lms.content.reading import read_course
from lms.features.authoring import actions, queries

courses = AppGroup("courses", help="Courses as folders of Markdown files.")
FOLDER = click.Path(exists=True, path_type=Path)


def folders(paths: tuple[Path, ...]) -> list[Path]:
    """The course folders among and below the paths; an error for a path without any."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(one.parent for one in path.glob("*/course.md"))
        here = [path] if (path / "course.md").exists() else inside
        if not here:
            raise click.ClickException(f"{path} holds no course: there is no course.md.")
        found += here
    return found


@courses.command("check", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=FOLDER)
def check(paths: tuple[Path, ...]) -> None:
    """Read course folders and print one line for each finding."""
    findings = check_paths(paths)
    for finding in findings:
        click.echo(str(finding))
    click.echo(_count(findings))
    if any(finding.level == "error" for finding in findings):
        raise SystemExit(1)


def _count(findings: Sequence[Finding]) -> str:
    errors = sum(one.level == "error" for one in findings)
    return f"{errors} errors, {len(findings) - errors} warnings"


@courses.command("load")
@click.argument("paths", nargs=-1, type=FOLDER)
@click.option("--publish", is_flag=True, help="Publish what was read as new releases.")
@click.option("--note", default="", help="What changed, for officers to read.")
def load(paths: tuple[Path, ...], publish: bool, note: str) -> None:
    """Load course folders, by default all of LMS_COURSES. Courses with an error are left out."""
    wrong = 0
    for folder in folders(paths or (current_app.config["COURSES"],)):
        files = read_folder(folder)
        findings = check_course(files, folder.name)
        course = read_course(files, folder.name).course
        errors = [one for one in findings if one.level == "error"]
        for finding in errors:
            click.echo(f"{folder.name}/{finding}", err=True)
        if errors or course is None:
            click.echo(f"{folder.name}: not loaded, it has {len(errors)} errors")
            wrong += 1
        elif not publish:
            click.echo(f"{folder.name}: no error; add --publish to publish it")
        else:
            try:
                number = actions.publish(course, files, now=clock.now(), note=note)
            except TooMuch as limit:
                click.echo(f"{folder.name}: not loaded, {limit}")
                wrong += 1
                continue
            said = f"published version {number}" if number else "nothing changed"
            click.echo(f"{folder.name}: {said}")
    if wrong:
        raise SystemExit(1)


@courses.command("export")
@click.argument("slug")
@click.argument("target", type=click.Path(path_type=Path))
def export(slug: str, target: Path) -> None:
    """Write the files of the newest release of SLUG into the folder TARGET, byte for byte."""
    releases = queries.releases(slug)
    if not releases:
        raise click.ClickException(f"There is no course {slug}.")
    if target.exists() and any(target.iterdir()):
        raise click.ClickException(f"{target} is not empty. Name a new folder.")
    files = queries.files(releases[0].id)
    for path, sha in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(storage.get(sha))
    click.echo(f"{slug}: {len(files)} files of version {releases[0].number} in {target}")


@courses.command("ids", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=FOLDER)
def ids(paths: tuple[Path, ...]) -> None:
    """Write an id into every question that has none; all other bytes stay."""
    changed = 0
    for folder in folders(paths):
        for file in sorted(folder.rglob("*.quiz.md")):
            before = file.read_bytes()
            after = add_ids(before)
            if after != before:
                file.write_bytes(after)
                changed += 1
    click.echo(f"{changed} files changed")


@courses.command("stamp", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=FOLDER)
def stamp_(paths: tuple[Path, ...]) -> None:
    """Mark translations as up to date with their source as it is now."""
    changed = 0
    for folder in folders(paths):
        before = read_folder(folder)
        for path, data in stamp(before).items():
            if before.get(path) != data:
                (folder / path).write_bytes(data)
                changed += 1
    click.echo(f"{changed} files changed")
