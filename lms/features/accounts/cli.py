"""People and roles from the command line."""

from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.features.accounts import actions, queries
from lms.rules.access import GRANTS, Role, Scope
from lms.rules.refusal import Refusal

people = AppGroup("people", help="People and their accounts.")
roles = AppGroup("roles", help="What people may do.")
GRANTED = click.Choice([role.value for role in Role if role is not Role.OFFICER])
DAY = click.DateTime(["%Y-%m-%d"])


@people.command("add")
@click.argument("address")
@click.option("--given", required=True, help="Given name, in Latin letters.")
@click.option("--family", required=True, help="Family name, in Latin letters.")
@click.option("--affiliation", required=True, help="Code of the State or organization, as AT.")
@click.option(
    "--role",
    "role_",
    type=GRANTED,
    help="A role to grant at once; everybody is an officer.",
)
def add(address: str, given: str, family: str, affiliation: str, role_: str | None) -> None:
    """Add a person and print a link for one use, to choose the password with."""
    try:
        person_id, token = actions.add_person(
            address=address,
            given_name=given,
            family_name=family,
            affiliation=affiliation,
            now=clock.now(),
            invited=True,
        )
        if role_:
            grant(person_id, Role(role_))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    base = current_app.config["BASE_URL"]
    click.echo(f"Added {given} {family}. This link works once, for 72 hours:")
    click.echo(f"{base}/invitations/{token}")


@people.command("reset-factor")
@click.argument("address")
@click.option("--reason", required=True, help="Why, for the audit log.")
def reset_factor(address: str, reason: str) -> None:
    """Take a lost second factor out of use, as when the last administrator has lost it."""
    person_id = id_of(address)
    try:
        actions.reset_factor(person_id, reason=reason, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"The second factor of {address} is out of use, and all sessions have ended.")


@roles.command("grant")
@click.argument("address")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--course", help="Slug of the course; for trainers.")
@click.option("--affiliation", help="Code of the State or organization; for focal points.")
@click.option("--programme", help="Slug of the programme; for coordinators.")
@click.option("--until", type=DAY, help="Last day, Vienna: 2027-06-30.")
@click.option("--reason", default="", help="Why, for the audit log.")
def grant_role(
    address: str,
    role: str,
    course: str | None,
    affiliation: str | None,
    programme: str | None,
    until: datetime | None,
    reason: str,
) -> None:
    """Let the person at ADDRESS work in ROLE."""
    person_id, words = id_of(address), role.replace("_", " ")
    zone = current_app.config["TIME_ZONE"]
    last = until.replace(tzinfo=zone) + timedelta(days=1) if until else None
    try:
        made = grant(
            person_id, Role(role), course, affiliation, programme, reason=reason, until=last
        )
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    if not made and until:
        raise click.ClickException(f"{address} is {words} already. End that role first.")
    click.echo(f"{address} may work as {words}." if made else "Nothing changed.")


@roles.command("end")
@click.argument("address")
@click.argument("role", type=GRANTED)
@click.option("--course", help="Slug of the course; for trainers.")
@click.option("--affiliation", help="Code of the State or organization; for focal points.")
@click.option("--programme", help="Slug of the programme; for coordinators.")
@click.option("--reason", required=True, help="Why, for the audit log.")
def end_role(
    address: str,
    role: str,
    course: str | None,
    affiliation: str | None,
    programme: str | None,
    reason: str,
) -> None:
    """Let the person at ADDRESS work in ROLE no more."""
    person_id = id_of(address)
    try:
        reach = reach_of(person_id, Role(role), course, affiliation, programme)
        actions.end_role(person_id, Role(role), reach, reason=reason, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{address} works as {role.replace('_', ' ')} no more.")


def id_of(address: str) -> int:
    person = queries.person_at(address)
    if person is None:
        raise click.ClickException(f"Nobody has the address {address}.")
    return person.id


def grant(
    person_id: int,
    role: Role,
    course: str | None = None,
    affiliation: str | None = None,
    programme: str | None = None,
    *,
    reason: str = "",
    until: datetime | None = None,
) -> bool:
    reach = reach_of(person_id, role, course, affiliation, programme)
    return actions.grant_role(person_id, role, reach, reason=reason, now=clock.now(), until=until)


def reach_of(
    person_id: int,
    role: Role,
    course: str | None,
    affiliation: str | None,
    programme: str | None,
) -> str:
    """The reach that the role has: all, or what is named. Raises Refusal for what it has not."""
    scopes = set(GRANTS[role].values())
    if (course and Scope.COURSES not in scopes) or (
        affiliation and Scope.AFFILIATION not in scopes
    ):
        raise Refusal("Choose a course for a trainer alone, and a State for a focal point alone.")
    if programme and role is not Role.COORDINATOR:
        raise Refusal("Choose a programme for a coordinator alone.")
    if programme:
        return queries.reach_of_programme(programme)
    if Scope.COURSES in scopes:
        return queries.reach_of_course(course)
    if Scope.AFFILIATION in scopes:
        return queries.reach_of_affiliation(affiliation, person_id)
    return "all"
