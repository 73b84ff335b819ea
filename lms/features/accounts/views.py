"""Signing in and out, the role worked as, display."""

import secrets
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.deeds import passwords
from lms.features.accounts import actions, denials, queries
from lms.features.accounts.forms import DisplayForm, SignInForm
from lms.models import Theme
from lms.rules.access import Permission, Role, Scope
from lms.rules.devices import device_of
from lms.web import cookies, throttle
from lms.web.access import BeforeFactor, inside, public, requires, to_factor
from lms.web.forms import require_fields
from lms.web.page import home
from lms.web.viewer import viewer

bp = Blueprint("accounts", __name__)
bp.after_app_request(denials.note)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    wanted = inside(request.args.get("next"))
    if current_user.is_authenticated and request.method != "POST":
        return redirect(wanted or home(), 303)
    if "pending" in g and request.method != "POST":
        return to_factor(wanted)
    form = SignInForm(data={"next": wanted or ""})
    if form.submitted():
        address, password = form.address.data or "", form.password.data or ""
        refused = _try_to_sign_in(address, password)
        if refused is None:
            return redirect(inside(form.next.data) or url_for("accounts.landing"), 303)
        form.form_errors.append(refused)
    wrong = 409 if form.form_errors else 200
    ended = bool(g.get("session_ended"))
    return render_template("accounts/sign_in.html", form=form, ended=ended), wrong


def _try_to_sign_in(address: str, password: str) -> str | None:
    """None when the person is signed in; else one sentence, the same for every cause."""
    now, network = clock.now(), throttle.counted(throttle.network())
    person = queries.person_at(address)
    person_id = person.id if person else None
    account = throttle.counted(f"person:{person_id}:" if person else address.casefold())
    until = actions.count_try(account, network, person_id=person_id, now=now)
    if until is not None:
        return throttle.too_many_tries(until, now)
    person = queries.person_at(address)  # the transaction has let go of what was read before
    may = person is not None and person.suspended_at is None and person.merged_into is None
    fits = passwords.fits(person.password_hash if person and may else None, password)
    if person is None or not fits:
        return _("The address and the password do not fit together. Check both and try again.")
    if current_user.is_authenticated:
        actions.sign_out(viewer().sign_in_id, viewer().person_id, now)
    if not actions.sign_in(
        person.id,
        cookies.renew(),
        password=password,
        account=account,
        network=network,
        device=device_of(request.user_agent.string),
        token=secrets.token_urlsafe(24),
        now=now,
    ):
        cookies.keep()
        return _(
            "There were very many wrong tries for this account, so the password alone is not"
            " enough today. We have sent a link to your address: choose a new password with it."
            " Your focal point can also give you a printed code."
        )
    return None


@bp.get("/home")
@requires(Permission.OWN_ACCOUNT)
def landing() -> Any:
    return redirect(home(), 303)


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT, before_factor=BeforeFactor.ALWAYS)
def sign_out() -> Any:
    actions.sign_out(viewer().sign_in_id, viewer().person_id, clock.now())
    cookies.forget()
    answer = redirect(url_for("catalogue.courses"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.post("/account/role")
@requires(Permission.OWN_ACCOUNT)
def role() -> Any:
    require_fields("role")
    wanted = request.form["role"]
    if wanted not in set(Role):
        abort(400)
    me = viewer()
    actions.work_as(me.sign_in_id, me.person_id, Role(wanted), cookies.renew(), clock.now())
    return redirect(url_for("accounts.landing"), 303)


@bp.get("/account")
@requires(Permission.OWN_ACCOUNT)
def overview() -> str:
    """What people find out about their account and change in it."""
    me = viewer()
    acts = me.reach(Permission.READ_AUDIT).scope is Scope.SELF
    return render_template("accounts/overview.html", me=me, acts=acts)


@bp.route("/account/display", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, before_factor=BeforeFactor.ALWAYS)
def display() -> Any:
    form = DisplayForm(data={"theme": viewer().theme})
    if form.submitted():
        actions.set_theme(viewer().person_id, Theme(form.theme.data))
        return redirect(url_for("accounts.display", saved=1), 303)
    return render_template("accounts/display.html", form=form, saved="saved" in request.args)
