"""A copy of one's own data, the wish to be forgotten, and those who decide on it."""

import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)

from lms import clock
from lms.features.privacy import actions, queries
from lms.rules.access import Permission
from lms.web.access import requires
from lms.web.forms import require_fields, tidy
from lms.web.times import vienna
from lms.web.viewer import viewer

bp = Blueprint("privacy", __name__)


@bp.get("/account/data")
@requires(Permission.OWN_ACCOUNT)
def data() -> str:
    me = viewer().person_id
    return render_template(
        "privacy/data.html", wish=queries.last_wish(me), places=queries.open_places(me)
    )


@bp.get("/account/data.json")
@requires(Permission.OWN_ACCOUNT, fresh=True)
def data_json() -> Response:
    """Everything that is told to the person, table by table."""
    now = clock.now()
    text = json.dumps(
        {"made_at": now.isoformat(), **queries.copy_of(viewer().person_id)},
        ensure_ascii=False,
        indent=1,
    )
    answer = Response(text, mimetype="application/json")
    name = f"my-data-{vienna(now).isoformat()}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.route("/account/data/erasure", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, fresh=True)
def ask() -> Any:
    if request.method == "POST":
        require_fields()
        actions.ask(viewer().person_id, now=clock.now())
        return redirect(url_for(".data"), 303)
    return render_template("privacy/ask.html", places=queries.open_places(viewer().person_id))


@bp.post("/account/data/erasure/back")
@requires(Permission.OWN_ACCOUNT)
def take_back() -> Any:
    require_fields()
    actions.take_back(viewer().person_id, now=clock.now())
    return redirect(url_for(".data"), 303)


@bp.get("/admin/erasures")
@requires(Permission.ERASE, fresh=True)
def erasures() -> str:
    return render_template(
        "privacy/erasures.html", rows=queries.open_wishes(), me=viewer().person_id
    )


@bp.post("/admin/erasures/<ref:ref>")
@requires(Permission.ERASE, fresh=True)
def decide(ref: str) -> Any:
    require_fields("decision", "reason")
    wish = queries.known(ref) or abort(404)
    now, me = clock.now(), viewer().person_id
    match request.form["decision"]:
        case "accept":
            actions.accept(wish.id, now=now, actor=me)
        case "confirm":
            actions.confirm(wish.id, now=now, actor=me, data=current_app.config["DATA"])
        case "decline":
            actions.decline(wish.id, reason=tidy(request.form["reason"])[:400], now=now, actor=me)
        case _:
            abort(400)
    return redirect(url_for(".erasures"), 303)
