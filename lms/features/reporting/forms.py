"""What a reader may choose in a report: the filters and the order, all of them in the address."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from lms.features.reporting.findings import STATUS_WORDS
from lms.features.reporting.queries import SORTS, Filters, Home
from lms.rules.figures import Status
from lms.web.times import day

DEFAULT_SORT = "name"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def a_day(form: Form, field: StringField) -> None:
    """Refuse what is no day of this century, written as 2026-12-04."""
    text = field.data or ""
    if text and _day_of(text) is None:
        raise ValidationError(_("Write the day as year, month and day, such as 2026-12-04."))


def _day_of(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def offered(field: SelectField) -> set[str]:
    return {str(value) for value, *_rest in field.iter_choices()}


class ReportForm(Form):
    """The parameters of a report. An unknown name, a repeated one or a wrong value is a mistake."""

    state = SelectField(_l("State or Partner"), validate_choice=False)
    first = StringField(_l("Begun from"), [a_day], name="from")
    last = StringField(_l("Begun until"), [a_day], name="to")
    release = SelectField(_l("Version"), validate_choice=False)
    status = SelectField(_l("Status"), validate_choice=False)
    sort = HiddenField(default=DEFAULT_SORT)
    page = HiddenField(default="1")

    def __init__(
        self,
        sent: MultiDict[str, str],
        *,
        homes: Sequence[Home],
        names: Mapping[str, str],
        releases: Sequence[int],
        scores: bool,
    ) -> None:
        """`homes` are offered, all codes of `names` allowed; scores: whether it sorts by them."""
        self.names, self.scores, self.sent = names, scores, sent
        super().__init__(MultiDict({name: sent[name].strip() for name in sent}))
        self.state.choices = [("", _("All"))] + [(home.code, home.name) for home in homes]
        self.release.choices = [("", _("All versions"))]
        self.release.choices += [
            (str(number), _("Version %(number)s", number=number)) for number in releases
        ]
        self.status.choices = [("", _("All"))]
        self.status.choices += [(key.value, str(word)) for key, word in STATUS_WORDS.items()]
        chosen = self.state.data or ""
        if chosen in names and chosen not in offered(self.state):
            self.state.choices.append((chosen, names[chosen]))
        for field in self:
            field.data = field.data or field.default or ""

    def validate(self, *args: object, **kwargs: object) -> bool:
        valid = super().validate()
        self.form_errors = list(self._mistakes_of_the_address())
        if not valid or self.form_errors:
            return False
        first, last = _day_of(self.first.data), _day_of(self.last.data)
        if first and last and first > last:
            self.last.errors = [_("The last day is before the first one. Choose a later day.")]
            return False
        return True

    def validate_state(self, field: SelectField) -> None:
        if field.data and field.data not in self.names:
            raise ValidationError(_("Choose a State or Partner from the list."))

    def validate_release(self, field: SelectField) -> None:
        if field.data not in offered(field):
            raise ValidationError(_("Choose a version from the list."))

    def validate_status(self, field: SelectField) -> None:
        if field.data not in offered(field):
            raise ValidationError(_("Choose a status from the list."))

    def _mistakes_of_the_address(self) -> Iterator[str]:
        """What no field of the page can be to blame for."""
        known = {field.name for field in self}
        if set(self.sent) - known or any(len(self.sent.getlist(name)) > 1 for name in self.sent):
            yield _("A part of this address is unknown or stands in it twice. Choose again.")
        columns = {name for name in SORTS if name != "score" or self.scores}
        if self.sort.data not in columns | {f"-{name}" for name in columns}:
            yield _("The list cannot be sorted by this. Choose a column.")
        if not re.fullmatch(r"[1-9][0-9]{0,6}", self.page.data or ""):
            yield _("There is no such page. Begin with the first one.")

    @property
    def filters(self) -> Filters:
        """Only of a valid form."""
        return Filters(
            state=self.state.data or "",
            first=_day_of(self.first.data or ""),
            last=_day_of(self.last.data or ""),
            release=int(self.release.data) if self.release.data else None,
            status=Status(self.status.data) if self.status.data else None,
        )

    @property
    def chosen_sort(self) -> dict[str, str]:
        """The order under its name in the address; nothing for the usual one."""
        return {} if self.sort.data == DEFAULT_SORT else {"sort": self.sort.data or ""}

    @property
    def chips(self) -> list[tuple[str, dict[str, str]]]:
        """(words, what the address says without it) of every chosen filter."""
        asked = self.filters
        words = {
            "state": self.names.get(asked.state),
            "from": asked.first and _("Begun from %(day)s", day=day(asked.first)),
            "to": asked.last and _("Begun until %(day)s", day=day(asked.last)),
            "release": _("Version %(number)s", number=asked.release),
            "status": asked.status and str(STATUS_WORDS[asked.status]),
        }
        chosen = asked.chosen | self.chosen_sort
        return [
            (str(words[name]), {other: chosen[other] for other in chosen if other != name})
            for name in asked.chosen
        ]
