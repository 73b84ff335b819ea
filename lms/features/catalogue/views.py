"""The catalogue and a course's page."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms import clock
from lms.features.catalogue import filters, queries
from lms.models import PARTNERS, Route
from lms.rules.access import Permission
from lms.web.access import inside, public
from lms.web.outlines import course_in_hand
from lms.web.words import AUDIENCES, FORMATS, LEVELS, SUBJECTS

bp = Blueprint("catalogue", __name__)


def _person_id() -> int | None:
    return current_user.person_id if current_user.is_authenticated else None


@bp.get("/courses")
@public
def courses() -> str:
    now = clock.now()
    person = _person_id()
    known = queries.cards(signed_in=person is not None)
    chosen = filters.read(request.args, known)
    open_courses, later = queries.open_now(now), queries.opens_later(now)
    found = filters.apply(chosen, known, open_courses, later)
    return render_template(
        "catalogue/courses.html",
        found=found,
        near=queries.nearest(known, chosen.search) if not found and chosen.search else [],
        filters=chosen,
        groups=filters.offered(chosen, known),
        chips=filters.chips(chosen),
        states=queries.own_states(person) if person else {},
        open_courses=open_courses,
        later=later,
    )


@bp.get("/courses/<course>")
@public
def course(course: str) -> Any:
    person = _person_id()
    row = queries.shown_release(course) or abort(404)
    head, release = row
    in_hand = course_in_hand(
        course, person, activity=request.args.get("activity", ""), anybody=True
    )
    assert in_hand is not None, "a course with a release"
    visible = queries.SIGNED_IN if person else queries.PUBLIC
    reads = current_user.reach(Permission.READ_UNITS).covers(course=head.id)
    if release.handling not in visible and in_hand.place is None and not reads:
        abort(404)
    now = clock.now()
    lines = queries.activities(
        head.id, person, current_user.affiliation_id if person is not None else None
    )
    running = [one for one in lines if one.state(now) in ("open", "full")]
    own = next((one for one in lines if in_hand.place and one.slug == in_hand.place.activity), None)
    return render_template(
        "catalogue/course.html",
        course=in_hand,
        release=release,
        archived=head.archived_at is not None,
        lines=lines,
        running=running,
        opening=next((one for one in running if one.route is Route.OPEN), None),
        asking=next((one for one in reversed(lines) if _by_body(one) and one.asks(now)), None),
        application=next((one.asked for one in lines if one.asked), None),
        own=own,
        states=queries.taking_part([one.slug for one in running]),
        partners=PARTNERS,
        now=now,
        wanted=inside(request.args.get("next")) or "",
        may_learn=not current_user.is_authenticated
        or current_user.reach(Permission.LEARN).scope is not None,
        words={
            "subjects": SUBJECTS,
            "levels": LEVELS,
            "formats": FORMATS,
            "audiences": AUDIENCES,
        },
        languages=[tag for tag, share in release.facts["languages"].items() if share],
    )


def _by_body(line: queries.ActivityLine) -> bool:
    """Whether the State nominates or approves."""
    return line.route in (Route.NOMINATION, Route.APPLY)
