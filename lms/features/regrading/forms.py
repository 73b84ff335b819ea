"""What a trainer chooses before a regrade, and says when deciding on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, ValidationError

from lms.content.keys import number_key, word_pattern
from lms.features.regrading.queries import Asked, Version
from lms.rules.questions import Question, Type, WordKey
from lms.rules.refusal import Refusal
from lms.rules.regrading import Correction, Remedy, accepting, carried
from lms.web.errors import sentence
from lms.web.forms import Form, tidy

CHOICES = frozenset({Type.SINGLE, Type.MULTIPLE, Type.TRUE_FALSE})
TYPED = frozenset({Type.NUMERIC, Type.SHORT})


class ChoiceForm(PlainForm):
    """The remedy, for which versions, and whether results may fall. Its values stand in the
    address (GET), and again in the form that decides."""

    what = SelectField(filters=[tidy])
    also = StringField(filters=[tidy], validators=[Length(max=200)])
    versions = SelectField(filters=[tidy])
    lower = SelectField(filters=[tidy])

    def __init__(self, asked: Asked, sent: Mapping[str, str]) -> None:
        self.asked = asked
        names = ("what", "also", "versions", "lower")
        super().__init__(MultiDict({name: sent.get(name, "") for name in names}))
        self.what.label.text = _("What to do")
        self.what.choices = remedies(asked)
        self.also.label.text = _("Accept also")
        self.versions.label.text = _("Attempts")
        numbers = [one.number for one in asked.versions]
        self.versions.choices = [("", _("All versions"))]
        self.versions.choices += [
            (str(number), _("Version %(number)s", number=number)) for number in numbers
        ]
        self.lower.label.text = _("Lower results")
        self.lower.choices = [("", _("Never")), ("allow", _("Allow"))]
        for field in self:
            field.data = field.data or ""
        if not self.what.data and self.what.choices:
            self.what.data = self.what.choices[0][0]

    def validate_also(self, field: StringField) -> None:
        if self.what.data != "accept_text":
            return
        if not field.data:
            raise ValidationError(_("Write the answer to accept."))
        if _typed(self.asked.question, field.data) is None:
            raise ValidationError(_("Write a number such as 12 or a range such as 10..15."))

    def validate_what(self, field: SelectField) -> None:
        if field.data not in dict(field.choices):
            raise ValidationError(_("Choose from the list."))
        for version in self.chosen:
            try:
                key = self.key
                if key is not None:
                    carried(key, version.question)
            except Refusal as refusal:
                raise ValidationError(sentence(refusal)) from refusal

    @property
    def chosen(self) -> Sequence[Version]:
        """The versions that the remedy is for."""
        wanted = self.versions.data
        return [one for one in self.asked.versions if not wanted or str(one.number) == wanted]

    @property
    def remedy(self) -> Remedy:
        return Remedy((self.what.data or "").partition("_")[0] if self.accepts else self.what.data)

    @property
    def accepts(self) -> bool:
        return (self.what.data or "").startswith("accept_")

    @property
    def key(self) -> Question | None:
        """The key of the remedy, in the words of the newest version; None where it has none."""
        question = self.asked.question
        kind, _colon, place = (self.what.data or "").partition(":")
        match kind:
            case "new_key" | "accept_key":
                return question
            case "accept_option":
                return accepting(question, question.options[int(place)].text)
            case "accept_text":
                return _typed(question, self.also.data or "")
            case _:
                return None

    @property
    def correction(self) -> Correction:
        return Correction(question_id=self.asked.question.id, remedy=self.remedy, key=self.key)

    @property
    def lowers(self) -> bool:
        return self.lower.data == "allow"


class DecideForm(Form):
    why = TextAreaField(
        filters=[tidy],
        validators=[InputRequired(), Length(min=10, max=400)],
    )
    tells = BooleanField()
    once = HiddenField(validators=[Length(min=32, max=32)])
    what = HiddenField()
    also = HiddenField()
    versions = HiddenField()
    lower = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.label.text = _("Reason")
        self.why.description = _(
            "Officers whose result changes read this sentence. It stays in the record."
        )
        self.tells.label.text = _("Tell the officers whose result changes")


def remedies(asked: Asked) -> list[tuple[str, str]]:
    """(value, words) of what can be done about this question."""
    question, newest = asked.question, asked.versions[0].number
    made = []
    if question.type is not Type.ESSAY:
        made.append(("new_key", _("Use the key of version %(number)s", number=newest)))
        if len(asked.versions) > 1:
            made.append(
                ("accept_key", _("Accept also the key of version %(number)s", number=newest))
            )
    if question.type in CHOICES:
        words = {"true": _("True"), "false": _("False")}
        for place, option in enumerate(question.options):
            if not option.right:
                text = words.get(option.text, option.text)
                made.append((f"accept_option:{place}", _("Accept also: %(text)s", text=text)))
    if question.type in TYPED:
        made.append(("accept_text", _("Accept also what is written below")))
    made.append(("full_marks", _("Full marks for everybody")))
    made.append(("drop", _("Leave the question out")))
    return made


def _typed(question: Question, text: str) -> Question | None:
    """The question with this text as its only key; None where it is no number and must be."""
    if question.type is Type.SHORT:
        return replace(question, words=(WordKey(pattern=word_pattern(text)),))
    number = number_key(text)
    return number and replace(question, numbers=(number,))
