"""Numbers and charts in words: each headline is a finding by a rule, neutral, without praise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.features.reporting.queries import (
    MONTHS_SHOWN,
    Counts,
    Filters,
    Home,
    ReportedCourse,
    Version,
)
from lms.models import AffiliationKind
from lms.rules.figures import ENDED, LEAST, WORKING, Status, drops, highest, median, percent
from lms.web import charts
from lms.web.times import day, moment

STATUS_WORDS = {
    Status.NOT_STARTED: _l("Not started"),
    Status.IN_PROGRESS: _l("In progress"),
    Status.OVERDUE: _l("Overdue"),
    Status.AWAITING_MARKING: _l("Awaiting marking"),
    Status.COMPLETED: _l("Completed"),
    Status.FAILED: _l("Not passed"),
    Status.EXPIRED: _l("Expired"),
    Status.WITHDRAWN: _l("Withdrawn"),
}
Kpi = tuple[str, str, str]  # name, number, what it counts


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says and draws, and the same numbers as a table."""

    finding: str
    measure: str
    items: Sequence[Any]  # of web/charts.py
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    key: Sequence[str] = ()


def number(value: int | Decimal) -> str:
    return str(format_decimal(value))


def short_day(value: date) -> str:
    """4 Dec 2026, for tables."""
    locale = get_locale()
    return str(
        format_date(value, "d MMM y" if locale.language == "en" else "medium", locale=locale)
    )


def share(value: int | Decimal) -> str:
    return _("%(n)s%%", n=number(value))


def of_all(n: int, total: int) -> str:
    """61% of 214 places; below five places without the share."""
    part = percent(n, total)
    if part is None:
        return ngettext("of %(count)s place", "of %(count)s places", total, count=number(total))
    return _("%(share)s of %(total)s places", share=share(part), total=number(total))


def kpis(counts: Counts, fourth: Kpi) -> list[Kpi]:
    """The four numbers; `fourth` is a median."""
    total, working = counts.total, counts.of(*WORKING)
    late, waiting = counts.of(Status.OVERDUE), counts.of(Status.AWAITING_MARKING)
    notes = [of_all(working, total)]
    if late:
        notes.append(_("%(n)s overdue", n=number(late)))
    if waiting:
        notes.append(_("%(n)s awaiting marking", n=number(waiting)))
    completed, untouched = counts.of(Status.COMPLETED), counts.of(Status.NOT_STARTED)
    return [
        (_("Completed"), number(completed), of_all(completed, total)),
        (_("In progress"), number(working), ", ".join(notes)),
        (_("Not started"), number(untouched), of_all(untouched, total)),
        fourth,
    ]


def score_kpi(scores: Sequence[float], pass_mark: int | None) -> Kpi:
    middle = median(scores)
    note = ngettext(
        "%(count)s place with a grade",
        "%(count)s places with a grade",
        len(scores),
        count=number(len(scores)),
    )
    if middle is None:
        note = _("shown from %(least)s places with a grade", least=LEAST)
    if pass_mark is not None:
        note = _("%(note)s, pass mark %(mark)s", note=note, mark=share(pass_mark))
    return _("Final quiz, median"), "–" if middle is None else share(middle), note


def days_kpi(days: Sequence[int]) -> Kpi:
    middle = median(days)
    note = ngettext(
        "%(count)s completed place",
        "%(count)s completed places",
        len(days),
        count=number(len(days)),
    )
    if middle is None:
        note = _("shown from %(least)s completed places", least=LEAST)
    shown = "–" if middle is None else number(middle)
    return _("Days to complete, median"), shown, note


def ended(counts: Counts) -> str:
    """The places that the four numbers leave out, so that all adds up; empty where none are."""
    total = counts.of(*ENDED)
    if not total:
        return ""
    parts = (
        (counts.of(Status.FAILED), _("not passed")),
        (counts.of(Status.EXPIRED), _("expired")),
        (counts.of(Status.WITHDRAWN), _("withdrawn")),
    )
    how = ", ".join(f"{number(n)} {word}" for n, word in parts if n)
    return ngettext(
        "%(count)s more place ended without completion: %(how)s.",
        "%(count)s more places ended without completion: %(how)s.",
        total,
        count=number(total),
        how=how,
    )


