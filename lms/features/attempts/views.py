"""The pages of those who look after attempts."""

from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lms import clock
from lms.database import db
from lms.features.attempts import actions, queries
from lms.features.attempts.forms import AllForm, ExtraTimeForm, OneForm
from lms.features.attempts.queries import Looked
from lms.rules.access import Permission
from lms.rules.attempts import EXTRA_TIME, NO_LIMIT, attempts_left
from lms.web.access import requires
from lms.web.paging import asked_page, pages
from lms.web.viewer import viewer

bp = Blueprint("attempts", __name__)


@bp.route("/author/<course>/attempts", methods=["GET", "POST"])
@requires(Permission.OVERSEE_ATTEMPTS)
def of_course(course: str) -> Any:
    known = _course(course)
    activity = request.args.get("activity", "")
    only_open = request.args.get("show", "open") != "all"
    activities, timed = queries.choices(known)
    form = AllForm(data={"seen": actions.seen_now(db.session, known), "activity": activity})
    form.activity.choices = [("", _("All activities")), *((slug, slug) for slug in activities)]
    form.unit.choices = [("", _("Every quiz with a time limit")), *timed]
    if form.submitted():
        given = actions.give_all(
            viewer().person_id,
            known,
            minutes=form.minutes.data or 0,
            activity=form.activity.data,
            unit_key=form.unit.data,
            later=form.later.data,
            seen=int(form.seen.data or 0),
            reason=form.reason.data or "",
            now=clock.now(),
        )
        return redirect(
            url_for("attempts.of_course", course=course, activity=activity or None, given=given),
            303,
        )
    page = asked_page()
    total = queries.how_many(known, activity=activity, only_open=only_open)
    given = request.args.get("given", "")
    told = given.isascii() and given.isdigit() and len(given) < 8
    return render_template(
        "attempts/list.html",
        slug=course,
        form=form,
        timed=timed,
        activities=activities,
        activity=activity,
        only_open=only_open,
        given=_given(int(given)) if told else "",
        lines=queries.attempts(known, activity=activity, only_open=only_open, page=page),
        total=total,
        pages=pages(
            total,
            page,
            queries.PER_PAGE,
            lambda more: url_for(
                "attempts.of_course",
                course=course,
                activity=activity or None,
                show=None if only_open else "all",
                **more,
            ),
        ),
        now=clock.now(),
    )


def _given(many: int) -> str:
    return ngettext(
        "%(num)d open attempt has more time.", "%(num)d open attempts have more time.", many
    )


@bp.route("/author/<course>/attempts/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.OVERSEE_ATTEMPTS)
def one(course: str, ref: str) -> Any:
    known = _course(course)
    found = queries.one(known, ref) or abort(404)
    late = queries.late_answers(found.attempt.id)
    form = OneForm(data={"seen": found.attempt.extra_minutes})
    form.do.choices = _deeds(found, any(row.accepted_at is None for row in late))
    if form.submitted() and _has_minutes(form):
        _do(form, found.attempt.id)
        return redirect(url_for("attempts.one", course=course, ref=ref, saved=1), 303)
    return render_template(
        "attempts/one.html",
        slug=course,
        looked=found,
        form=form,
        late=late,
        visits=queries.visits(found.attempt.id),
        history=queries.history(found.attempt),
        saved="saved" in request.args,
    )


def _deeds(found: Looked, late_waits: bool) -> list[tuple[str, str]]:
    """What can be done with the attempt as it is now."""
    deeds = []
    if found.attempt.handed_in_at is None:
        if found.rules.time_limit is not None:
            deeds.append(("minutes", _("Give more time")))
        deeds.append(("hand_in", _("Hand it in for the officer")))
        return deeds
    left = attempts_left(found.taken, allowed=found.rules.attempts, granted=found.granted)
    if late_waits:
        deeds.append(("accept", _("Accept the late answers")))
    if left == 0 and not found.passed:
        deeds.append(("another", _("Give another attempt")))
    return deeds


def _has_minutes(form: OneForm) -> bool:
    if form.do.data == "minutes" and not form.minutes.data:
        form.minutes.errors = [_("Write how many minutes.")]
        return False
    return True


def _do(form: OneForm, attempt_id: int) -> None:
    me, reason, now = viewer().person_id, form.reason.data or "", clock.now()
    match form.do.data:
        case "minutes":
            actions.give_minutes(
                me,
                attempt_id,
                minutes=form.minutes.data or 0,
                seen=int(form.seen.data or 0),
                reason=reason,
                now=now,
            )
        case "hand_in":
            actions.hand_in(me, attempt_id, reason=reason, now=now)
        case "accept":
            actions.accept_late(me, attempt_id, reason=reason, now=now)
        case "another":
            actions.give_attempt(me, attempt_id, reason=reason, now=now)


def _course(slug: str) -> int:
    """The course within reach; 404 for any other."""
    known = queries.course_id(slug)
    if known is None or not viewer().reach(Permission.OVERSEE_ATTEMPTS).covers(course=known):
        abort(404)
    return known


def factor_words() -> dict[Fraction, str]:
    words = {
        one: _("%(times)s times the usual time", times=f"{float(one):g}") for one in EXTRA_TIME
    }
    return words | {Fraction(1): _("The usual time"), NO_LIMIT: _("No time limit")}


@bp.route("/people/<ref:ref>/extra-time", methods=["GET", "POST"])
@requires(Permission.SET_EXTRA_TIME)
def extra_time(ref: str) -> Any:
    """A person's entitlement, applied everywhere; why stays with those who set it."""
    person = queries.person(ref) or abort(404)
    form = ExtraTimeForm(data={"factor": str(person.extra_time)})
    words = factor_words()
    form.factor.choices = [(str(one), words[one]) for one in EXTRA_TIME]
    if form.submitted():
        actions.set_extra_time(
            viewer().person_id,
            person.id,
            Fraction(form.factor.data),
            reason=form.reason.data or "",
            now=clock.now(),
        )
        return redirect(url_for("attempts.extra_time", ref=ref, saved=1), 303)
    return render_template(
        "attempts/extra_time.html", person=person, form=form, saved="saved" in request.args
    )
