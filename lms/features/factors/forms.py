"""What people send to prove who they are."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy


def code_field(hint: str) -> StringField:
    return StringField(
        _("Code"),
        [DataRequired(_("Enter the code of your app.")), Length(max=40), one_line],
        description=hint,
        filters=[tidy],
    )


class CodeForm(Form):
    code = code_field(_("Six digits of your app, or one of your recovery codes."))
    next = HiddenField(validators=[Length(max=2_000)])


class SetUpForm(Form):
    code = code_field(_("The six digits that your app shows now."))


class ConfirmForm(Form):
    """The password again; with a code where the person has an app."""

    password = PasswordField(
        _("Password"), [DataRequired(_("Enter your password.")), Length(max=4_000)]
    )
    code = code_field(_("Six digits of your app, or one of your recovery codes."))
    next = HiddenField(validators=[Length(max=2_000)])


class Button(Form):
    """A button and its token."""
