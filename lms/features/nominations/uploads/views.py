"""A file of people: choose it, look at what it would do, confirm, follow it, take the result."""

from dataclasses import dataclass
from datetime import datetime
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
from flask_babel import gettext as _

from lms import clock, jobs
from lms.database import db
from lms.features.nominations import queries as desk_queries
from lms.features.nominations.files import reading, writing
from lms.features.nominations.files.columns import MESSAGE, STATUS, Columns
from lms.features.nominations.files.delimited import DELIMITERS
from lms.features.nominations.files.encodings import Encoding
from lms.features.nominations.files.folding import folded
from lms.features.nominations.files.table import Kind, Table
from lms.features.nominations.uploads import actions, matching, queries, said
from lms.features.nominations.uploads.forms import (
    ENCODINGS,
    SEPARATORS,
    ConfirmForm,
    FileForm,
    ReadingForm,
)
from lms.features.nominations.uploads.matching import Match, Outcome
from lms.models import Activity, Upload, UploadState
from lms.rules.access import Permission
from lms.rules.cells import unguarded
from lms.rules.refusal import Refusal
from lms.web.access import requires
from lms.web.errors import sentence
from lms.web.forms import tidy
from lms.web.paging import asked_page, pages
from lms.web.viewer import viewer

bp = Blueprint("uploads", __name__)
WITH_A_FILE = ("uploads.upload", "uploads.officers")
ROWS_A_PAGE = 50


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """These two forms may be larger than all others; said before anything reads them."""
    if endpoint in WITH_A_FILE:
        request.max_content_length = current_app.config["LARGEST_UPLOAD"]


def reach() -> frozenset[int]:
    return viewer().reach(Permission.NOMINATE).ids


def home() -> int:
    ids = reach()
    if not ids:
        abort(404)
    own = viewer().affiliation_id
    return own if own in ids else min(ids)


def own_upload(ref: str) -> Upload:
    """404 for a file that is somebody else's, or no longer here."""
    found = queries.own(ref, viewer().person_id, reach())
    if found is None or found.row_count == 0:
        abort(404)
    return found


