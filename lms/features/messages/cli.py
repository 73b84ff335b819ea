"""Mail, from the command line."""

import click
from flask.cli import AppGroup

from lms import clock
from lms.features.messages import actions, queries
from lms.features.messages.jobs import send_messages
from lms.rules.references import typed_reference

messages = AppGroup("messages", help="What people are told.")


@messages.command("send")
def send() -> None:
    """Send what is due now, as the server does every minute."""
    click.echo(f"Sent {send_messages(clock.now())} messages.")


@messages.command("bounced")
@click.argument("reference")
def bounced(reference: str) -> None:
    """Note that mail came back later: REFERENCE stands before the @ of its Message-ID."""
    message = queries.known(typed_reference(reference) or "")
    if message is None:
        raise click.ClickException(f"There is no message {reference}.")
    actions.bounced(message.id, message.address, why="the mail came back", now=clock.now())
    click.echo("The message and the address are marked.")
