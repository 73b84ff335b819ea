"""The audit log on screen and as a file; a coordinator sees what they did themselves."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from lms import clock
from lms.database import db
from lms.features.audit import actions, exports, queries
from lms.features.audit.forms import AuditForm
from lms.features.audit.queries import ROWS_A_PAGE
from lms.rules.access import Permission, Scope
from lms.web.access import requires
from lms.web.exports import Taken, with_reason
from lms.web.paging import asked_page, pages
from lms.web.times import vienna
from lms.web.viewer import viewer

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def audit() -> Any:
    form, page = asked(), asked_page()
    if not form.validate():
        return render_template("audit/audit.html", form=form, check=queries.last_check()), 400
    chosen = form.filters.chosen
    query = found_by(form)
    total = queries.how_many(query)
    rows = queries.page_of(query, page)
    return render_template(
        "audit/audit.html",
        form=form,
        filtered=bool(chosen),
        rows=rows,
        words=queries.words_for(entry.object for entry, *_name in rows),
        total=total,
        total_words=str(format_decimal(total)),
        check=queries.last_check(),
        may_check=own() is None,
        csv=url_for(".audit_csv", **chosen),
        pages=pages(
            total, page, ROWS_A_PAGE, lambda more: url_for(".audit", **(chosen | dict(more)))
        ),
    )


@bp.route("/audit.csv", methods=["GET", "POST"])
@requires(Permission.READ_AUDIT, fresh=True)
def audit_csv() -> Any:
    form = asked()
    if not form.validate():
        abort(400)
    now, query = clock.now(), found_by(form)
    chosen = form.filters.chosen

    def note(taken: Taken) -> None:
        actions.note_export(
            filters=chosen,
            rows=taken.rows,
            sha256=taken.sha256,
            reason=taken.reason,
            now=now,
            actor=viewer().person_id,
        )

    return with_reason(
        lambda: db.session.execute(queries.newest_first(query).execution_options(yield_per=500)),
        written=exports.csv_pieces,
        note=note,
        title=_("Audit log as a file"),
        back=url_for(".audit", **chosen),
        name=f"audit-{vienna(now).isoformat()}.csv",
    )


@bp.post("/audit/check")
@requires(Permission.READ_AUDIT)
def check() -> Any:
    if own() is not None:
        abort(404)
    actions.check(now=clock.now())
    return redirect(url_for(".audit"), 303)


def asked() -> AuditForm:
    return AuditForm(request.args, queries.deeds(own()))


def own() -> int | None:
    """The person whose acts alone may be seen; None for all."""
    me = viewer()
    return None if me.reach(Permission.READ_AUDIT).scope is Scope.ALL else me.person_id


def found_by(form: AuditForm) -> Any:
    return queries.entries(form.filters, own=own(), zone=current_app.config["TIME_ZONE"])
