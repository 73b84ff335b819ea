"""The administrator's first page."""

from flask import Blueprint, render_template

from lms import clock
from lms.features.admin import queries
from lms.rules.access import Permission
from lms.web.access import requires

bp = Blueprint("admin", __name__)


@bp.get("/admin/health")
@requires(Permission.SEE_HEALTH)
def health() -> str:
    return render_template("admin/health.html", health=queries.health(clock.now()))
