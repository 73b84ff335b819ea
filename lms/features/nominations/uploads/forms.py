"""What is sent with a file, and after looking at it."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, RadioField, SelectField

from lms.features.nominations.files.delimited import DELIMITERS
from lms.features.nominations.files.encodings import Encoding
from lms.web.forms import Form

ENCODINGS = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16_LE: "UTF-16",
    Encoding.UTF_16_BE: "UTF-16 BE",
    Encoding.WINDOWS_1251: "Windows-1251",
    Encoding.WINDOWS_1252: "Windows-1252",
}
SEPARATORS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}


class FileForm(Form):
    file = FileField(_("File"), description=_("CSV or XLSX, at most 20 MB and 10,000 rows."))


class ReadingForm(Form):
    encoding = SelectField(_("Letters"))
    delimiter = SelectField(_("Between the cells"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.encoding.choices = [(one.value, ENCODINGS[one]) for one in Encoding]
        self.delimiter.choices = [(name, SEPARATORS[sign]) for sign, name in DELIMITERS.items()]


class ConfirmForm(Form):
    how = RadioField(_("What shall we do with the file?"), choices=["valid", "all"])
    tells = BooleanField(_("Tell the officers by message that they are nominated"))
