"""A person's own messages and wishes; for administrators what was sent, and the words of it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale

from lms import clock, jobs
from lms.features.messages import actions, queries, texts
from lms.features.messages.forms import WordsForm
from lms.features.messages.queries import ROWS_A_PAGE
from lms.models import Delivery
from lms.rules.access import Permission
from lms.rules.messages import KINDS, Kind
from lms.web.access import requires
from lms.web.paging import asked_page, pages
from lms.web.viewer import viewer

bp = Blueprint("messages", __name__)


@bp.get("/messages")
@requires(Permission.OWN_ACCOUNT)
def messages() -> str:
    me, page = viewer(), asked_page()
    rows, total = queries.of_person(me.person_id, page)
    own, language = queries.own_words(), str(get_locale()).replace("_", "-")
    return render_template(
        "messages/messages.html",
        messages=[
            (row, KINDS[Kind(row.kind)].secret, said)
            for row in rows
            for said in (
                texts.said(
                    Kind(row.kind),
                    row.facts,
                    own=own,
                    language=language,
                    zone=ZoneInfo(me.time_zone),
                ),
            )
        ],
        pages=pages(total, page, ROWS_A_PAGE, lambda more: url_for(".messages", **more)),
    )


@bp.post("/messages/read")
@requires(Permission.OWN_ACCOUNT)
def read() -> Any:
    actions.mark_read(viewer().person_id, now=clock.now())
    return redirect(url_for(".messages"), 303)


@bp.route("/account/messages", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def preferences() -> Any:
    optional = [kind for kind in Kind if not KINDS[kind].mandatory]
    if request.method == "POST":
        if set(request.form) - {"kind", "csrf_token"}:
            abort(400)
        wanted = request.form.getlist("kind")
        if not set(wanted) <= {kind.value for kind in optional} or len(set(wanted)) < len(wanted):
            abort(400)
        actions.choose_mail(viewer().person_id, wanted)
        return redirect(url_for(".preferences", saved=1), 303)
    unwanted = queries.unwanted(viewer().person_id)
    return render_template(
        "messages/preferences.html",
        optional=[(kind.value, KINDS[kind].name, kind.value not in unwanted) for kind in optional],
        mandatory=[KINDS[kind].name for kind in Kind if KINDS[kind].mandatory],
        saved="saved" in request.args,
    )


@bp.get("/admin/messages")
@requires(Permission.MANAGE_MESSAGES)
def outbox() -> str:
    state, page = request.args.get("state", ""), asked_page()
    if state not in {"", *Delivery}:
        abort(404)
    rows, total = queries.outbox(state, page)
    chosen = {"state": state} if state else {}
    return render_template(
        "messages/outbox.html",
        rows=rows,
        names={kind.value: words.name for kind, words in KINDS.items()},
        secret={kind.value for kind, words in KINDS.items() if words.secret},
        states=[one.value for one in Delivery],
        state=state,
        counts=queries.counts(),
        by_smtp=bool(current_app.config["SMTP_URL"]),
        pages=pages(total, page, ROWS_A_PAGE, lambda more: url_for(".outbox", **chosen, **more)),
    )


@bp.post("/admin/messages/<ref:ref>/resend")
@requires(Permission.MANAGE_MESSAGES)
def resend(ref: str) -> Any:
    message = queries.known(ref) or abort(404)
    actions.resend(message.id, now=clock.now(), actor=viewer().person_id)
    jobs.wake()
    return redirect(url_for(".outbox"), 303)


@bp.get("/admin/messages/words")
@requires(Permission.MANAGE_MESSAGES)
def all_words() -> str:
    return render_template(
        "messages/all_words.html",
        kinds=[(kind.value, KINDS[kind].name) for kind in Kind],
        languages=current_app.config["LANGUAGES"],
        written=set(queries.own_words()),
    )


@bp.route("/admin/messages/words/<kind>/<language>", methods=["GET", "POST"])
@requires(Permission.MANAGE_MESSAGES)
def words(kind: str, language: str) -> Any:
    if kind not in set(Kind) or language not in current_app.config["LANGUAGES"]:
        abort(404)
    wanted = Kind(kind)
    built_in = texts.built_in(wanted, language)
    row = queries.template(wanted, language)
    subject, body = (row.subject, row.body) if row and row.body else built_in
    form = WordsForm(wanted, data={"subject": subject, "body": body})
    if form.submitted():
        actions.write_template(
            wanted,
            language,
            subject=form.subject.data or "",
            body=form.body.data or "",
            now=clock.now(),
            actor=viewer().person_id,
        )
        return redirect(url_for(".words", kind=kind, language=language, saved=1), 303)
    page = render_template(
        "messages/words.html",
        form=form,
        kind=wanted.value,
        words=KINDS[wanted],
        language=language,
        built_in=built_in,
        saved="saved" in request.args,
    )
    return page, 422 if form.errors else 200
