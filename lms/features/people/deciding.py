"""What waits for a decision: registrations, and requests for another name or State."""

from typing import Any

from flask import abort, redirect, render_template, url_for

from lms import clock, jobs
from lms.database import db
from lms.deeds import changes
from lms.features.people import actions, queries
from lms.features.people.areas import area, href, pages, reach
from lms.features.people.forms import DecisionForm, DomainsForm
from lms.features.people.views import bp
from lms.models import Affiliation, ChangeKind, ChangeRequest, Registration
from lms.rules.access import Permission
from lms.rules.particulars import is_known_domain
from lms.rules.refusal import Refusal
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.viewer import viewer


@pages(bp, "/waiting", "waiting")
@requires(Permission.KEEP_PEOPLE)
def waiting() -> str:
    kept = reach(Permission.KEEP_PEOPLE)
    return render_template(
        "people/waiting.html",
        area=area(),
        href=href,
        registrations=queries.waiting_registrations(kept),
        changes=queries.waiting_changes(kept),
        is_name=lambda row: row.kind is ChangeKind.NAME,
    )


@pages(bp, "/registrations/<ref:ref>", "registration", "GET", "POST")
@requires(Permission.KEEP_PEOPLE)
def registration(ref: str) -> Any:
    """Vouch for somebody who registered, or decline."""
    kept = reach(Permission.KEEP_PEOPLE)
    wish = queries.registration(ref, kept)
    if wish is None:
        abort(404)
    form = DecisionForm()
    if form.submitted():
        told = {"reach": kept, "now": clock.now(), "actor": viewer().person_id}
        try:
            if form.decision.data == "yes":
                ref = actions.vouch(ref, **told)
                jobs.wake()
                return redirect(href("one", ref=ref, sent=1), 303)
            actions.decline(ref, form.reason.data or "", **told)
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            return redirect(href("waiting"), 303)
    page = render_template(
        "people/registration.html",
        form=form,
        wish=wish,
        known=domain_hint(wish),
        area=area(),
        href=href,
    )
    return page, 409 if form.form_errors else 200


def domain_hint(wish: Registration) -> bool | None:
    """Whether the address is of a domain that the State named; None when it named none."""
    named = queries.domains(wish.affiliation_id)
    return is_known_domain(wish.address, named) if named else None


@pages(bp, "/requests/<ref:ref>", "request", "GET", "POST")
@requires(Permission.KEEP_PEOPLE)
def change(ref: str) -> Any:
    """Decide about another name or State."""
    kept = reach(Permission.KEEP_PEOPLE)
    row = queries.change(ref, kept)
    if row is None:
        abort(404)
    form = DecisionForm()
    if form.submitted():
        try:
            actions.decide(
                ref,
                granted=form.decision.data == "yes",
                answer=form.reason.data or "",
                reach=kept,
                now=clock.now(),
                actor=viewer().person_id,
            )
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            jobs.wake()
            return redirect(href("waiting"), 303)
    page = render_template(
        "people/request.html", form=form, row=row, said=said(row), area=area(), href=href
    )
    return page, 409 if form.form_errors else 200


def said(row: ChangeRequest) -> tuple[str, str]:
    """What was and what is wanted, in words."""
    return (
        changes.named(db.session, row, row.before),
        changes.named(db.session, row, row.wanted),
    )


@bp.route("/state/domains", methods=["GET", "POST"])
@requires(Permission.KEEP_PEOPLE)
def domains() -> Any:
    """The mail domains of the own State: a hint to those who vouch."""
    own = viewer().reach(Permission.KEEP_PEOPLE).ids
    if len(own) != 1:
        abort(404)
    (home,) = own
    form = DomainsForm(data={"domains": "\n".join(queries.domains(home))})
    if form.submitted():
        try:
            typed = (form.domains.data or "").split()
            actions.set_domains(home, typed, now=clock.now(), actor=viewer().person_id)
        except Refusal as refusal:
            form.domains.errors = [sentence(refusal)]
        else:
            return redirect(url_for("people.state_waiting"), 303)
    state = db.session.get_one(Affiliation, home).name
    return render_template("people/domains.html", form=form, state=state)
