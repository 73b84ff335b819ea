"""What a coordinator types about an activity; days and times are those of Vienna."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms.features.activities.plan import Plan, Wanted
from lms.rules.activities import Dates, Route
from lms.rules.approvals import WHY_WORDS, Order, Why
from lms.rules.eligibility import Conditions
from lms.rules.seats import Blocked
from lms.web.forms import Form, one_line, tidy

MOST = 100_000  # places
ROUTES = {
    Route.NOMINATION: (
        _l("Nomination"),
        _l("The focal point nominates. The coordinator confirms."),
    ),
    Route.APPLY: (_l("Application"), _l("Officers apply. State and coordinator confirm.")),
    Route.INVITATION: (_l("Invitation"), _l("Only officers who have an invitation.")),
    Route.OPEN: (_l("Open"), _l("Every officer with an account, while places are free.")),
}
ORDERS = {
    Order.EITHER: _l("State and coordinator, in any order"),
    Order.STATE_FIRST: _l("First the State, then the coordinator"),
    Order.SPMU_FIRST: _l("First the coordinator, then the State"),
    Order.STATE_ONLY: _l("The State alone"),
    Order.SPMU_ONLY: _l("The coordinator alone"),
    Order.NONE: _l("Nobody: a place is taken at once"),
}
# the form's name → the plan's; days end at midnight
DAYS = {"join": "join_until", "replace": "substitute_until", "access": "access_until"}
MOMENTS = {"open": "opens", "close": "closes", "decide": "decides"}
FIELD_OF = {
    "ends": "last",
    "begins": "first",
    **{plan: name for name, plan in {**DAYS, **MOMENTS}.items()},
}


def whole(**kwargs: Any) -> list[Any]:
    return [
        Optional(),
        NumberRange(**{"min": 0, "max": MOST, **kwargs}, message=_l("Type a number from 0 on.")),
    ]


def number(label: str = "", validators: Sequence[Any] = ()) -> IntegerField:
    return Number(label, list(validators) or whole())


class Number(IntegerField):
    """A whole number; what is none gets a sentence of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([one.strip() for one in valuelist])
        except ValueError as none:
            raise ValueError(_("Type a whole number.")) from none


def words(most: int, *more: Any) -> dict[str, Any]:
    return {"validators": [*more, Length(max=most), one_line], "filters": [tidy]}


