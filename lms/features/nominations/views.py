"""The focal point's desk: activities, nominations in order, one officer's place, files, letters."""

import secrets
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, jobs
from lms.database import db
from lms.deeds import people
from lms.features.nominations import actions, exports, newcomers, papers, queries
from lms.features.nominations.files.table import Kind
from lms.features.nominations.forms import (
    KnownOfficerForm,
    NewOfficerForm,
    NothingForm,
    OrderForm,
    ReasonForm,
    RejectForm,
    ReplaceForm,
)
from lms.features.nominations.queries import Desk, Nominee
from lms.models import Affiliation
from lms.rules.access import Permission
from lms.rules.approvals import Why
from lms.rules.enrolments import Move, State, Who, moves
from lms.rules.particulars import Particulars
from lms.web.access import requires
from lms.web.exports import ReasonForm as ExportForm
from lms.web.viewer import viewer

bp = Blueprint("nominations", __name__)


def reach() -> frozenset[int]:
    return viewer().reach(Permission.NOMINATE).ids


def home() -> Affiliation:
    """The State worked for: the person's own, or the first of several."""
    ids = reach()
    if not ids:
        abort(404)
    own = viewer().affiliation_id
    return queries.affiliation(own if own in ids else min(ids))


def desk_of(activity: str) -> Desk:
    """404 for an activity in which the State does not take part."""
    return queries.desk(activity, home().id, clock.now()) or abort(404)


def nominee_of(ref: str) -> Nominee:
    return queries.nominee(ref, reach(), viewer().person_id) or abort(404)


def once() -> str:
    """A key that makes a form sent twice one deed."""
    return secrets.token_hex(16)


@bp.get("/state")
@requires(Permission.NOMINATE)
def state() -> str:
    now = clock.now()
    return render_template(
        "nominations/state.html", state=home(), desks=queries.desks(home().id, now)
    )


