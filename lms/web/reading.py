"""What can be read at all: text is UTF-8 and holds no NUL, in the address and in forms."""

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, current_app, request

FORM = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    app.before_request(refuse_unreadable)


def refuse_unreadable() -> None:
    """Answer 400 to what no page of ours sends: databases would refuse it later, with a 500."""
    if request.mimetype == FORM:
        refuse_too_large()
    for part in parts():
        try:
            readable = "\0" not in part.decode()
        except UnicodeDecodeError:
            readable = False
        if not readable:
            abort(400)


def refuse_too_large() -> None:
    """Hold plain forms to the limits that the framework keeps for those in parts."""
    largest, most = (
        current_app.config[name] for name in ("MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")
    )
    if (request.content_length or 0) > largest or request.get_data().count(b"&") >= most:
        abort(413)


def parts() -> Iterator[bytes]:
    yield request.environ.get("PATH_INFO", "").encode("latin-1")
    yield unquote_to_bytes(request.query_string)
    if request.mimetype == FORM:
        yield unquote_to_bytes(request.get_data())  # kept, so that the form is read from it
    elif request.form:
        yield "".join(text for pair in request.form.items(multi=True) for text in pair).encode()
