"""The reports: a list of courses, the completion report of one, and the same rows as a file."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _

from lms import clock
from lms.database import stream
from lms.features.reporting import actions, exports, findings, queries
from lms.features.reporting.forms import ReportForm
from lms.features.reporting.queries import ROWS_A_PAGE, Filters, ReportedCourse
from lms.rules.access import Permission, Reach
from lms.rules.figures import tenths
from lms.web.access import requires
from lms.web.exports import Taken, with_reason
from lms.web.times import vienna
from lms.web.viewer import viewer

bp = Blueprint("reporting", __name__)


@bp.get("/reports")
@requires(Permission.SEE_REPORT)
def reports() -> str:
    reach = viewer().reach(Permission.SEE_REPORT)
    return render_template(
        "reporting/reports.html",
        courses=queries.courses(reach),
        number=findings.number,
        now=clock.now(),
    )


@bp.get("/reports/<course>")
@requires(Permission.SEE_REPORT)
def report(course: str) -> Any:
    asked = asked_of(course, Permission.SEE_REPORT)
    if not asked.form.validate():
        return unreadable(asked)
    form, filters = asked.form, asked.form.filters
    query = asked.places(filters)
    counts = queries.counts(query)
    sees_rows = viewer().reach(Permission.SEE_REPORT_ROWS).scope is not None
    last_page = max(-(-counts.total // ROWS_A_PAGE), 1)
    page = int(form.page.data)
    if page > (last_page if sees_rows else 1):
        form.form_errors.append(_("There is no such page. Begin with the first one."))
        return unreadable(asked)
    chosen = filters.chosen | form.chosen_sort
    shown: dict[str, Any] = {}
    if counts.total:
        shown = {
            "kpis": findings.kpis(counts, fourth(asked, query)),
            "ended": findings.ended(counts),
            "by_state": findings.by_state(counts, filters),
            "by_module": findings.by_module(
                asked.course, counts, queries.finished_modules(query), filters
            ),
        }
    completions = queries.completions(asked.course, filters, asked.reach, now=asked.now)
    if counts.total or completions:
        shown["by_month"] = findings.by_month(completions, filters)
    if counts.total and sees_rows:
        shown["rows"] = queries.page_of(query, form.sort.data, page)
        shown["pages"] = pages_of(asked, chosen, counts.total, page)
        shown["sorted_by"] = form.sort.data
        shown["sort_href"] = sort_hrefs(asked, filters, form.sort.data)
    return render_template(
        "reporting/report.html",
        course=asked.course,
        form=form,
        filters=filters,
        chips=[(words, asked.href(rest)) for words, rest in form.chips],
        counts=counts,
        total=findings.number(counts.total),
        rest=findings.rest(counts.homes, asked.now),
        scores=bool(asked.scored),
        csv=asked.href(chosen, "report_csv") if sees_rows else None,
        now=asked.now,
        day_of=lambda instant: findings.short_day(vienna(instant)),
        score_of=lambda score: findings.share(tenths(score)),
        **shown,
    )


@bp.route("/reports/<course>.csv", methods=["GET", "POST"])
@requires(Permission.SEE_REPORT_ROWS, fresh=True)
def report_csv(course: str) -> Any:
    """The rows of the whole list, in its order, once the reason is given.

    `page` is allowed and changes nothing.
    """
    asked = asked_of(course, Permission.SEE_REPORT_ROWS)
    if not asked.form.validate():
        abort(400)
    filters = asked.form.filters
    query = asked.places(filters)
    chosen = filters.chosen | asked.form.chosen_sort

    def note(taken: Taken) -> None:
        actions.note_export(
            course=asked.course.slug,
            filters=chosen,
            reach=asked.reach,
            rows=taken.rows,
            sha256=taken.sha256,
            reason=taken.reason,
            now=asked.now,
            actor=viewer().person_id,
        )

    return with_reason(
        lambda: stream(queries.ordered(query, asked.form.sort.data)),
        written=lambda rows: exports.csv_pieces(
            rows, zone=current_app.config["TIME_ZONE"], scores=bool(asked.scored)
        ),
        note=note,
        title=_("Officers as a file"),
        back=asked.href(chosen),
        name=f"{asked.course.slug}-{vienna(asked.now).isoformat()}.csv",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as one person asks for it: the course, how far they see, what they chose."""

    course: ReportedCourse
    reach: Reach
    scored: frozenset[int]
    form: ReportForm
    now: datetime

    def places(self, filters: Filters) -> Any:
        return queries.places(self.course, filters, self.reach, scored=self.scored, now=self.now)

    def href(self, chosen: dict[str, str], endpoint: str = "report") -> str:
        return url_for(f"reporting.{endpoint}", course=self.course.slug, **chosen)


def asked_of(slug: str, permission: Permission) -> Asked:
    """404 for a course that is not there or not within reach."""
    reach = viewer().reach(permission)
    course = queries.course(slug, reach) if re.fullmatch(r"[a-z0-9-]{1,80}", slug) else None
    if course is None:
        abort(404)
    sees_scores = viewer().reach(Permission.SEE_SCORES).covers(course=course.id)
    scored = course.scored(reach, sees_scores=sees_scores)
    form = ReportForm(
        request.args,
        homes=queries.homes(course.id, reach),
        names=queries.names(reach),
        releases=[one.number for one in course.versions],
        scores=bool(scored),
    )
    return Asked(course, reach, scored, form, clock.now())


def unreadable(asked: Asked) -> tuple[str, int]:
    """The page with what was chosen and what is wrong with it, without a single figure."""
    return render_template("reporting/report.html", course=asked.course, form=asked.form), 400


def fourth(asked: Asked, query: Any) -> findings.Kpi:
    """The median score for those who may see scores, for all others the days it took."""
    if asked.scored:
        mark = queries.pass_mark(asked.course.versions[0])
        return findings.score_kpi(queries.scores(query), mark)
    return findings.days_kpi(queries.days_taken(query))


def sort_hrefs(asked: Asked, filters: Filters, sort: str) -> dict[str, str]:
    """For each column the address that sorts by it; for the present one, the other way round."""
    made = {}
    for name in queries.SORTS:
        way = f"-{name}" if sort == name else name
        made[name] = asked.href(filters.chosen | {"sort": way}) + "#officers"
    return made


def pages_of(asked: Asked, chosen: dict[str, str], total: int, page: int) -> dict[str, Any]:
    """What parts/list.html `pages` shows: the first, the last and those around this page."""
    last = -(-total // ROWS_A_PAGE)

    def href(number: int) -> str:
        return asked.href(chosen | ({"page": str(number)} if number > 1 else {})) + "#officers"

    near = sorted({1, last, *(n for n in range(page - 2, page + 3) if 1 <= n <= last)})
    return {
        "first": findings.number((page - 1) * ROWS_A_PAGE + 1),
        "last": findings.number(min(page * ROWS_A_PAGE, total)),
        "total": findings.number(total),
        "links": [(n, href(n), n == page) for n in near],
        "before": href(page - 1) if page > 1 else "",
        "after": href(page + 1) if page < last else "",
    }
