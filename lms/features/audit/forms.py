"""The filters of the audit log, all of them in the address."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField
from wtforms.validators import Length, ValidationError

from lms.features.audit.queries import Filters
from lms.web.forms import one_line


def a_day(form: Form, field: StringField) -> None:
    if field.data and day_of(field.data) is None:
        raise ValidationError(_("Write the day as year, month and day, such as 2026-12-04."))


def day_of(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.isoformat() == text and 2000 <= found.year <= 2099 else None


class AuditForm(Form):
    who = StringField(_l("Person, object or reference"), [Length(max=120), one_line])
    deed = SelectField(_l("Action"), validate_choice=False)
    first = StringField(_l("From"), [a_day], name="from")
    last = StringField(_l("To"), [a_day], name="to")

    def __init__(self, sent: MultiDict[str, str], deeds: Sequence[str]) -> None:
        super().__init__(MultiDict({name: sent[name].strip() for name in sent}))
        self.sent, self.deeds = sent, deeds
        self.deed.choices = [("", _("All actions")), *((one, one) for one in deeds)]

    def validate(self, *args: object, **kwargs: object) -> bool:
        valid = super().validate()
        known = {"who", "deed", "from", "to", "page"}
        if set(self.sent) - known or any(len(self.sent.getlist(name)) > 1 for name in self.sent):
            self.form_errors = [
                _("A part of this address is unknown or stands in it twice. Choose again.")
            ]
            return False
        return valid

    def validate_deed(self, field: SelectField) -> None:
        if field.data and field.data not in self.deeds:
            raise ValidationError(_("Choose an action from the list."))

    @property
    def filters(self) -> Filters:
        """Only of a valid form."""
        return Filters(
            self.who.data or "",
            self.deed.data or "",
            day_of(self.first.data),
            day_of(self.last.data),
        )

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        return [(field.id, str(error)) for field in self for error in field.errors]
