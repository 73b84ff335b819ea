"""Changing a password, and choosing a new one when it is forgotten."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock
from lms.database import db
from lms.deeds import passwords
from lms.deeds.people import sign_in_word
from lms.features.passwords import actions, queries
from lms.features.passwords.forms import ChangeForm, ForgotForm
from lms.rules.access import Permission
from lms.web import cookies, throttle
from lms.web.access import public, requires
from lms.web.passwordform import PasswordForm
from lms.web.viewer import viewer

bp = Blueprint("passwords", __name__)


@bp.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> Any:
    """Ask for a link. The answer is the same whether the address is known or not."""
    form = ForgotForm()
    if form.submitted():
        typed, now = form.address.data or "", clock.now()
        until = actions.ask(
            typed,
            secrets.token_urlsafe(24),
            account=throttle.counted(f"forgot:{typed.casefold()}"),
            network=throttle.counted(f"forgot:{throttle.network()}"),
            now=now,
        )
        if until is None:
            return redirect(url_for(".forgot", sent=1), 303)
        form.form_errors.append(throttle.too_many_tries(until, now))
    wrong = 409 if form.errors else 200
    return render_template("passwords/forgot.html", form=form, sent="sent" in request.args), wrong


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Any:
    """Choose a new password. Opening the link uses nothing up: a mail scanner may do it."""
    person = queries.person_of(token, clock.now())
    if person is None:
        return render_template("passwords/used_link.html"), 404
    form = PasswordForm()
    if form.submitted() and form.is_good(queries.own_words(person.id)):
        actions.reset(token, form.password.data or "", clock.now())
        return redirect(url_for("accounts.sign_in"), 303)
    word = sign_in_word(db.session, person.id)
    return render_template("passwords/reset.html", form=form, word=word), (
        409 if form.errors else 200
    )


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def change() -> Any:
    me, now = viewer(), clock.now()
    form = ChangeForm()
    if form.submitted():
        account = throttle.counted(f"person:{me.person_id}")
        until = actions.count_try(account, now)
        if until is not None:
            form.form_errors.append(throttle.too_many_tries(until, now))
        elif not passwords.fits(queries.password_hash(me.person_id), form.old.data or ""):
            form.old.errors = [_("This is not your password. Check it and try again.")]
        elif form.is_good(queries.own_words(me.person_id)):
            new = form.password.data or ""
            actions.change(
                me.sign_in_id, me.person_id, new, cookies.renew(), account=account, now=now
            )
            return redirect(url_for(".change", saved=1), 303)
    page = render_template(
        "passwords/change.html",
        form=form,
        saved="saved" in request.args,
        word=sign_in_word(db.session, me.person_id),
    )
    return page, 409 if form.errors else 200
