"""Files with people in them: the reason is asked first, what left the house can be told again."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, tidy

CHUNK = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What left the house: for the audit log."""

    rows: int
    sha256: str
    reason: str


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
    rows: Callable[[], Iterable[Any]],
    *,
    written: Callable[[Iterable[Any]], Iterable[str]],
    note: Callable[[Taken], None],
    title: str,
    back: str,
    name: str,
) -> Any:
    """The page that asks for the reason, or the file of these rows once it is given (POST).

    `written` makes the CSV of the rows, piece by piece; the file is kept here until it is whole,
    and `note` puts its hash into the audit log before a byte of it leaves.
    """
    form = ReasonForm()
    if not form.submitted():
        here = request.full_path.rstrip("?")
        page = render_template("reason.html", form=form, title=title, back=back, here=here)
        return page, 422 if form.errors else 200
    counted = Counted(rows())
    file, sha256 = spooled(written(counted))
    note(Taken(counted.count, sha256, form.reason.data or ""))
    answer = Response(chunks(file), content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


class Counted:
    """The rows, which are counted as they go by."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.count += 1
            yield row


def spooled(pieces: Iterable[str]) -> tuple[IO[bytes], str]:
    """The text in a file that vanishes when it is closed, and its SHA-256."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- chunks() closes it
    digest = hashlib.sha256()
    try:
        for piece in pieces:
            data = piece.encode()
            digest.update(data)
            file.write(data)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, digest.hexdigest()


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