def rest(homes: Sequence[Home], now: datetime) -> str:
    """What stands behind "214 places": where they are from, and when they were counted."""
    as_at = _("As at %(when)s.", when=moment(now))
    return f"{_from_where(homes)}. {as_at}" if homes else as_at


def _from_where(homes: Sequence[Home]) -> str:
    if len(homes) == 1:
        return _("from %(name)s", name=homes[0].name)
    if all(home.kind is AffiliationKind.PARTICIPATING_STATE for home in homes):
        return _("from %(n)s States", n=len(homes))
    if all(home.is_partner or home.kind is AffiliationKind.PARTICIPATING_STATE for home in homes):
        return _("from %(n)s States and Partners", n=len(homes))
    return _("from %(n)s States, Partners and organizations", n=len(homes))


def limits(filters: Filters, *, period: bool = True) -> str:
    """Which places are counted, behind their number: nobody takes a part for the whole."""
    words = []
    if filters.status:
        words.append(_("with the status %(status)s", status=STATUS_WORDS[filters.status]))
    if filters.release:
        words.append(_("on version %(number)s", number=filters.release))
    first, last = filters.first and day(filters.first), filters.last and day(filters.last)
    if period and first and last:
        words.append(_("begun from %(first)s to %(last)s", first=first, last=last))
    elif period and first:
        words.append(_("begun from %(first)s on", first=first))
    elif period and last:
        words.append(_("begun until %(last)s", last=last))
    return "".join(f", {word}" for word in words)


def by_state(counts: Counts, filters: Filters) -> Chart:
    """Who has completed, by State."""
    total, completed = counts.total, counts.of(Status.COMPLETED)
    rows = counts.by_home
    items = charts.stacked(
        [(home.name, (done, now, rest + over)) for home, (done, now, rest, over) in rows.items()]
    )
    over = counts.of(*ENDED)
    return Chart(
        finding=_status_words(filters.status, total)
        if filters.status
        else _completed_words(completed, total),
        measure=_(
            "Places by status%(limits)s. Share completed, and completed of all places.",
            limits=limits(filters),
        ),
        items=[item._replace(percent=percent(item.first, item.total)) for item in items],
        key=(
            _("Completed"),
            _("In progress"),
            _("Not started, or ended without completion") if over else _("Not started"),
        ),
        columns=(
            _("State"),
            _("Completed"),
            _("In progress"),
            _("Not started"),
            _("Ended"),
            _("Places"),
        ),
        rows=[(_home_words(home), *four, sum(four)) for home, four in rows.items()],
    )


def _status_words(status: Status, total: int) -> str:
    """Among places of one status any share is 0 or 100 per cent, and says nothing."""
    return ngettext(
        "%(count)s place has the status %(status)s",
        "%(count)s places have the status %(status)s",
        total,
        count=number(total),
        status=STATUS_WORDS[status],
    )


def _completed_words(completed: int, total: int) -> str:
    part = percent(completed, total)
    if completed == 0:
        return _("No place has been completed yet")
    if completed == total:
        return ngettext(
            "The place has been completed",
            "All %(count)s places are completed",
            total,
            count=number(total),
        )
    if part is None:
        return _("%(n)s of %(total)s places are completed", n=completed, total=total)
    return _("%(share)s of places are completed", share=share(part))


def _home_words(home: Home) -> str:
    return _("%(name)s (Partner)", name=home.name) if home.is_partner else home.name


def by_month(completions: Mapping[date, int], filters: Filters) -> Chart | None:
    """When do people finish; nothing where the status leaves out whoever did."""
    if filters.status not in (None, Status.COMPLETED):
        return None
    months, held = list(completions), list(completions.values())
    shown = {_month(month, "LLL"): n for month, n in list(completions.items())[-MONTHS_SHOWN:]}
    best = [months[index] for index in highest(held)]
    gold = {_month(best[0], "LLL")} if len(best) == 1 and best[0] in months[-MONTHS_SHOWN:] else ()
    measure = _(
        "Places completed per month, whenever they were begun%(limits)s",
        limits=limits(filters, period=False),
    )
    if months:
        first, last = _month(months[0], "LLLL y"), _month(months[-1], "LLLL y")
        when = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
        measure = _("%(measure)s, %(when)s.", measure=measure, when=when)
    if len(months) > MONTHS_SHOWN:
        measure = _("%(measure)s The table has the months before.", measure=measure)
    return Chart(
        finding=_months_words(best, max(held, default=0)),
        measure=measure,
        items=charts.columns(list(shown.items()), gold),
        columns=(_("Month"), _("Completed")),
        rows=[(_month(month, "LLLL y"), n) for month, n in completions.items()],
    )