@bp.route("/state/activities/<activity>", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def activity(activity: str) -> Any:
    desk = desk_of(activity)
    form = NewOfficerForm()
    if form.submitted() and (is_sent_again(form) or is_unknown(form)):
        ref = newcomers.nominate_new(
            viewer().person_id,
            reach(),
            desk.activity.slug,
            Particulars(**form.values(), affiliation_id=home().id),
            motivation=form.motivation.data or "",
            key=form.once.data,
            now=clock.now(),
        )
        jobs.wake()
        more = form.do.data == "more"
        return redirect(
            url_for(
                "nominations.activity",
                activity=activity,
                done=ref,
                _anchor="nominate" if more else "nominated",
            ),
            303,
        )
    return shown(desk, form), 400 if form.errors else 200


def is_sent_again(form: NewOfficerForm) -> bool:
    """Whether this very form was handed in before: then its nomination is found."""
    return queries.is_nominated_by(viewer().person_id, form.once.data)


def is_unknown(form: NewOfficerForm) -> bool:
    """Whether nobody of the State has the address; else the form says whom to choose."""
    address = form.address.data
    known = address and people.find_by_address(db.session, address, affiliation_id=home().id)
    if known:
        form.address.errors = [
            _("%(name)s has this address. Choose this officer from your list.", name=known.name)
        ]
    return not known


def shown(desk: Desk, form: NewOfficerForm) -> str:
    state, asked = home(), request.args.get("q", "")[:100]
    listed = queries.nominees(desk.activity, state.id, viewer().person_id)
    done = request.args.get("done", "")
    return render_template(
        "nominations/activity.html",
        desk=desk,
        state=state,
        form=form,
        once=once(),
        listed=listed,
        ranked=[one.place.ref for one in listed if one.place.state in queries.RANKED],
        asked=asked,
        found=queries.officers(state.id, desk.activity.id, viewer().person_id, asked),
        agencies=queries.agencies(state.id),
        women=queries.women_reason(desk.activity.id, state.id),
        women_form=ReasonForm(),
        done=next((one for one in listed if one.place.ref == done), None),
    )


@bp.post("/state/activities/<activity>/officers")
@requires(Permission.NOMINATE)
def nominate(activity: str) -> Any:
    desk, form = desk_of(activity), KnownOfficerForm()
    if not form.submitted():
        abort(400)
    ref = actions.nominate(
        viewer().person_id,
        reach(),
        desk.activity.slug,
        form.person.data,
        key=form.once.data,
        now=clock.now(),
    )
    jobs.wake()
    return redirect(
        url_for("nominations.activity", activity=activity, done=ref, _anchor="nominated"), 303
    )


@bp.post("/state/activities/<activity>/order")
@requires(Permission.NOMINATE)
def order(activity: str) -> Any:
    """One officer up or down in the State's order of preference."""
    desk, form = desk_of(activity), OrderForm()
    if not form.submitted():
        abort(400)
    ref, _colon, way = form.move.data.partition(":")
    listed = queries.nominees(desk.activity, home().id, viewer().person_id)
    refs = [one.place.ref for one in listed if one.place.state in queries.RANKED]
    if ref not in refs or way not in ("up", "down"):
        abort(400)
    at = refs.index(ref)
    to = max(at - 1, 0) if way == "up" else min(at + 1, len(refs) - 1)
    refs.insert(to, refs.pop(at))
    actions.rank(viewer().person_id, reach(), desk.activity.slug, refs, now=clock.now())
    return redirect(url_for("nominations.activity", activity=activity, _anchor=f"p-{ref}"), 303)


@bp.post("/state/activities/<activity>/women")
@requires(Permission.NOMINATE)
def women(activity: str) -> Any:
    """Why fewer women are nominated than the activity asks for."""
    desk, form = desk_of(activity), ReasonForm()
    if not form.submitted():
        abort(400)
    newcomers.explain_women_share(
        viewer().person_id,
        home().id,
        desk.activity.id,
        text=form.reason.data,
        now=clock.now(),
    )
    return redirect(url_for("nominations.activity", activity=activity), 303)


@bp.route("/state/activities/<activity>/officers.<any(csv,xlsx):ending>", methods=["GET", "POST"])
@requires(Permission.NOMINATE, fresh=True)
def activity_file(activity: str, ending: str) -> Any:
    """The nominated officers as a file that can be changed and uploaded again."""
    desk, state = desk_of(activity), home()
    rows = exports.nominated(queries.nominees(desk.activity, state.id, viewer().person_id), state)
    back = url_for("nominations.activity", activity=activity)
    return exported(ending, rows, f"{desk.activity.slug}-{state.code.lower()}", back)


@bp.route("/state/officers.<any(csv,xlsx):ending>", methods=["GET", "POST"])
@requires(Permission.NOMINATE, fresh=True)
def officers_file(ending: str) -> Any:
    """All officers of the State as a file that can be changed and uploaded again."""
    state = home()
    rows = exports.known(queries.all_officers(state.id), state)
    return exported(ending, rows, f"officers-{state.code.lower()}", url_for("nominations.state"))


def exported(ending: str, rows: exports.Rows, name: str, back: str) -> Any:
    """The page that asks for the reason, or the file once it is given."""
    form = ExportForm()
    if not form.submitted():
        page = render_template(
            "reason.html", form=form, title=_("Officers as a file"), back=back, here=request.path
        )
        return page, 422 if form.errors else 200
    data = rows.file(Kind(ending))
    exports.note(
        viewer().person_id,
        what=name,
        rows=len(rows.rows),
        data=data,
        why=form.reason.data or "",
        now=clock.now(),
    )
    return download(data, exports.TYPES[Kind(ending)], f"{name}.{ending}")


@bp.get("/state/activities/<activity>/template.xlsx")
@requires(Permission.NOMINATE)
def template(activity: str) -> Response:
    """An empty workbook with the State's own values to choose from."""
    desk, state = desk_of(activity), home()
    data = exports.template(state, queries.agencies(state.id))
    return download(
        data, exports.TYPES[Kind.XLSX], f"{desk.activity.slug}-{state.code.lower()}.xlsx"
    )


def download(data: bytes, type_: str, name: str) -> Response:
    answer = Response(data, content_type=type_)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


# -- one officer's place


@bp.get("/state/places/<ref:ref>")
@requires(Permission.NOMINATE)
def place(ref: str) -> str:
    one = nominee_of(ref)
    can = moves(one.place.state, Who.STATE)
    return render_template(
        "nominations/place.html",
        one=one,
        desk=desk_beside(one),
        steps=queries.steps(one.place.id),
        can_withdraw=Move.WITHDRAW in can,
        can_replace=Move.SUBSTITUTE in can,
        can_submit=one.place.state is State.DRAFT,
        letter=papers.kind_of(one.place.state),
        reject=RejectForm(),
    )


def desk_beside(one: Nominee) -> Desk | None:
    return queries.desk(one.place.activity.slug, one.place.affiliation_id, clock.now())


@bp.route("/state/places/<ref:ref>/withdraw", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def withdraw(ref: str) -> Any:
    one, form = nominee_of(ref), ReasonForm()
    if form.submitted():
        actions.withdraw(viewer().person_id, reach(), ref, reason=form.reason.data, now=clock.now())
        jobs.wake()
        return back_to(one)
    return render_template("nominations/withdraw.html", one=one, form=form), status_of(form)


@bp.route("/state/places/<ref:ref>/replace", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def replace(ref: str) -> Any:
    """Another officer of the State takes over the nomination, or the place."""
    one, form = nominee_of(ref), ReplaceForm()
    asked = request.values.get("q", "")[:100]
    me = viewer().person_id
    found = queries.officers(one.place.affiliation_id, one.place.activity_id, me, asked)
    chosen = form.person.data
    if chosen and (person := queries.officer(chosen, reach())):
        found = [*found, *([person] if person.ref not in {who.ref for who in found} else [])]
    form.person.choices = [
        (who.ref, f"{who.name}, {who.agency}" if who.agency else who.name) for who in found
    ]
    if form.submitted():
        new = actions.substitute(
            viewer().person_id,
            reach(),
            ref,
            form.person.data,
            reason=form.reason.data,
            key=form.once.data,
            now=clock.now(),
        )
        jobs.wake()
        return redirect(url_for("nominations.place", ref=new), 303)
    page = render_template("nominations/replace.html", one=one, form=form, asked=asked, once=once())
    return page, status_of(form)


@bp.post("/state/places/<ref:ref>/submit")
@requires(Permission.NOMINATE)
def submit(ref: str) -> Any:
    one = nominee_of(ref)
    if not NothingForm().submitted():
        abort(400)
    actions.submit(viewer().person_id, reach(), ref, now=clock.now())
    jobs.wake()
    return back_to(one)


@bp.post("/state/places/<ref:ref>/approve")
@requires(Permission.NOMINATE)
def approve(ref: str) -> Any:
    one = nominee_of(ref)
    if not NothingForm().submitted():
        abort(400)
    actions.approve(viewer().person_id, reach(), ref, now=clock.now())
    jobs.wake()
    return back_to(one)


@bp.post("/state/places/<ref:ref>/reject")
@requires(Permission.NOMINATE)
def reject(ref: str) -> Any:
    one, form = nominee_of(ref), RejectForm()
    if not form.submitted():
        abort(400)
    actions.reject(
        viewer().person_id,
        reach(),
        ref,
        why=Why(form.why.data),
        text=form.text.data or "",
        now=clock.now(),
    )
    jobs.wake()
    return back_to(one)


def back_to(one: Nominee) -> Any:
    return redirect(
        url_for(
            "nominations.activity",
            activity=one.place.activity.slug,
            done=one.place.ref,
            _anchor="nominated",
        ),
        303,
    )


def status_of(form: Any) -> int:
    return 400 if form.errors else 200


# -- letters


@bp.get("/state/places/<ref:ref>/letter.pdf")
@requires(Permission.NOMINATE)
def letter(ref: str) -> Response:
    """The letter that fits where the officer's nomination stands; 404 while nothing is decided."""
    one = nominee_of(ref)
    kind = papers.kind_of(one.place.state) or abort(404)
    data = papers.letter(one, kind, queries.affiliation(one.place.affiliation_id), clock.now())
    return download(data, "application/pdf", f"{kind.value}-{one.place.activity.slug}.pdf")


@bp.get("/state/activities/<activity>/annex.pdf")
@requires(Permission.NOMINATE)
def annex(activity: str) -> Response:
    """The State's officers as the annex of a note verbale."""
    desk, state = desk_of(activity), home()
    listed = queries.nominees(desk.activity, state.id, viewer().person_id)
    data = papers.annex(desk, listed, state, clock.now())
    return download(data, "application/pdf", f"annex-{desk.activity.slug}-{state.code.lower()}.pdf")
