"""`lms serve`: one process for one machine, and the demo."""

import errno
import ipaddress
import socket

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info
from waitress import create_server

from config import Config
from lms import demo as shown
from lms import jobs
from lms.features import JOBS

THREADS = 8
CONNECTIONS = 2_000  # browsers that keep theirs open; the usual 100 would keep officers waiting


@click.command()
@click.option("--demo", is_flag=True, help="Invented people and places, in a database of its own.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@pass_script_info
def serve(info: ScriptInfo, demo: bool, host: str, port: int) -> None:
    """Serve the application until it is stopped with Ctrl+C."""
    if not demo:
        app = info.load_app()
        with listening(host, port) as door:
            run(app, door)
        return
    if not is_loopback(host):
        raise click.UsageError(
            f"The demo listens on 127.0.0.1 alone, not on {host}. Leave --host out."
        )
    settings = Config.for_demo(address(host, port))  # what is wrong is said before all else
    with listening(host, port) as door:
        settings = Config.for_demo(address(host, door.getsockname()[1]))
        assert info.create_app is not None
        app = info.create_app(settings)
        shown.show(shown.prepare(app))
        run(app, door)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it; no IPv6, for Werkzeug trusts no such host name."""
    try:
        return host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listening(host: str, port: int) -> socket.socket:
    """A socket on the port, so that a taken one is known before any work is done.

    Raises ClickException when it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as wrong:
        if wrong.errno == errno.EADDRINUSE:
            said = f"Port {port} is taken. Stop what uses it, or choose another: --port {port + 1}"
        else:
            said = f"Cannot listen on {address(host, port)}: {wrong.strerror}."
        raise click.ClickException(said) from None


def run(app: Flask, door: socket.socket) -> None:
    server = create_server(
        app,
        sockets=[door],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at 1,024
        ident=None,  # no version in the headers
        max_request_body_size=app.config["LARGEST_UPLOAD"],
        clear_untrusted_proxy_headers=False,
    )
    jobs.start(app, JOBS)
    host, port = door.getsockname()[:2]
    click.echo(f"Open {address(host, port)}/ and stop with Ctrl+C.")
    server.run()
