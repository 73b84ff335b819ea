"""The own profile: particulars, requests for another name or State, addresses."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lms import clock, jobs
from lms.deeds.people import particulars_of
from lms.features.profile import actions, queries
from lms.features.profile.forms import AddressForm, EmptyForm, NameForm, ProfileForm, StateForm
from lms.rules.access import Permission
from lms.rules.refusal import Refusal
from lms.web.access import public, requires
from lms.web.errors import sentence
from lms.web.forms import require_fields
from lms.web.viewer import viewer

bp = Blueprint("profile", __name__)


@bp.route("/account/profile", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def profile() -> Any:
    me = viewer()
    person = queries.person(me.person_id)
    form = ProfileForm(obj=particulars_of(person))
    if form.submitted():
        actions.change(me.person_id, form.values(), clock.now())
        return redirect(url_for(".profile", saved=1), 303)
    return render_template(
        "profile/profile.html",
        form=form,
        person=person,
        state=me.affiliation,
        addresses=queries.own_addresses(me.person_id),
        requests=queries.requests(me.person_id),
        saved="saved" in request.args,
    )


@bp.route("/account/profile/name", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def name() -> Any:
    me = viewer()
    form = NameForm(obj=particulars_of(queries.person(me.person_id)))
    if form.submitted():
        wanted = {
            "given_name": form.given_name.data or "",
            "family_name": form.family_name.data or "",
        }
        try:
            actions.ask_name(me.person_id, wanted, form.reason.data or "", clock.now())
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            jobs.wake()
            return redirect(url_for(".profile"), 303)
    return render_template("profile/name.html", form=form), 409 if form.form_errors else 200


@bp.route("/account/profile/state", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def state() -> Any:
    me = viewer()
    form = StateForm()
    form.state.choices = queries.states(me.affiliation_id)
    if form.submitted():
        try:
            actions.ask_state(
                me.person_id, form.state.data or "", form.reason.data or "", clock.now()
            )
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            jobs.wake()
            return redirect(url_for(".profile"), 303)
    return render_template("profile/state.html", form=form), 409 if form.form_errors else 200


@bp.route("/account/addresses", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True)
def addresses() -> Any:
    me = viewer()
    form = AddressForm()
    if form.submitted():
        try:
            actions.add_address(me.person_id, form.address.data or "", clock.now())
        except Refusal as refusal:
            form.address.errors = [sentence(refusal)]
        else:
            jobs.wake()
            return redirect(url_for(".addresses", sent=1), 303)
    return render_template(
        "profile/addresses.html",
        form=form,
        addresses=queries.own_addresses(me.person_id),
        sign_in_name=queries.person(me.person_id).sign_in_name,
        sent="sent" in request.args,
    )


@bp.post("/account/addresses/main")
@requires(Permission.OWN_ACCOUNT, fresh=True)
def main_address() -> Any:
    require_fields("address")
    done = actions.make_primary(viewer().person_id, request.form["address"], clock.now())
    jobs.wake()
    return redirect(url_for(".addresses", sent=None if done else 1), 303)


@bp.post("/account/addresses/remove")
@requires(Permission.OWN_ACCOUNT, fresh=True)
def remove_address() -> Any:
    require_fields("address")
    actions.remove_address(viewer().person_id, request.form["address"], clock.now())
    return redirect(url_for(".addresses"), 303)


@bp.route("/account/addresses/<token>", methods=["GET", "POST"])
@public
def open_link(token: str) -> Any:
    """A link of a message about an address; opening it changes nothing, the button does."""
    row = queries.open_link(token, clock.now())
    if row is None:
        return render_template("profile/used_link.html"), 404
    if EmptyForm().submitted():
        actions.open_link(token, clock.now())
        return redirect(url_for("accounts.sign_in", next=url_for(".addresses")), 303)
    if request.method == "POST":
        abort(400)
    return render_template("profile/open_link.html", row=row)
