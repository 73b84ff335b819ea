"""What staff may send about attempts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from lms.web.forms import Form, one_line, tidy

MOST = 600  # minutes at once
REASON = {
    "filters": [tidy],
    "validators": [
        DataRequired(_l("Write why.")),
        Length(max=400, message=_l("Write at most 400 characters.")),
        one_line,
    ],
}
MINUTES = NumberRange(1, MOST, _l("Write a whole number of minutes, from 1 to 600."))
COUNT = Regexp(r"[0-9]{1,9}\Z")


class AllForm(Form):
    """Minutes for every open attempt of a course."""

    seen = HiddenField(validators=[InputRequired(), COUNT])  # grants when the page was made
    minutes = IntegerField(
        _l("Minutes"), validators=[InputRequired(_l("Write how many minutes.")), MINUTES]
    )
    activity = SelectField(_l("Activity"))
    unit = SelectField(_l("Quiz"))
    later = BooleanField(_l("Also for attempts that begin later in this activity"))
    reason = StringField(_l("Reason"), **REASON)


class OneForm(Form):
    """One deed on one attempt."""

    seen = HiddenField(validators=[InputRequired(), COUNT])  # minutes given when it was made
    do = RadioField(_l("What do you want to do?"), validators=[InputRequired(_l("Choose one."))])
    minutes = IntegerField(_l("Minutes, if you give more time"), validators=[Optional(), MINUTES])
    reason = StringField(_l("Reason"), **REASON)


class ExtraTimeForm(Form):
    """What a person's time limits are multiplied by."""

    factor = RadioField(_l("Time for quizzes with a limit"))
    reason = StringField(_l("Reason"), description=_l("Trainers do not see it."), **REASON)
