"""The application of the tests behind a real port, for Chromium."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from lms.database import db
from tests.factories import make_sign_in

PATIENCE = 20_000  # milliseconds for one thing on a busy machine


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers while the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def device_of(browser: Browser, base: str, person: object, **settings: object) -> BrowserContext:
    """A browser with cookies of its own, signed in as the person."""
    context = browser.new_context(base_url=base, **settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    give_session(context, base, person)
    return context


def give_session(context: BrowserContext, base: str, person: object) -> None:
    cookie = make_sign_in(person)
    db.session.remove()
    context.add_cookies([{"name": "lms", "value": cookie, "url": base, "httpOnly": True}])


def line(page: Page) -> str:
    """What the line of an attempt says at this moment."""
    return " ".join(page.locator("[data-line]:visible").inner_text().split())


def wait_for_line(page: Page, words: str) -> None:
    page.locator("[data-line]:visible", has_text=words).wait_for()