@bp.route("/state/activities/<activity>/upload", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def upload(activity: str) -> Any:
    """A file whose officers are nominated for this activity."""
    desk = desk_queries.desk(activity, home(), clock.now())
    if desk is None:
        abort(404)
    return choose(desk.activity, desk.course)


@bp.route("/state/officers/upload", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def officers() -> Any:
    """A file whose officers are added to the State's list, or changed."""
    return choose(None, "")


def choose(activity: Activity | None, course: str) -> Any:
    form = FileForm()
    if form.submitted():
        sent = request.files.get("file")
        name, data = (sent.filename or "", sent.read()) if sent else ("", b"")
        if sent:
            sent.close()
        try:
            ref = taken(name, data, activity)
        except Refusal as refusal:
            form.file.errors = [sentence(refusal)]
        else:
            if ref:
                return redirect(url_for("uploads.look", ref=ref), 303)
            form.file.errors = [_("Choose a file.")]
    page = render_template(
        "uploads/choose.html",
        form=form,
        activity=activity,
        course=course,
        state=desk_queries.affiliation(home()),
        recent=queries.recent(
            viewer().person_id, reach(), activity.id if activity else None, clock.now()
        ),
    )
    return page, 400 if form.errors else 200


def taken(name: str, data: bytes, activity: Activity | None) -> str:
    """Read and keep the file; gives its reference, "" for none. Raises Refusal."""
    if not name and not data:
        return ""
    table = reading.read(data)
    queries.sheet_of(table, queries.reach_of(home(), viewer().person_id))  # are the columns there?
    shown = tidy(name.replace("\\", "/").rpartition("/")[2])[-200:]
    return actions.keep(
        viewer().person_id,
        home(),
        activity.id if activity else None,
        name=shown,
        data=data,
        table=table,
        now=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """A file with what it would do now."""

    table: Table
    columns: Columns
    matches: list[Match]


def looked(found: Upload, now: datetime) -> Looked:
    """Raises Refusal when the file is no longer here."""
    table = queries.table_of(found.id)
    if table is None:
        raise Refusal(actions.GONE)
    who = queries.reach_of(found.affiliation_id, found.person_id)
    sheet = queries.sheet_of(table, who)
    activity = queries.activity(found.activity_id)
    matches = matching.rehearse(db.session, sheet.lines, who, activity, now=now)
    return Looked(table, sheet.columns, matches)


@bp.route("/state/uploads/<ref:ref>", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def look(ref: str) -> Any:
    """Before confirming: the rehearsal. Afterwards: how far it is, and what became of the rows."""
    found = own_upload(ref)
    form = ConfirmForm()
    if form.submitted():
        actions.confirm(
            found.id,
            all_or_nothing=form.how.data == "all",
            tells=form.tells.data,
            now=clock.now(),
        )
        jobs.wake()
        return redirect(url_for("uploads.look", ref=ref), 303)
    if found.state is UploadState.CHECKED:
        return rehearsed(found, form), 400 if form.errors else 200
    return followed(found)


def rehearsed(found: Upload, form: ConfirmForm) -> str:
    now = clock.now()
    seen = looked(found, now)
    counts = matching.counts(seen.matches)
    wrong = [one for one in seen.matches if one.outcome in (Outcome.ERROR, Outcome.DUPLICATE)]
    fine = [one for one in seen.matches if one.outcome not in (Outcome.ERROR, Outcome.DUPLICATE)]
    page = asked_page()
    shown = pages(
        len(fine), page, ROWS_A_PAGE, lambda more: url_for("uploads.look", ref=found.ref, **more)
    )
    first = (page - 1) * ROWS_A_PAGE
    again = ReadingForm(
        data={"encoding": found.encoding, "delimiter": DELIMITERS.get(found.delimiter)}
    )
    return render_template(
        "uploads/look.html",
        upload=found,
        desk=desk_beside(found, now),
        counts=counts,
        ready=sum(counts[one] for one in matching.READY),
        wrong=wrong,
        fine=fine[first : first + ROWS_A_PAGE],
        pages=shown,
        advice=said.advice,
        word=said.word,
        columns=seen.columns,
        may_be_all=len(seen.matches) <= actions.MOST_AT_ONCE,
        form=form,
        again=again if queries.source_of(found.id) is not None else None,
        read_as=read_as(found),
    )


def read_as(found: Upload) -> str:
    if not found.encoding:
        return ""
    return _(
        "%(letters)s, cells divided by %(sign)s",
        letters=ENCODINGS[Encoding(found.encoding)],
        sign=SEPARATORS[found.delimiter],
    )


def followed(found: Upload) -> str:
    rows = queries.applied(found.id) if found.state is not UploadState.CONFIRMED else {}
    wrong = [row for row in rows.values() if row.outcome in (Outcome.ERROR, Outcome.DUPLICATE)]
    counts = queries.applied_counts(found.id)
    return render_template(
        "uploads/result.html",
        upload=found,
        desk=desk_beside(found, clock.now()),
        counts=counts,
        wrong=wrong,
        ready=sum(counts.get(one.value, 0) for one in matching.READY),
        advice=said.advice_of,
    )


def desk_beside(found: Upload, now: datetime) -> desk_queries.Desk | None:
    if found.activity is None or found.affiliation_id is None:
        return None
    return desk_queries.desk(found.activity.slug, found.affiliation_id, now)


@bp.post("/state/uploads/<ref:ref>/reading")
@requires(Permission.NOMINATE)
def read_again(ref: str) -> Any:
    """Read the same text file in another encoding, or with another separator."""
    found, form = own_upload(ref), ReadingForm()
    if not form.submitted():
        abort(400)
    source = queries.source_of(found.id)
    if source is None:
        raise Refusal(actions.GONE)
    sign = next(sign for sign, name in DELIMITERS.items() if name == form.delimiter.data)
    table = reading.read(source, encoding=Encoding(form.encoding.data), delimiter=sign)
    queries.sheet_of(table, queries.reach_of(found.affiliation_id, found.person_id))
    actions.read_again(found.id, table)
    return redirect(url_for("uploads.look", ref=ref), 303)


@bp.post("/state/uploads/<ref:ref>/cancel")
@requires(Permission.NOMINATE)
def cancel(ref: str) -> Any:
    found = own_upload(ref)
    actions.cancel(found.id, now=clock.now())
    return redirect(url_for("uploads.look", ref=ref), 303)


@bp.get("/state/uploads/<ref:ref>/remarks")
@requires(Permission.NOMINATE)
def remarks(ref: str) -> Response:
    """The file as it came, with a status and a message beside each row."""
    found = own_upload(ref)
    table = queries.table_of(found.id)
    if table is None:
        raise Refusal(actions.GONE)
    notes = notes_of(found)
    own = {n for n, heading in enumerate(table.headings) if folded(heading) in (STATUS, MESSAGE)}
    kept = [n for n in range(len(table.headings)) if n not in own]
    rows = [
        (*(cells[n] for n in kept), *notes.get(number, ("", ""))) for number, cells in table.rows
    ]
    headings = [*(table.headings[n] for n in kept), STATUS, MESSAGE]
    if table.kind is Kind.CSV:  # writing sets the guards anew
        rows = [tuple(map(unguarded, row)) for row in rows]
    data = writing.write(table.kind, headings, rows, table.delimiter or ",")
    answer = Response(data, content_type=writing.TYPES[table.kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="remarks.{table.kind.value}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def notes_of(found: Upload) -> dict[int, tuple[str, str]]:
    """Row → status and message, as in a rehearsal or as it was applied."""
    if found.state is UploadState.CHECKED:
        matches = looked(found, clock.now()).matches
        return {
            one.line.number: (
                one.outcome.value,
                " ".join(said.problem(problem) for problem in one.problems),
            )
            for one in matches
        }
    return {
        number: (row.outcome, " ".join(said.remarks(row)))
        for number, row in queries.applied(found.id).items()
    }
