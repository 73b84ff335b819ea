"""What a marker sends."""

from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.content.amounts import amount
from lms.features.marking.queries import ToMark
from lms.rules.grading import shown_points
from lms.rules.rubrics import points_of, read
from lms.web.forms import Form, tidy


class Steps(SelectMultipleField):
    takes_many = True
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MarkForm(Form):
    """Points typed win over the sum of the steps; neither is a draft without points."""

    steps = Steps(coerce=int)
    points = StringField(filters=[tidy], validators=[Length(max=20)])
    comment = TextAreaField(filters=[tidy], validators=[Length(max=4_000)])
    do = StringField()
    by = StringField()

    def __init__(self, one: ToMark) -> None:
        self.most = one.question.points
        self.rubric = read(one.question.rubric)
        essay = one.essay
        held = None if essay.points is None else shown_points(essay.points)
        super().__init__(
            data={"steps": essay.steps, "points": held or "", "comment": essay.comment}
        )
        self.steps.choices = [
            (place, f"{words} ({shown_points(given)})")
            for place, (given, words) in enumerate(self.rubric.steps)
        ]
        self.steps.label.text = _("What the text has")
        self.points.label.text = _("Points, 0 to %(most)s", most=shown_points(self.most))
        if self.rubric.steps:
            self.points.description = _("Leave it empty to give the points of what is ticked.")
        self.comment.label.text = _("Comment")
        self.comment.description = _("The officer reads it with the result.")

    def validate_points(self, field: StringField) -> None:
        if not field.data:
            if self.do.data != "draft" and not self.rubric.steps:
                raise ValidationError(_("Write how many points the text gets."))
            return
        given = amount(field.data.replace(",", "."))
        if given is None or given > self.most:
            raise ValidationError(
                _("Write points from 0 to %(most)s.", most=shown_points(self.most))
            )

    @property
    def given(self) -> Fraction | None:
        """The points; None for a draft without any."""
        if self.points.data:
            return amount(self.points.data.replace(",", "."))
        if self.rubric.steps and (self.steps.data or self.do.data != "draft"):
            return points_of(self.rubric, self.steps.data or (), self.most)
        return None

    def values(self) -> dict[str, Any]:
        return {"steps": self.steps.data or [], "comment": self.comment.data or ""}