def moment(label: str) -> DateTimeLocalField:
    """As browsers write it; seconds are left out where there are none."""
    return DateTimeLocalField(label, [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class ActivityForm(Form):
    title = StringField(_l("Name of its own"), **words(200, Optional()))
    first = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])
    cap = number(_l("All places"))
    route = RadioField(
        _l("How officers get a place"), choices=[one.value for one in ROUTES], coerce=Route
    )
    order = SelectField(_l("Who approves"), choices=[one.value for one in ORDERS], coerce=Order)
    second = BooleanField(_l("A second focal point of the State approves each nomination"))
    consent = BooleanField(_l("The officer accepts or declines the place"))
    hours = number(
        _l("Hours to answer"), [Optional(), NumberRange(1, 2_000, _l("Type a number from 1 on."))]
    )
    pool = BooleanField(_l("States that are not in the list can take part, too"))
    open = moment(_l("Nominations open"))
    close = moment(_l("Nominations close"))
    decide = moment(_l("Decision by"))
    release = DateField(_l("Unused places go to all States"), [Optional()])
    replace = DateField(_l("Last day to replace an officer"), [Optional()])
    join = DateField(_l("Last day to join"), [Optional()])
    access = DateField(_l("Last day to read the course"), [Optional()])
    language = SelectField(_l("Working language"))
    prerequisite = SelectField(_l("Course to complete before"))
    months = number(_l("Completed at most so many months before"))
    languages = StringField(_l("One of these languages"), **words(120, Optional()))
    functions = StringField(_l("One of these functions"), **words(400, Optional()))
    project = StringField(_l("Funding project"), **words(120, Optional()))
    donors = StringField(_l("Donors"), **words(400, Optional()))
    women = number(
        _l("Share of women to reach, in per cent"),
        [Optional(), NumberRange(0, 100, _l("Type a number from 0 to 100."))],
    )

    def offer(self, courses: Mapping[str, str], languages: Mapping[str, str]) -> None:
        """The words of lists, in the reader's language; courses by slug, languages by tag."""
        self.route.choices = [(one.value, str(said[0])) for one, said in ROUTES.items()]
        self.order.choices = [(one.value, str(said)) for one, said in ORDERS.items()]
        self.prerequisite.choices = [("", _("None")), *courses.items()]
        self.language.choices = list(languages.items())

    def base_plan(self) -> Plan:
        zone = current_app.config["TIME_ZONE"]

        def after(day: date | None) -> datetime | None:
            return day and datetime.combine(day + timedelta(days=1), time(), zone)

        def at(moment: datetime | None) -> datetime | None:
            return moment and moment.replace(tzinfo=zone)

        ends = after(self.last.data)
        assert ends is not None, "the field is required"
        return Plan(
            title=self.title.data or "",
            dates=Dates(
                begins=datetime.combine(self.first.data, time(), zone),
                ends=ends,
                opens=at(self.open.data),
                closes=at(self.close.data),
                decides=at(self.decide.data),
                release=self.release.data and datetime.combine(self.release.data, time(), zone),
                join_until=after(self.join.data),
                substitute_until=after(self.replace.data),
                access_until=after(self.access.data),
            ),
            route=self.route.data,
            capacity=self.cap.data,
            common_pool=self.pool.data,
            order=self.order.data,
            second_focal_point=self.second.data,
            asks_consent=self.consent.data,
            offer_hours=self.hours.data or 48,
            conditions=Conditions(
                prerequisite=self.prerequisite.data or "",
                prerequisite_months=self.months.data or 0,
                languages=_listed(self.languages.data),
                functions=_listed(self.functions.data),
            ),
            language=self.language.data,
            funding_project=self.project.data or "",
            donors=self.donors.data or "",
            women_target=30 if self.women.data is None else self.women.data,
        )


class SetUpForm(ActivityForm):
    """With two numbers for each State that is in the list: `keep-GE` and `max-GE`."""

    do = StringField()
    add = SelectField(_l("Invite another State"), validators=[Optional()])


def set_up_form(plan: Plan, codes: Mapping[int, str]) -> SetUpForm:
    """The form of an activity as it is; codes of all affiliations by key.

    The rows are those of the plan and those that were sent, so one that was just added stays.
    """
    there = {codes[key] for key in plan.shares}
    sent = {name.partition("-")[2] for name in request.form if name.startswith(("keep-", "max-"))}
    asked = {request.form.get("add", "")} if request.form.get("do") == "add" else set()
    if (sent | asked) - set(codes.values()) - {""}:
        abort(400)
    shown = sorted((there | sent | asked) - {""})
    fields: dict[str, Any] = {}
    for code in shown:
        fields[f"keep-{code}"] = number(_("Places kept"))
        fields[f"max-{code}"] = number(_("At most"))
    made = type("SetUpForm", (SetUpForm,), fields)
    form: SetUpForm = made(data=_data(plan, codes))
    form.codes = shown  # type: ignore[attr-defined]
    return form


def plan_of(form: SetUpForm, keys: Mapping[str, int]) -> Plan:
    """The plan as it was typed; a State without both numbers is taken out. keys by code."""
    shares = {}
    for code in form.codes:  # type: ignore[attr-defined]
        keep, most = form[f"keep-{code}"].data, form[f"max-{code}"].data
        if keep is not None or most is not None:
            shares[keys[code]] = Wanted(guaranteed=keep or 0, maximum=most)
    return replace(form.base_plan(), shares=shares)


def show_mistakes(
    form: ActivityForm,
    dates: Sequence[tuple[str, str]],
    seats: Sequence[Blocked],
    states: Mapping[int, tuple[str, str]],
) -> None:
    """Put what does not fit at its field; states: (code, name) by key."""
    for name, sentence in dates:
        _wrong(form[FIELD_OF.get(name, name)], _(sentence))
    for one in seats:
        said = _(one.sentence).format(number=one.number)
        if one.affiliation is None:
            _wrong(form.cap, said)
            continue
        code, state = states[one.affiliation]
        _wrong(form[f"max-{code}"], _("%(state)s: %(sentence)s", state=state, sentence=said))


