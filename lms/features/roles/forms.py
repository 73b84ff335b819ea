"""What an administrator sends to give or end a role."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from lms.rules.access import Role
from lms.web.forms import Form, one_line, tidy
from lms.web.page import ROLE_WORDS


def reason() -> StringField:
    return StringField(
        _("Reason"),
        [
            DataRequired(_("Say why, so that others understand it later.")),
            Length(max=400),
            one_line,
        ],
        filters=[tidy],
    )


class GrantForm(Form):
    """Choices of courses, affiliations and programmes are handed in: (value, text) pairs."""

    role = RadioField(
        _("Role"),
        choices=[
            SelectChoice(role.value, ROLE_WORDS[role]) for role in Role if role is not Role.OFFICER
        ],
    )
    affiliation = SelectField(
        _("State or organization"), description=_("For focal points alone."), default=""
    )
    course = SelectField(_("Course"), description=_("For trainers alone."), default="")
    programme = SelectField(
        _("Programme"),
        description=_("For coordinators alone. Without one the role covers everything."),
        default="",
    )
    until = DateField(
        _("Last day"),
        [Optional()],
        description=_("Leave it empty when the role has no end yet. A day is a day in Vienna."),
    )
    reason = reason()

    def __init__(
        self,
        courses: Iterable[tuple[str, str]],
        affiliations: Iterable[tuple[str, str]],
        programmes: Iterable[tuple[str, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(**kwargs)
        nothing = SelectChoice("", _("None"))
        for field, choices in (
            (self.course, courses),
            (self.affiliation, affiliations),
            (self.programme, programmes),
        ):
            field.choices = [nothing, *(SelectChoice(*one) for one in choices)]


class EndForm(Form):
    reason = reason()


class Button(Form):
    """A button and its token."""
