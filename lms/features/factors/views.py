"""Proving again who one is, showing the second factor, setting it up."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock
from lms.database import db
from lms.deeds import passwords
from lms.deeds.people import sign_in_word
from lms.features.factors import actions, codes, queries
from lms.features.factors.forms import Button, CodeForm, ConfirmForm, SetUpForm
from lms.rules.access import Permission
from lms.rules.references import grouped
from lms.web import cookies, throttle
from lms.web.access import BeforeFactor, inside, requires
from lms.web.page import home
from lms.web.viewer import needs_factor, viewer

bp = Blueprint("factors", __name__)


def account() -> str:
    """What wrong codes and passwords of this person are counted by."""
    return throttle.counted(f"person:{viewer().person_id}")


def try_later() -> str | None:
    """Count a try; the sentence that says how long to wait, or None when it may be looked at.

    Only who knows the password comes here, so the limit follows the person wherever he is.
    """
    now = clock.now()
    until = actions.count_try(account(), now)
    return throttle.too_many_tries(until, now) if until else None


@bp.route("/sign-in/code", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, before_factor=BeforeFactor.ALWAYS)
def code() -> Any:
    back = inside(request.args.get("next"))
    me = viewer()
    if not me.is_pending:
        return redirect(back or home(), 303)
    if not me.has_factor:
        return redirect(url_for(".overview", next=back), 303)
    form = CodeForm(data={"next": back or ""})
    if form.submitted():
        wrong = try_later()
        if wrong is None and not actions.show(
            me.sign_in_id,
            me.person_id,
            form.code.data or "",
            cookies.renew(),
            account=account(),
            now=clock.now(),
        ):
            cookies.keep()
            wrong = _("This code does not fit, or it was used before. Wait for the next one.")
        if wrong is None:
            return redirect(inside(form.next.data) or url_for("accounts.landing"), 303)
        form.code.errors = [*form.code.errors, wrong]
    return render_template("factors/code.html", form=form), 409 if form.errors else 200


@bp.route("/account/confirm", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, before_factor=BeforeFactor.WITHOUT_ONE)
def confirm() -> Any:
    """Ask for the password, and the code of a factor, before a sensitive page."""
    me = viewer()
    form = ConfirmForm(data={"next": inside(request.args.get("next")) or ""})
    if not me.has_factor:
        del form.code
    if form.submitted():
        wrong = try_later() or _wrong_proof(form)
        if wrong is None:
            return redirect(inside(form.next.data) or home(), 303)
        form.form_errors.append(wrong)
    page = render_template(
        "factors/confirm.html",
        form=form,
        late="late" in request.args,
        word=sign_in_word(db.session, me.person_id),
    )
    return page, 409 if form.errors else 200


def _wrong_proof(form: ConfirmForm) -> str | None:
    """None when password and code fit; else one sentence for both: neither is told apart."""
    me, now = viewer(), clock.now()
    fits = passwords.fits(queries.password_hash(me.person_id), form.password.data or "")
    if fits and not me.has_factor:
        actions.prove(me.sign_in_id, me.person_id, cookies.renew(), account=account(), now=now)
        return None
    if not me.has_factor:
        return _("This is not your password. Check it and try again.")
    if fits and actions.show(
        me.sign_in_id,
        me.person_id,
        form.code.data or "",
        cookies.renew(),
        account=account(),
        now=now,
        is_proof=True,
    ):
        return None
    cookies.keep()
    return _("The password or the code does not fit. A code works once: wait for the next one.")


@bp.route("/account/factor", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True, before_factor=BeforeFactor.WITHOUT_ONE)
def overview() -> Any:
    """What there is; the button begins to set an app up."""
    me = viewer()
    form = Button()
    if form.submitted():
        actions.begin(me.person_id, clock.now())
        return redirect(url_for(".set_up"), 303)
    factor = queries.in_use(me.person_id)
    return render_template(
        "factors/overview.html",
        factor=factor,
        left=queries.codes_left(factor.id) if factor else 0,
        must=needs_factor(me.role),
        pending=me.is_pending,
    )


@bp.route("/account/factor/set-up", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True, before_factor=BeforeFactor.WITHOUT_ONE)
def set_up() -> Any:
    """The key to put into an app, and the field for its first code."""
    me = viewer()
    form = SetUpForm()
    if form.submitted():
        wrong = try_later()
        if wrong is None:
            given = actions.confirm(
                me.sign_in_id,
                me.person_id,
                form.code.data or "",
                cookies.renew(),
                account=account(),
                now=clock.now(),
            )
            if given:
                return render_template("factors/codes.html", codes=given, new_app=True)
            cookies.keep()
            wrong = _("This code does not fit. Check the time of your telephone and try again.")
        form.code.errors = [*form.code.errors, wrong]
    factor = queries.being_set_up(me.person_id)
    if factor is None:
        return redirect(url_for(".overview"), 303)
    key = grouped(codes.opened(factor.secret, me.person_id))
    return render_template("factors/set_up.html", form=form, key=key), 409 if form.errors else 200


@bp.get("/account/factor/qr.svg")
@requires(Permission.OWN_ACCOUNT, fresh=True, before_factor=BeforeFactor.WITHOUT_ONE)
def picture() -> Any:
    """The key as a QR code, while the app is being set up."""
    me = viewer()
    factor = queries.being_set_up(me.person_id)
    if factor is None:
        abort(404)
    drawn = io.BytesIO()
    text = codes.address(codes.opened(factor.secret, me.person_id), me.name)
    segno.make(text, error="m").save(drawn, kind="svg", scale=6, border=4, light="#ffffff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@bp.route("/account/factor/codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True)
def renew() -> Any:
    """New recovery codes instead of those of before."""
    form = Button()
    if form.submitted():
        given = actions.renew_codes(viewer().person_id, clock.now())
        return render_template("factors/codes.html", codes=given, new_app=False)
    if not viewer().has_factor:
        return redirect(url_for(".overview"), 303)
    return render_template("factors/renew.html", form=form)


@bp.route("/account/factor/end", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True)
def end() -> Any:
    """Sign in without an app from now on; not for those who must have one."""
    me = viewer()
    if any(needs_factor(role) for role in me.roles) or not me.has_factor:
        return redirect(url_for(".overview"), 303)
    form = Button()
    if form.submitted():
        actions.end(me.sign_in_id, me.person_id, cookies.renew(), clock.now())
        return redirect(url_for(".overview"), 303)
    return render_template("factors/end.html", form=form)
