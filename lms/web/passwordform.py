"""The fields of a new password, wherever one is chosen."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, Length

from lms.rules.passwords import LONGEST, check
from lms.rules.refusal import Refusal
from lms.web.errors import sentence
from lms.web.forms import Form


class PasswordForm(Form):
    password = PasswordField(
        _("New password"),
        [DataRequired(_("Choose a password.")), Length(max=LONGEST)],
        description=_("At least 15 signs. Four or five words are easy to remember."),
    )
    again = PasswordField(
        _("The same password again"),
        [
            DataRequired(_("Write the password a second time.")),
            EqualTo("password", _("The two passwords differ. Write them again.")),
        ],
    )

    def is_good(self, own_words: Sequence[str]) -> bool:
        """Whether the password is long and uncommon enough; else the field says why not."""
        try:
            check(self.password.data or "", own_words=own_words)
        except Refusal as refusal:
            self.password.errors = [*self.password.errors, sentence(refusal)]
            return False
        return True