def _wrong(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _data(plan: Plan, codes: Mapping[int, str]) -> dict[str, Any]:
    zone = current_app.config["TIME_ZONE"]

    def day(end: datetime | None) -> date | None:
        return end and (end.astimezone(zone) - timedelta(microseconds=1)).date()

    def minute(instant: datetime | None) -> datetime | None:
        return instant and instant.astimezone(zone).replace(tzinfo=None)

    dates = plan.dates
    values: dict[str, Any] = {
        "title": plan.title,
        "first": dates.begins.astimezone(zone).date(),
        "last": day(dates.ends),
        "cap": plan.capacity,
        "route": plan.route,
        "order": plan.order,
        "second": plan.second_focal_point,
        "consent": plan.asks_consent,
        "hours": plan.offer_hours,
        "pool": plan.common_pool,
        "open": minute(dates.opens),
        "close": minute(dates.closes),
        "decide": minute(dates.decides),
        "release": dates.release and dates.release.astimezone(zone).date(),
        "replace": day(dates.substitute_until),
        "join": day(dates.join_until),
        "access": day(dates.access_until),
        "language": plan.language,
        "prerequisite": plan.conditions.prerequisite,
        "months": plan.conditions.prerequisite_months or None,
        "languages": ", ".join(plan.conditions.languages),
        "functions": ", ".join(plan.conditions.functions),
        "project": plan.funding_project,
        "donors": plan.donors,
        "women": plan.women_target,
    }
    for key, one in plan.shares.items():
        values[f"keep-{codes[key]}"] = one.guaranteed
        values[f"max-{codes[key]}"] = one.maximum
    return values


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (text or "").split(",") if one.strip())


class NewForm(Form):
    """The least that an activity needs; all else has a usual value."""

    course = SelectField(_l("Course"), [InputRequired(_l("Choose a course."))])
    first = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])
    cap = number(_l("All places"))
    route = RadioField(
        _l("How officers get a place"),
        choices=[one.value for one in ROUTES],
        coerce=Route,
        default=Route.NOMINATION,
    )

    def offer(self, courses: Mapping[str, str]) -> None:
        self.course.choices = list(courses.items())
        self.route.choices = [(one.value, str(said[0])) for one, said in ROUTES.items()]

    def plan(self) -> Plan:
        zone = current_app.config["TIME_ZONE"]
        route = self.route.data
        decided = route in (Route.NOMINATION, Route.APPLY)
        return Plan(
            dates=Dates(
                begins=datetime.combine(self.first.data, time(), zone),
                ends=datetime.combine(self.last.data + timedelta(days=1), time(), zone),
            ),
            route=route,
            capacity=self.cap.data,
            order=Order.EITHER if decided else Order.NONE,
        )


class Refs(SelectMultipleField):
    """References of places, as they stand in the boxes of a list."""

    takes_many = True

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise ValidationError(_("Choose at least one officer."))
        if len(self.data) > 200:
            raise ValidationError(_("Choose at most 200 officers at once."))


class DecideForm(Form):
    ref = Refs(_l("Officers"), choices=[], validate_choice=False)
    do = StringField(validators=[InputRequired()])
    why = SelectField(_l("Reason of a rejection"), validators=[Optional()])
    text = StringField(_l("In your words"), **words(300, Optional()))

    def offer(self) -> None:
        self.why.choices = [("", _("Choose a reason")), *((one, _(WHY_WORDS[one])) for one in Why)]


class PlaceForm(Form):
    do = HiddenField()
    condition = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Write a reason.")), Length(max=300), one_line],
        filters=[tidy],
    )


class InviteForm(Form):
    address = StringField(
        _l("Work email of the officer"),
        [InputRequired(_l("Type the work email.")), Length(max=254), one_line],
        filters=[tidy],
    )
