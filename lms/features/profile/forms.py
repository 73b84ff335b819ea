"""What people send about themselves."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy
from lms.web.personal import OWN, ParticularsForm

SHORT = [Length(max=400), one_line]


class ProfileForm(ParticularsForm):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(only=OWN, **kwargs)


class ReasonForm(Form):
    reason = StringField(
        _("Why?"),
        [DataRequired(_("Say why, so that others can decide.")), *SHORT],
        filters=[tidy],
        description=_("Who decides can read it, such as: married."),
    )


class NameForm(ReasonForm):
    given_name = StringField(_("Given name"), SHORT, filters=[tidy])
    family_name = StringField(_("Family name"), SHORT, filters=[tidy])


class StateForm(ReasonForm):
    state = SelectField(_("State or organization"))


class AddressForm(Form):
    address = StringField(
        _("Another email address"),
        [DataRequired(_("Enter your work email address.")), *SHORT],
        filters=[tidy],
        description=_("We send a link to it. It counts when you have opened the link."),
    )


class EmptyForm(Form):
    """A button alone."""
