"""Files with people in them: the reason is asked first, what left the house can be told again."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, tidy

CHUNK = 64 * 1024  # bytes
Note = Callable[[str, str], None]  # of the SHA-256 and the reason; called before a byte leaves


class ReasonForm(Form):
    reason = TextAreaField(
        _l("What do you need this file for?"),
        [
            DataRequired(_l("Write for what, such as “Yearly report to the ministry”.")),
            Length(max=400),
        ],
        filters=[tidy],
    )


def with_reason(
    *, title: str, back: str, pieces: Callable[[], Iterable[str]], name: str, note: Note
) -> Any:
    """The page that asks for the reason, or the file once it is given (POST).

    The file is written down here first, so that the audit log holds its hash before it leaves.
    """
    form = ReasonForm()
    if not form.submitted():
        here = request.full_path.rstrip("?")
        page = render_template("reason.html", form=form, title=title, back=back, here=here)
        return page, 422 if form.errors else 200
    file, sha256 = spooled(pieces())
    note(sha256, form.reason.data or "")
    answer = Response(chunks(file), content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def spooled(pieces: Iterable[str]) -> tuple[IO[bytes], str]:
    """The text in a file that vanishes when it is closed, and its SHA-256."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- chunks() closes it
    digest = hashlib.sha256()
    for piece in pieces:
        data = piece.encode()
        digest.update(data)
        file.write(data)
    file.seek(0)
    return file, digest.hexdigest()


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
