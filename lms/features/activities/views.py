"""Coordinators open activities, set them up, select officers and watch the waiting list."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock
from lms.database import db
from lms.deeds import eligibility, places
from lms.features.activities import actions, queries, selection
from lms.features.activities.forms import (
    ORDERS,
    ROUTES,
    DecideForm,
    InviteForm,
    NewForm,
    PlaceForm,
    plan_of,
    set_up_form,
    show_mistakes,
)
from lms.models import Activity
from lms.rules.access import Permission
from lms.rules.activities import Route, phase
from lms.rules.approvals import Decision, Why
from lms.rules.eligibility import CONDITION_WORDS, Condition, Finding
from lms.rules.enrolments import State
from lms.rules.refusal import Refusal
from lms.rules.seats import pool
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.page import language_name
from lms.web.paging import asked_page, pages
from lms.web.viewer import viewer
from lms.web.words import GENDERS

bp = Blueprint("activities", __name__)
LANGUAGES = ("en", "ru", "fr", "de", "es", "it", "fa-AF")
SHOWN = {  # the filter of the nominations
    "undecided": queries.UNDECIDED,
    "decided": tuple(set(State) - set(queries.UNDECIDED)),
}
DEEDS = {
    "select": Decision.APPROVED,
    "reserve": Decision.RESERVED,
    "reject": Decision.REJECTED,
}


@bp.get("/activities")
@requires(Permission.MANAGE_ACTIVITIES)
def activities() -> str:
    page = asked_page()
    rows, total = queries.lines(page)
    return render_template(
        "activities/activities.html",
        lines=rows,
        now=clock.now(),
        routes=ROUTES,
        pages=pages(total, page, queries.ROWS_A_PAGE, lambda more: url_for(".activities", **more)),
    )


@bp.route("/activities/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACTIVITIES)
def new() -> Any:
    form = NewForm()
    form.offer(queries.courses())
    if form.submitted():
        try:
            slug = actions.new_activity(
                viewer().person_id, form.course.data, form.plan(), now=clock.now()
            )
        except actions.Unfit as unfit:
            show_mistakes(form, unfit.dates, unfit.seats, {})  # type: ignore[arg-type]
        else:
            return redirect(url_for(".set_up", activity=slug), 303)
    return render_template("activities/new.html", form=form, routes=ROUTES)


@bp.route("/activities/<activity>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACTIVITIES)
def set_up(activity: str) -> Any:
    found, title = queries.activity(activity) or abort(404)
    states = queries.affiliations()
    codes = {key: code for key, (code, _name) in states.items()}
    form = set_up_form(actions.plan_of(db.session, found), codes)
    form.offer(queries.courses(), {tag: language_name(tag) for tag in LANGUAGES})
    form.add.choices = [("", _("Choose a State or Partner")), *states.values()]
    sent = form.submitted()
    if sent and form.do.data != "add":
        try:
            plan = plan_of(form, {code: key for key, code in codes.items()})
            actions.set_up(viewer().person_id, activity, plan, now=clock.now())
        except actions.Unfit as unfit:
            show_mistakes(form, unfit.dates, unfit.seats, states)
        else:
            return redirect(url_for(".set_up", activity=activity, saved=1), 303)
    names = dict(states.values())
    seats = places.seats_of(db.session, found.id)
    return render_template(
        "activities/set_up.html",
        **_head(found, title),
        form=form,
        rows=sorted(form.codes, key=names.__getitem__),  # type: ignore[attr-defined]
        names=names,
        numbers={codes[key]: line for key, line in queries.by_state(found.id).items()},
        kept=sum(one.guaranteed for one in seats.shares.values()),
        left=pool(seats),
        routes={one.value: said[1] for one, said in ROUTES.items()},
        orders=ORDERS,
        saved="saved" in request.args and not sent,
    )


@bp.post("/activities/<activity>/archive")
@requires(Permission.MANAGE_ACTIVITIES)
def archive(activity: str) -> Any:
    queries.activity(activity) or abort(404)
    actions.archive(viewer().person_id, activity, now=clock.now())
    return redirect(url_for(".activities"), 303)


@bp.route("/activities/<activity>/nominations", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACTIVITIES)
def nominations(activity: str) -> Any:
    found, title = queries.activity(activity) or abort(404)
    form = DecideForm()
    form.offer()
    outcomes = _decide(found, form) if form.submitted() else []
    db.session.rollback()  # read what was decided
    found, title = queries.activity(activity) or abort(404)
    page, code = asked_page(), request.args.get("state", "")
    shown = request.args.get("show", "undecided")
    rows, total = queries.candidates(
        found, code=code, states=SHOWN.get(shown) or abort(404), page=page
    )
    kept = {"state": code, "show": shown if shown != "undecided" else ""}
    return render_template(
        "activities/nominations.html",
        **_head(found, title),
        form=form,
        outcomes=outcomes,
        rows=rows,
        states=queries.by_state(found.id),
        choices=list(queries.affiliations().values()),
        code=code,
        shown=shown,
        genders=GENDERS,
        condition_words=CONDITION_WORDS,
        pages=pages(
            total,
            page,
            queries.ROWS_A_PAGE,
            lambda more: url_for(
                ".nominations", activity=activity, **{k: v for k, v in kept.items() if v}, **more
            ),
        ),
    )


def _decide(activity: Activity, form: DecideForm) -> list[tuple[str, str, bool]]:
    """Decide row by row, each in its own transaction; gives (officer, what came of it, done)."""
    decision = DEEDS.get(form.do.data or "") or abort(400)
    why = Why(form.why.data) if form.why.data else None
    names = {
        ref: row[2].name
        for ref in form.ref.data
        if (row := queries.one(activity.slug, ref)) is not None
    }
    slug, outcomes = activity.slug, []
    for ref in form.ref.data:
        try:
            state = selection.decide(
                viewer().person_id,
                slug,
                ref,
                decision,
                why=why,
                text=form.text.data or "",
                now=clock.now(),
            )
            outcomes.append((names.get(ref, ref), state.value, True))
        except Refusal as refusal:
            outcomes.append((names.get(ref, ref), sentence(refusal), False))
    return outcomes


@bp.get("/activities/<activity>/places")
@requires(Permission.MANAGE_ACTIVITIES)
def places_(activity: str) -> str:
    found, title = queries.activity(activity) or abort(404)
    page, code = asked_page(), request.args.get("state", "")
    states = tuple(set(State) - {State.DRAFT, State.SUBMITTED, State.WAIT_LISTED})
    rows, total = queries.candidates(found, code=code, states=states, page=page)
    waiting, _total = queries.candidates(found, code="", states=(State.WAIT_LISTED,), page=1)
    return render_template(
        "activities/places.html",
        **_head(found, title),
        rows=rows,
        waiting=sorted(waiting, key=lambda one: one.position or 0),
        moved=queries.moved_up(found.id),
        form=InviteForm(),
        invites=found.route is Route.INVITATION,
        pages=pages(
            total,
            page,
            queries.ROWS_A_PAGE,
            lambda more: url_for(".places_", activity=activity, **more),
        ),
    )


@bp.post("/activities/<activity>/invitations")
@requires(Permission.MANAGE_ACTIVITIES)
def invite(activity: str) -> Any:
    queries.activity(activity) or abort(404)
    form = InviteForm()
    if not form.submitted():
        abort(400)
    ref = queries.person_ref(form.address.data or "")
    if ref is None:
        raise Refusal("Nobody here has this address. Add the officer first.")
    selection.invite(viewer().person_id, activity, ref, now=clock.now())
    return redirect(url_for(".places_", activity=activity), 303)


@bp.route("/activities/<activity>/places/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACTIVITIES)
def place(activity: str, ref: str) -> Any:
    found, held, person, state = queries.one(activity, ref) or abort(404)
    form = PlaceForm()
    if form.submitted():
        _act(activity, ref, form)
        return redirect(url_for(".place", activity=activity, ref=ref), 303)
    findings: Sequence[Finding] = ()
    if held.state in queries.UNDECIDED:
        findings = eligibility.check(db.session, found, [person])[person.id]
    _found, title = queries.activity(activity) or abort(404)
    return render_template(
        "activities/place.html",
        **_head(found, title),
        held=held,
        person=person,
        state_name=state,
        form=form,
        findings=[(one, _(one.sentence).format(**one.values)) for one in findings],
        condition_words=CONDITION_WORDS,
        approvals=queries.approvals(held.id),
        steps=queries.steps(held.id),
        begun=clock.now() >= found.begins_at,
        dropped_out=bool(queries.dropped_out(found, [held.id])),
    )


def _act(activity: str, ref: str, form: PlaceForm) -> None:
    me, reason, now = viewer().person_id, form.reason.data or "", clock.now()
    match form.do.data:
        case "withdraw":
            selection.withdraw(me, activity, ref, reason=reason, now=now)
        case "no_show":
            selection.note_no_show(me, activity, ref, reason=reason, now=now)
        case "waive":
            if form.condition.data not in [one.value for one in Condition]:
                abort(400)
            condition = Condition(form.condition.data)
            selection.waive(me, activity, ref, condition, reason=reason, now=now)
        case _:
            abort(400)


def _head(activity: Activity, title: str) -> dict[str, Any]:
    """What all pages of one activity show."""
    return {
        "activity": activity,
        "title": title,
        "phase": phase(activity.route, activity.dates, clock.now()).value,
        "tabs_": [
            (_("Set-up"), url_for(".set_up", activity=activity.slug)),
            (_("Nominations"), url_for(".nominations", activity=activity.slug)),
            (_("Officers"), url_for(".places_", activity=activity.slug)),
        ],
    }
