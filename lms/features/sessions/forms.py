"""What an administrator sends to help at the door."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy


class HelpForm(Form):
    what = RadioField(
        _("What do you do?"),
        choices=[
            SelectChoice("sessions", _("Sign the person out everywhere")),
            SelectChoice("factor", _("Take the lost app out of use")),
        ],
    )
    reason = StringField(
        _("Reason"),
        [
            DataRequired(_("Say why, so that others understand it later.")),
            Length(max=400),
            one_line,
        ],
        filters=[tidy],
    )
