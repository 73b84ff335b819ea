"""Pages about probable duplicates: shown to those who keep records, merged by administrators."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _

from lms import clock
from lms.features.people import duplicates, queries
from lms.features.people.areas import area, href, pages, reach
from lms.features.people.deciding import bp
from lms.features.people.forms import EmptyForm, ReasonForm
from lms.rules.access import Permission
from lms.rules.duplicates import Sign
from lms.rules.refusal import Refusal
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.viewer import viewer


@pages(bp, "/duplicates", "duplicates")
@requires(Permission.KEEP_PEOPLE)
def listing() -> str:
    return render_template(
        "people/duplicates.html",
        area=area(),
        href=href,
        found=duplicates.found(reach(Permission.KEEP_PEOPLE)),
        words={
            Sign.NAME: _("similar name"),
            Sign.AGENCY: _("same service"),
            Sign.ADDRESS: _("same address"),
            Sign.OWN_SCRIPT: _("same name in the own script"),
        },
        may_merge=viewer().reach(Permission.MERGE_PEOPLE).scope is not None,
    )


@bp.route("/people/<ref:ref>/merge/<ref:other>", methods=["GET", "POST"])
@requires(Permission.MERGE_PEOPLE, fresh=True)
def merge(ref: str, other: str) -> Any:
    """Keep the first record; what the other has moves to it."""
    seen = reach(Permission.MERGE_PEOPLE)
    kept, gone = queries.one(ref, seen), queries.one(other, seen)
    if kept is None or gone is None or kept.id == gone.id:
        abort(404)
    form = ReasonForm()
    if form.submitted():
        try:
            duplicates.merge(
                ref, other, form.reason.data or "", now=clock.now(), actor=viewer().person_id
            )
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        else:
            return redirect(url_for("people.all_one", ref=ref), 303)
    page = render_template(
        "people/merge.html",
        form=form,
        preview=duplicates.preview(kept, gone),
        here=url_for("people.merge", ref=ref, other=other),
        other_way=url_for("people.merge", ref=other, other=ref),
        href=href,
    )
    return page, 409 if form.form_errors else 200


@bp.post("/people/merges/<ref:ref>/undo")
@requires(Permission.MERGE_PEOPLE, fresh=True)
def undo(ref: str) -> Any:
    EmptyForm().submitted()
    kept = duplicates.undo(ref, now=clock.now(), actor=viewer().person_id)
    return redirect(url_for("people.all_one", ref=kept), 303)