def _months_words(best: Sequence[date], most: int) -> str:
    if not best:
        return _("No place was completed in this period")
    if len(best) == 1:
        return _("%(month)s had the most completions", month=_month(best[0], "LLLL y"))
    if len(best) == 2:
        return _(
            "%(first)s and %(second)s had the most completions",
            first=_month(best[0], "LLLL y"),
            second=_month(best[1], "LLLL y"),
        )
    return _("%(n)s months had the most completions, %(most)s each", n=len(best), most=number(most))


def _month(month: date, pattern: str) -> str:
    return str(format_date(month, pattern, locale=get_locale()))


def by_module(
    course: ReportedCourse,
    counts: Counts,
    finished: Mapping[tuple[int, str], int],
    filters: Filters,
) -> Chart:
    """Where do they stop: how many places finished each module, and the course.

    The modules are those of the newest release among the places. One that an older release does
    not have is marked in the table, and no step is read from it.
    """
    held, total = counts.by_release, counts.total
    versions = [one for one in course.versions if one.id in held]
    newest = versions[0]
    reached, having = [], []
    for slug, _title in newest.modules:
        those = [one for one in versions if slug in dict(one.modules)]
        reached.append(sum(finished.get((one.id, slug), 0) for one in those))
        having.append(sum(held[one.id] for one in those))
    labels = [f"{at} {title}" for at, (_slug, title) in enumerate(newest.modules, 1)]
    names = [_("module %(number)s", number=at) for at in range(1, len(labels) + 1)]
    labels.append(_("Course completed"))
    names.append(_("the completion of the course"))
    reached.append(counts.of(Status.COMPLETED))
    having.append(total)

    comparable = [at for at, base in enumerate(having) if base == total]
    steps = drops(counts.begun, [reached[at] for at in comparable])
    largest = highest(steps)
    gold = {labels[comparable[largest[0]]]} if len(largest) == 1 else ()
    step = steps[largest[0]] if largest else 0
    items = charts.bars(list(zip(labels, reached, strict=True)), total, gold)
    return Chart(
        finding=_step_words([names[comparable[at]] for at in largest], step, counts.begun),
        measure=_modules_measure(versions, total, filters),
        items=[item._replace(percent=percent(item.number, total)) for item in items],
        columns=(_("Part"), _("Places that finished it"), _("Places that have it")),
        rows=list(zip(labels, reached, having, strict=True)),
    )


def _step_words(where: Sequence[str], step: int, begun: int) -> str:
    if not begun:
        return _("None of these places has been begun")
    if not where:
        return _("No place was lost from one part to the next")
    if len(where) == 1:
        return ngettext(
            "The largest step down is at %(where)s, by %(count)s place",
            "The largest step down is at %(where)s, by %(count)s places",
            step,
            count=number(step),
            where=where[0],
        )
    if len(where) == 2:
        return ngettext(
            "The largest steps down are at %(first)s and %(second)s, by %(count)s place each",
            "The largest steps down are at %(first)s and %(second)s, by %(count)s places each",
            step,
            count=number(step),
            first=where[0],
            second=where[1],
        )
    return _("No module stands out")


def _modules_measure(versions: Sequence[Version], total: int, filters: Filters) -> str:
    measure = ngettext(
        "Finished all lessons and quizzes of each module, of %(count)s place%(limits)s.",
        "Finished all lessons and quizzes of each module, of %(count)s places%(limits)s.",
        total,
        count=number(total),
        limits=limits(filters),
    )
    if len(versions) == 1:
        return measure
    return _(
        "%(measure)s Modules are those of version %(number)s.",
        measure=measure,
        number=versions[0].number,
    )
