"""What an officer may send while learning."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.web.forms import Form, one_line, tidy


class PlaceForm(Form):
    activity = HiddenField(validators=[DataRequired(), Length(max=100), one_line])
    next = HiddenField(validators=[Length(max=2_000)])


class LeaveForm(Form):
    reason = StringField(
        _("Why do you leave?"), [Optional(), Length(max=400), one_line], filters=[tidy]
    )


class LessonForm(Form):
    """The button alone."""


class ApplyForm(Form):
    motivation = TextAreaField(
        _("Why do you ask for this place?"), [Optional(), Length(max=2_000)], filters=[tidy]
    )


class AnswerForm(Form):
    do = HiddenField(validators=[DataRequired()])
    reason = StringField(_("Reason"), [Optional(), Length(max=400), one_line], filters=[tidy])
