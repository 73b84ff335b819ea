"""The words of a message as an administrator writes them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from lms.rules.messages import LONGEST_BODY, LONGEST_SUBJECT, Kind, check_template
from lms.web.forms import Form, one_line, tidy


def lines(text: str | None) -> str:
    return tidy(text).replace("\r\n", "\n").replace("\r", "\n")


class WordsForm(Form):
    """Both fields empty: the built-in words hold again."""

    subject = StringField(_l("Subject"), [Length(max=LONGEST_SUBJECT), one_line], filters=[tidy])
    body = TextAreaField(_l("Message"), [Length(max=LONGEST_BODY)], filters=[lines])

    def __init__(self, kind: Kind, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    @property
    def is_empty(self) -> bool:
        return not self.subject.data and not self.body.data

    def validate(self, *args: object, **kwargs: object) -> bool:
        valid = super().validate()
        if self.is_empty:
            return valid
        if not self.subject.data or not self.body.data:
            empty = self.body if self.subject.data else self.subject
            empty.errors = [_("Write this too, or empty both fields.")]
            return False
        wrong = check_template(self.kind, self.subject.data, self.body.data)
        for name, sentence, values in wrong:
            self[name].errors = [*self[name].errors, _(sentence).format(**values)]
        return valid and not wrong
