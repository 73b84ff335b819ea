"""What those who keep records send."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from lms.web.forms import Form, one_line, tidy
from lms.web.personal import OWN, ParticularsForm

REASON = [Length(max=400), one_line]


class PersonForm(ParticularsForm):
    """A new person."""

    state = SelectField(_("State or organization"))

    def __init__(self, *, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if len(states) == 1:
            del self.state
        else:
            self.state.choices = [("", gettext("Choose from the list")), *states]
            self.state.validators = [DataRequired(gettext("Choose a State or organization."))]


class EditForm(ParticularsForm):
    """What is known of a person; the address and the State are changed elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(only=("given_name", "family_name", *OWN), **kwargs)


class ReasonForm(Form):
    reason = StringField(
        _("Why?"),
        [DataRequired(_("Say why, so that others understand it later.")), *REASON],
        filters=[tidy],
    )


class MoveForm(ReasonForm):
    state = SelectField(_("State or organization"))


class DecisionForm(Form):
    decision = RadioField(
        _("Your decision"),
        choices=[SelectChoice("yes", _("Agree")), SelectChoice("no", _("Decline"))],
    )
    reason = StringField(
        _("Reason"),
        [Optional(), *REASON],
        description=_("Needed to decline. The person can read it."),
        filters=[tidy],
    )


class DomainsForm(Form):
    domains = TextAreaField(
        _("Mail domains"),
        [Optional(), Length(max=4_000)],
        filters=[tidy],
        description=_("One in each line, such as mia.gov.ge."),
    )


class EmptyForm(Form):
    """A button alone."""
