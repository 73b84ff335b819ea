"""My courses: a trainer's releases and what the checker says of them."""

from flask import Blueprint, abort, render_template

from lms import storage
from lms.content.checking import check_course
from lms.features.authoring import queries
from lms.rules.access import Permission
from lms.web.access import requires
from lms.web.viewer import viewer

bp = Blueprint("authoring", __name__)


@bp.get("/author")
@requires(Permission.SEE_OWN_COURSES)
def courses() -> str:
    lines = queries.course_lines(viewer().reach(Permission.SEE_OWN_COURSES))
    return render_template("authoring/courses.html", lines=lines)


@bp.get("/author/<course>")
@requires(Permission.SEE_OWN_COURSES)
def course(course: str) -> str:
    known = queries.course_id(course)
    if known is None:
        abort(404)
    reach = viewer().reach(Permission.SEE_OWN_COURSES)
    if not reach.covers(course=known):
        abort(404)
    releases = queries.releases(course)
    files = {path: storage.get(sha) for path, sha in queries.files(releases[0].id).items()}
    return render_template(
        "authoring/course.html",
        slug=course,
        releases=releases,
        findings=check_course(files, course),
    )
