"""Signing in and out, the role worked as, display."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from lms import clock
from lms.deeds import passwords
from lms.features.accounts import actions, queries
from lms.features.accounts.forms import DisplayForm, SignInForm
from lms.models import Theme
from lms.rules.access import Permission, Role
from lms.rules.throttling import may_try_at
from lms.web import cookies, throttle
from lms.web.access import inside, public, requires
from lms.web.forms import require_fields
from lms.web.page import home
from lms.web.viewer import viewer

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    wanted = inside(request.args.get("next"))
    if current_user.is_authenticated and request.method != "POST":
        return redirect(wanted or home(), 303)
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
    now = clock.now()
    account, network = _counted(address.casefold()), _counted(throttle.network())
    at = may_try_at(*queries.failures(account, network, now), now=now)
    if at > now:
        minutes = -(-int((at - now).total_seconds()) // 60)
        return ngettext(
            "There were too many tries. Wait %(num)d minute, then try again.",
            "There were too many tries. Wait %(num)d minutes, then try again.",
            minutes,
        )
    person = queries.person_at(address)
    may = person is not None and person.suspended_at is None
    fits = passwords.fits(person.password_hash if person and may else None, password)
    if person is None or not fits:
        actions.note_failure(account, network, now)
        return _("The address and the password do not fit together. Check both and try again.")
    if current_user.is_authenticated:
        actions.sign_out(viewer().sign_in_id, viewer().person_id, now)
    actions.sign_in(person.id, cookies.renew(), password=password, account=account, now=now)
    return None


def _counted(text: str) -> str:
    """What failures are counted by: no address of anybody stands in the table."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"failures" + text.encode(), hashlib.sha256).hexdigest()


@bp.get("/home")
@requires(Permission.OWN_ACCOUNT)
def landing() -> Any:
    return redirect(home(), 303)


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
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


@bp.route("/account/display", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def display() -> Any:
    form = DisplayForm(data={"theme": viewer().theme})
    if form.submitted():
        actions.set_theme(viewer().person_id, Theme(form.theme.data))
        return redirect(url_for("accounts.display", saved=1), 303)
    return render_template("accounts/display.html", form=form, saved="saved" in request.args)
