"""Coming in: the link of an invitation, the code of a letter, registering by oneself."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, jobs
from lms.deeds.people import typed_code
from lms.features.joining import actions, queries
from lms.features.joining.forms import (
    OF_ONESELF,
    CodeForm,
    JoinByCodeForm,
    JoinForm,
    RecoverByCodeForm,
    RegisterForm,
)
from lms.features.joining.queries import Way
from lms.models import TokenPurpose
from lms.rules.particulars import Particulars, typed_address
from lms.rules.passwords import words_of
from lms.web import throttle
from lms.web.access import public
from lms.web.passwordform import PasswordForm

bp = Blueprint("joining", __name__)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Any:
    """Choose the first password. Opening the link uses nothing up: a mail scanner may do it."""
    way = queries.by_token(token, clock.now())
    if way is None:
        return render_template("joining/used_link.html"), 404
    form = form_of(way, JoinForm, PasswordForm)
    if form.submitted() and is_good(form, way):
        return come_in(form, way)
    return asked(form, way, url_for("joining.invitation", token=token))


@bp.route("/join", methods=["GET", "POST"])
@public
def join() -> Any:
    """The code of a letter; the same sentence for every cause that it does not work."""
    form = CodeForm()
    if form.submitted():
        way = by_code(form)
        if way is not None:
            carried = {"code": form.code.data, "who": form.who.data}
            page = form_of(way, JoinByCodeForm, RecoverByCodeForm, unsent=True, **carried)
            return asked(page, way, url_for("joining.confirmed"))
    return render_template("joining/code.html", form=form), 409 if form.form_errors else 200


@bp.post("/join/confirmed")
@public
def confirmed() -> Any:
    """The second page of a code: what it carries on is looked up again."""
    asked_with = CodeForm()
    way = by_code(asked_with)
    if way is None:
        return render_template("joining/code.html", form=asked_with), 409
    form = form_of(way, JoinByCodeForm, RecoverByCodeForm)
    if form.submitted() and is_good(form, way):
        return come_in(form, way)
    return asked(form, way, url_for("joining.confirmed"))


def by_code(form: CodeForm) -> Way | None:
    """Whom the code of the form lets in; else the form says why not."""
    now, typed = clock.now(), form.code.data or ""
    account = throttle.counted(f"code:{typed_code(typed) or typed}")
    until = actions.count_try(account, throttle.counted(throttle.network()), now)
    if until is not None:
        form.form_errors.append(throttle.too_many_tries(until, now))
        return None
    way = queries.by_code(typed, now)
    if way is not None and queries.is_named(way, form.who.data or ""):
        actions.was_right(account)
        return way
    if way is not None:
        actions.note_wrong_try(way.token_id, now)
    form.form_errors.append(
        _(
            "This code and this name do not fit together, or the code is used or too old. Check"
            " both, or ask your focal point for a new letter."
        )
    )
    return None


def form_of(way: Way, joins: Any, recovers: Any, *, unsent: bool = False, **carried: Any) -> Any:
    """All is asked of somebody new, the password alone of somebody who lost it."""
    if way.purpose is TokenPurpose.RECOVERY:
        return recovers(unsent=unsent, data=carried)
    known = {name: getattr(way.person, name) for name in OF_ONESELF}
    return joins(unsent=unsent, data={**known, **carried})


def is_good(form: PasswordForm, way: Way) -> bool:
    person, known = way.person, [one.address for one in way.addresses]
    return form.is_good(
        words_of(person.name, person.own_script_name, person.agency, way.affiliation, *known)
    )


def come_in(form: Any, way: Way) -> Any:
    own = form.values() if isinstance(form, JoinForm) else None
    actions.join(way.token_id, form.password.data or "", now=clock.now(), own=own)
    return redirect(url_for("accounts.sign_in"), 303)


def asked(form: Any, way: Way, action: str) -> str:
    return render_template("joining/invitation.html", form=form, way=way, action=action)


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> Any:
    if request.method == "GET" and "sent" in request.args:
        return render_template("joining/registered.html")
    plain = {"time_zone": str(current_app.config["TIME_ZONE"]), "language": "en"}
    form = RegisterForm(states=queries.states(), data=plain)
    if form.submitted():
        if throttle.too_many("register", most=5, seconds=600):
            abort(429)
        values = form.values() | {"address": typed_address(form.address.data or "")}
        actions.register(
            form.state.data or "", Particulars(**values, affiliation_id=0), now=clock.now()
        )
        jobs.wake()
        return redirect(url_for("joining.register", sent=1), 303)
    return render_template("joining/register.html", form=form)
