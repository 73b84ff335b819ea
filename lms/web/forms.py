"""The form every form extends: it reads this request and refuses what it did not ask for."""

import unicodedata
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from lms.rules.texts import nfc

ALWAYS_ALLOWED = {"csrf_token"}


def require_fields(*names: str) -> None:
    """Answer 400 unless the form holds exactly these fields, each once, beside its token."""
    if set(request.form) != {*names, *ALWAYS_ALLOWED}:
        abort(400)
    refuse_doubled(*names)


def refuse_doubled(*names: str) -> None:
    if any(len(request.form.getlist(name)) > 1 for name in names):
        abort(400)


class Form(PlainForm):
    """Values come out typed and clean; a field nobody offered answers 400.

    The token against forged forms is checked for every request in web/access.py.
    """

    def __init__(self, *, unsent: bool = False, **kwargs: Any) -> None:
        """unsent: this request's form was another one; begin with `data`."""
        sent = request.method == "POST" and not unsent
        super().__init__(request.form if sent else None, **kwargs)

    def submitted(self) -> bool:
        if request.method != "POST":
            return False
        known = {field.name for field in self} | ALWAYS_ALLOWED
        if set(request.form) - known:
            abort(400)
        for field in self:
            many = getattr(field, "takes_many", False)
            if not many and len(request.form.getlist(field.name)) > 1:
                abort(400)
        return self.validate()

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """(field id, sentence) of everything that is wrong, in the order of the form."""
        return [(field.id, str(error)) for field in self for error in field.errors]


def tidy(text: str | None) -> str:
    """NFC, without blanks at the ends."""
    return nfc(text or "").strip()


def one_line(form: PlainForm, field: Any) -> None:
    """Refuse line breaks, NUL and other control signs."""
    if any(unicodedata.category(sign) == "Cc" for sign in field.data or ""):
        raise ValidationError(_("Write one line without special signs."))
