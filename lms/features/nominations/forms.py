"""What a focal point sends."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.rules.approvals import WHY_WORDS, Why
from lms.web.forms import Form, one_line, tidy
from lms.web.personal import ParticularsForm

ASKED = ("given_name", "family_name", "address", "agency", "function", "gender", "language")
LONGEST_MOTIVATION = 400
ONCE = [DataRequired(), Length(min=16, max=60)]


class NewOfficerForm(ParticularsForm):
    motivation = TextAreaField(
        _("Why this officer"),
        [Optional(), Length(max=LONGEST_MOTIVATION)],
        filters=[tidy],
        description=_("One or two sentences for the coordinator. The officer can read it."),
    )
    agreed = BooleanField(
        _("The officer agrees that we use these data to open an account"),
        [DataRequired(_("Ask the officer first, then tick the box."))],
    )
    once = HiddenField(validators=ONCE)
    do = HiddenField()  # the second button

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(only=ASKED, **kwargs)
        self.address.description = _(
            "The invitation goes to this address. Leave it empty when there is none: you can "
            "print a letter with a code."
        )


class KnownOfficerForm(Form):
    person = HiddenField(validators=[DataRequired()])
    once = HiddenField(validators=ONCE)


class OrderForm(Form):
    move = HiddenField(validators=[DataRequired(), Length(max=60)])


class ReasonForm(Form):
    reason = StringField(
        _("Reason"),
        [
            DataRequired(_("Write the reason in a few words.")),
            Length(max=400, message=_("Write at most 400 signs.")),
            one_line,
        ],
        filters=[tidy],
    )


class ReplaceForm(ReasonForm):
    person = SelectField(_("The new officer"))
    once = HiddenField(validators=ONCE)


class RejectForm(Form):
    why = SelectField(_("Reason"))
    text = StringField(_("In a sentence"), [Optional(), Length(max=300), one_line], filters=[tidy])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.choices = [(one.value, _(WHY_WORDS[one])) for one in Why]


class NothingForm(Form):
    """A button."""
