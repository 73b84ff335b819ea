"""What a person may send to sign in."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy


class SignInForm(Form):
    address = StringField(
        _("Email address or sign-in name"),
        [
            DataRequired(_("Enter your email address or your sign-in name.")),
            Length(max=254),
            one_line,
        ],
        filters=[tidy],
    )
    password = PasswordField(
        _("Password"),
        # a longer one cannot be right, but is looked at like any other
        [DataRequired(_("Enter your password.")), Length(max=4_000)],
    )
    next = HiddenField(validators=[Length(max=2_000)])


class DisplayForm(Form):
    theme = RadioField(
        _("Colours"),
        choices=[
            SelectChoice("system", _("As the device")),
            SelectChoice("light", _("Light")),
            SelectChoice("dark", _("Dark")),
        ],
    )
