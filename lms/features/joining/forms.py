"""What people send to come in."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form, one_line, tidy
from lms.web.passwordform import PasswordForm
from lms.web.personal import OWN, ParticularsForm

OF_ONESELF = tuple(name for name in OWN if name not in ("agency", "agency_type", "rank_band"))
SIGNS = [Length(max=400), one_line]


class CodeForm(Form):
    code = StringField(
        _("Code"),
        [DataRequired(_("Write the code of the letter.")), *SIGNS],
        filters=[tidy],
        description=_("Twelve signs in three groups, as on the letter: K7WQ-3MZT-9HXD."),
    )
    who = StringField(
        _("Family name"),
        [DataRequired(_("Write your family name as it stands on the letter.")), *SIGNS],
        filters=[tidy],
        description=_("As on the letter. Your email address or sign-in name also works."),
    )


class JoinForm(ParticularsForm, PasswordForm):
    """The first password, with a look at what is known; `code` and `who` of a printed letter."""

    terms = BooleanField(
        _("I accept the terms of use"), [DataRequired(_("Accept the terms to go on."))]
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(only=OF_ONESELF, **kwargs)


class RegisterForm(ParticularsForm):
    address = StringField(
        _("Work email address"),
        [DataRequired(_("Enter your work email address.")), *SIGNS],
        filters=[tidy],
        description=_("Of your service: your focal point looks at it."),
    )
    state = SelectField(
        _("State or organization"),
        description=_("Its focal point confirms that you serve there."),
    )
    privacy = BooleanField(
        _("The focal point of this State may read what I wrote here"),
        [DataRequired(_("Without that nobody can confirm that you serve."))],
    )

    def __init__(self, *, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = [("", gettext("Choose from the list")), *states]

    def validate_state(self, field: SelectField) -> None:
        if not field.data:
            field.errors = [gettext("Choose a State or organization.")]


class CodeOfLetter(Form):
    """What the second page of a printed code carries on from the first."""

    code = HiddenField(validators=SIGNS)
    who = HiddenField(validators=SIGNS)


class JoinByCodeForm(JoinForm, CodeOfLetter):
    pass


class RecoverByCodeForm(PasswordForm, CodeOfLetter):
    pass
