"""What people send to change a password."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy
from lms.web.passwordform import PasswordForm


class ChangeForm(PasswordForm):
    old = PasswordField(
        _("Password until now"),
        [DataRequired(_("Enter the password that you use now.")), Length(max=4_000)],
    )


class ForgotForm(Form):
    address = StringField(
        _("Email address or sign-in name"),
        [DataRequired(_("Enter your email address.")), Length(max=254), one_line],
        filters=[tidy],
    )
