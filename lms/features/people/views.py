"""Officers of the own State; people of all States. The same pages at two addresses."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock, jobs
from lms.deeds.people import particulars_of
from lms.features.people import actions, duplicates, letters, queries
from lms.features.people.areas import area, href, may_keep, pages, reach
from lms.features.people.forms import EditForm, EmptyForm, MoveForm, PersonForm, ReasonForm
from lms.features.people.queries import ACCOUNTS, ROWS_A_PAGE, Filters
from lms.models import Person
from lms.rules.access import Permission, Role
from lms.rules.particulars import Particulars, typed_address
from lms.rules.refusal import Refusal
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.page import ROLE_WORDS
from lms.web.paging import asked_page
from lms.web.paging import pages as page_links
from lms.web.viewer import viewer

bp = Blueprint("people", __name__)


@pages(bp, "", "list")
@requires(Permission.SEE_PEOPLE)
def listing() -> str:
    seen = reach(Permission.SEE_PEOPLE)
    filters, page, now = asked_filters(), asked_page(), clock.now()
    query = queries.listed(seen, filters, now)
    total = queries.count(query)
    rows = queries.page_of(query, page)
    return render_template(
        "people/list.html",
        area=area(),
        href=href,
        filters=filters,
        homes=queries.homes(seen),
        accounts=account_words(),
        role_words=ROLE_WORDS,
        rows=rows,
        roles=queries.roles_of([row.Person.id for row in rows], now),
        total=total,
        pages=page_links(
            total, page, ROWS_A_PAGE, lambda more: href("list", **filters.chosen, **more)
        ),
        may_keep=keeps(),
        may_merge=viewer().reach(Permission.MERGE_PEOPLE).scope is not None,
    )


def keeps() -> bool:
    return viewer().reach(Permission.KEEP_PEOPLE).scope is not None


def account_words() -> dict[str, str]:
    words = (_("Active"), _("Invited"), _("Not invited"), _("Suspended"))
    return dict(zip(ACCOUNTS, words, strict=True))


def asked_filters() -> Filters:
    """What the address asks for; an unknown word finds nobody, an unknown name is 404."""
    known = {"who", "state", "role", "account"}
    if set(request.args) - known - {"page"} or any(
        len(request.args.getlist(name)) > 1 for name in request.args
    ):
        abort(404)
    said = {name: request.args.get(name, "").strip()[:100] for name in known}
    if said["role"] not in {"", *Role} or said["account"] not in {"", *ACCOUNTS}:
        abort(404)
    return Filters(**said)


@pages(bp, "/new", "new", "GET", "POST")
@requires(Permission.KEEP_PEOPLE)
def new() -> Any:
    kept = reach(Permission.KEEP_PEOPLE)
    homes = queries.homes(kept)
    form = PersonForm(states=homes, data={"time_zone": viewer().time_zone, "language": "en"})
    if form.submitted():
        code = form.state.data if "state" in form else homes[0][0]
        home = queries.affiliation_id(code)
        values = form.values() | {"address": typed_address(form.address.data or "") or ""}
        try:
            ref = actions.add(
                Particulars(**values, affiliation_id=home),
                reach=kept,
                now=clock.now(),
                actor=viewer().person_id,
            )
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            return redirect(href("one", ref=ref, added=1), 303)
    wrong = 409 if form.form_errors else 200
    return render_template("people/new.html", form=form, area=area(), href=href), wrong


@pages(bp, "/<ref:ref>", "one")
@requires(Permission.SEE_PEOPLE)
def one(ref: str) -> str:
    person = person_of(ref, Permission.SEE_PEOPLE)
    may_merge = viewer().reach(Permission.MERGE_PEOPLE).scope is not None
    return render_template(
        "people/person.html",
        area=area(),
        href=href,
        record=queries.record(person, reach(Permission.SEE_PEOPLE), clock.now()),
        role_words=ROLE_WORDS,
        added="added" in request.args,
        sent="sent" in request.args,
        may_keep=may_keep(person) and person.id != viewer().person_id,
        may_merge=may_merge,
        may_give_time=viewer().reach(Permission.SET_EXTRA_TIME).scope is not None,
        merges=duplicates.merges(person.id) if may_merge else (),
    )


def person_of(ref: str, permission: Permission) -> Person:
    """404 for somebody who is not there or not within reach."""
    person = queries.one(ref, reach(permission))
    if person is None:
        abort(404)
    return person


@pages(bp, "/<ref:ref>/edit", "edit", "GET", "POST")
@requires(Permission.KEEP_PEOPLE)
def edit(ref: str) -> Any:
    person = person_of(ref, Permission.KEEP_PEOPLE)
    form = EditForm(obj=particulars_of(person))
    if form.submitted():
        actions.edit(
            ref,
            form.values(),
            reach=reach(Permission.KEEP_PEOPLE),
            now=clock.now(),
            actor=viewer().person_id,
        )
        return redirect(href("one", ref=ref), 303)
    return render_template("people/edit.html", form=form, person=person, area=area(), href=href)


@pages(bp, "/<ref:ref>/invite", "invite", "POST")
@requires(Permission.KEEP_PEOPLE)
def invite(ref: str) -> Any:
    person_of(ref, Permission.KEEP_PEOPLE)
    EmptyForm().submitted()
    actions.invite(
        ref,
        mail=True,
        reach=reach(Permission.KEEP_PEOPLE),
        now=clock.now(),
        actor=viewer().person_id,
    )
    jobs.wake()
    return redirect(href("one", ref=ref, sent=1), 303)


@pages(bp, "/<ref:ref>/letter", "letter", "POST")
@requires(Permission.KEEP_PEOPLE)
def letter(ref: str) -> Response:
    """The paper itself: its code is shown this once, so no page to come back to holds it."""
    person = person_of(ref, Permission.KEEP_PEOPLE)
    EmptyForm().submitted()
    now = clock.now()
    made = actions.invite(
        ref,
        mail=False,
        reach=reach(Permission.KEEP_PEOPLE),
        now=now,
        actor=viewer().person_id,
    )
    paper = letters.pdf(queries.record(person, reach(Permission.SEE_PEOPLE), now), made, now)
    answer = Response(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{ref}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages(bp, "/<ref:ref>/access", "access", "GET", "POST")
@requires(Permission.KEEP_PEOPLE)
def access(ref: str) -> Any:
    """Suspend somebody, or let them in again."""
    person = person_of(ref, Permission.KEEP_PEOPLE)
    form = ReasonForm()
    if form.submitted():
        act = actions.resume if person.suspended_at else actions.suspend
        act(
            ref,
            form.reason.data or "",
            reach=reach(Permission.KEEP_PEOPLE),
            now=clock.now(),
            actor=viewer().person_id,
        )
        return redirect(href("one", ref=ref), 303)
    return render_template("people/access.html", form=form, person=person, area=area(), href=href)


@bp.route("/people/<ref:ref>/state", methods=["GET", "POST"])
@requires(Permission.MERGE_PEOPLE, fresh=True)
def move(ref: str) -> Any:
    """Ask that somebody belongs to another State; a second administrator has to agree."""
    person = person_of(ref, Permission.MERGE_PEOPLE)
    form = MoveForm()
    form.state.choices = queries.homes(reach(Permission.MERGE_PEOPLE))
    if form.submitted():
        actions.ask_affiliation(
            ref,
            form.state.data or "",
            form.reason.data or "",
            reach=reach(Permission.MERGE_PEOPLE),
            now=clock.now(),
            actor=viewer().person_id,
        )
        return redirect(url_for("people.all_waiting"), 303)
    return render_template("people/move.html", form=form, person=person, area=area(), href=href)
