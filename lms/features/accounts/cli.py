"""People and roles from the command line."""

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.features.accounts import actions, queries
from lms.rules.access import GRANTS, Role, Scope
from lms.rules.refusal import Refusal

people = AppGroup("people", help="People and their accounts.")
roles = AppGroup("roles", help="What people may do.")


@people.command("add")
@click.argument("address")
@click.option("--given", required=True, help="Given name, in Latin letters.")
@click.option("--family", required=True, help="Family name, in Latin letters.")
@click.option("--affiliation", required=True, help="Code of the State or organization, as AT.")
@click.option(
    "--role",
    "role_",
    type=click.Choice([role.value for role in Role if role is not Role.OFFICER]),
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
            grant(person_id, Role(role_), None)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    base = current_app.config["BASE_URL"]
    click.echo(f"Added {given} {family}. This link works once, for 72 hours:")
    click.echo(f"{base}/invitations/{token}")


@roles.command("grant")
@click.argument("address")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--course", help="Slug of the course; for trainers.")
@click.option("--affiliation", help="Code of the State or organization; for focal points.")
@click.option("--reason", default="", help="Why, for the audit log.")
def grant_role(
    address: str, role: str, course: str | None, affiliation: str | None, reason: str
) -> None:
    """Let the person at ADDRESS work in ROLE."""
    person = queries.person_at(address)
    if person is None:
        raise click.ClickException(f"Nobody has the address {address}.")
    try:
        grant(person.id, Role(role), course or affiliation, reason=reason)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{address} may work as {role.replace('_', ' ')}.")


def grant(person_id: int, role: Role, over: str | None, *, reason: str = "") -> None:
    """Grant with the reach that the role has: all, or what `over` names."""
    scopes = set(GRANTS[role].values())
    reach = "all"
    if Scope.COURSES in scopes:
        reach = queries.reach_of_course(over)
    elif Scope.AFFILIATION in scopes:
        reach = queries.reach_of_affiliation(over, person_id)
    actions.grant_role(person_id, role, reach, reason=reason, now=clock.now())
