"""The fields about a person, as several pages ask for them; each says what it is for."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from lms.rules.particulars import AGENCY_TYPES, RANK_BANDS, Gender, Particulars, check
from lms.web import words
from lms.web.forms import Form, one_line, tidy
from lms.web.page import language_name

LANGUAGES = (  # that officers of participating States and Partners work in
    *("en", "ar", "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fa-AF"),
    *("fi", "fr", "ga", "he", "hr", "hu", "hy", "is", "it", "ja", "ka", "kk", "ko", "ky", "lt"),
    *("lv", "mk", "mn", "mt", "nb", "nl", "pl", "ps", "pt", "rm", "ro", "ru", "sk", "sl", "sq"),
    *("sr", "sv", "tg", "th", "tk", "tr", "uk", "uz"),
)
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific")
OWN = (  # that people may change about themselves; name and State are decided by others
    *("own_script_name", "family_name_first", "gender", "agency", "agency_type", "rank_band"),
    *("function", "languages", "time_zone", "language"),
)
_LONG = Length(max=400)  # what is too long for its column is said by the rule


@cache
def zones() -> tuple[str, ...]:
    return tuple(
        sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)
    )


class Several(SelectMultipleField):
    takes_many = True  # see web/forms.py


class ParticularsForm(Form):
    given_name = StringField(
        _("Given name"),
        [_LONG],
        filters=[tidy],
        description=_("In Latin letters, as in the passport: it stands on certificates."),
    )
    family_name = StringField(_("Family name"), [_LONG], filters=[tidy])
    own_script_name = StringField(
        _("Name in your own script"),
        [Optional(), _LONG],
        filters=[tidy],
        description=_("Stands on certificates below the name in Latin letters."),
    )
    family_name_first = BooleanField(_("The family name is written first"))
    gender = RadioField(
        _("Gender"),
        default=Gender.NOT_STATED.value,
        description=_(
            "For one purpose: reports count women and men together. Nobody is chosen by it alone."
        ),
    )
    agency = StringField(
        _("Service"),
        [Optional(), _LONG],
        filters=[tidy],
        description=_("So that your State recognizes you, such as Border Police."),
    )
    agency_type = SelectField(_("Kind of service"), description=_("Reports count by it."))
    rank_band = SelectField(
        _("Rank"), description=_("A band is enough: it helps to compose a group.")
    )
    function = StringField(
        _("Function"),
        [Optional(), _LONG],
        filters=[tidy],
        description=_("What you do, such as investigator: some courses are for certain functions."),
    )
    languages = Several(
        _("Working languages"),
        description=_("In which you can follow a course."),
    )
    time_zone = SelectField(_("Time zone"), description=_("Dates and times are shown in it."))
    language = SelectField(_("Language of the pages and messages"))
    address = StringField(
        _("Work email address"),
        [Optional(), _LONG, one_line],
        filters=[tidy],
        description=_("For messages and to sign in."),
    )

    def __init__(self, *, only: Iterable[str] = (), **kwargs: Any) -> None:
        """`only` names the fields that this page asks for, besides those of a subclass."""
        super().__init__(**kwargs)
        if only:
            for name in set(_ALL) - set(only):
                del self[name]
        offer(self)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        valid = super().validate(*args, **kwargs)
        filled = {**_PLAIN, **self.values()}
        for name, sentence in check(Particulars(**filled)):
            if name in self and not self[name].errors:
                self[name].errors = [gettext(sentence)]
                valid = False
        return valid

    def values(self) -> dict[str, Any]:
        """What was filled in, by the names of Particulars."""
        made: dict[str, Any] = {}
        for name in _ALL:
            if name in self:
                made[name] = (
                    self[name].data if name == "family_name_first" else self[name].data or ""
                )
        if "languages" in made:
            made["languages"] = tuple(made["languages"] or ())
        if "gender" in made:
            made["gender"] = Gender(made["gender"] or Gender.NOT_STATED)
        return made


_ALL = ("given_name", "family_name", *OWN, "address")
_PLAIN: Mapping[str, Any] = {"given_name": "A", "family_name": "B", "affiliation_id": 0}


def _gender(value: str) -> Gender:
    return Gender(value) if value in set(Gender) else Gender.NOT_STATED


def offer(form: ParticularsForm) -> None:
    """Set what can be chosen, in the reader's language."""
    none = ("", gettext("Not stated"))
    if "gender" in form:
        form.gender.choices = [(key, str(word)) for key, word in words.GENDERS.items()]
    if "agency_type" in form:
        form.agency_type.choices = [none, *((n, str(words.AGENCY_TYPES[n])) for n in AGENCY_TYPES)]
    if "rank_band" in form:
        form.rank_band.choices = [none, *((n, str(words.RANK_BANDS[n])) for n in RANK_BANDS)]
    if "languages" in form:
        held = form.languages.data or ()
        tags = [*LANGUAGES, *(tag for tag in held if tag not in LANGUAGES)]
        known = [
            tag for tag in tags if tag in LANGUAGES or tag in (form.languages.object_data or ())
        ]
        form.languages.choices = [(tag, language_name(tag)) for tag in known]
    if "time_zone" in form:
        own = form.time_zone.object_data
        extra = [own] if own and own not in zones() else []
        form.time_zone.choices = [(zone, zone.replace("_", " ")) for zone in (*extra, *zones())]
    if "language" in form:
        tags = current_app.config["LANGUAGES"]
        form.language.choices = [(tag, language_name(tag)) for tag in tags]
