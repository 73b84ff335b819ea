"""What became of a row, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from lms.features.nominations.files.checking import Problem
from lms.features.nominations.uploads.matching import Match, Outcome
from lms.models import UploadRow
from lms.web.times import moment


def problem(one: Problem) -> str:
    """`Email “a@b”: Enter a work email address`, as the result file says it."""
    return _sentence([one.column, one.value, one.sentence, dict(one.values)])


def remarks(row: UploadRow) -> list[str]:
    return [_sentence(one) for one in row.remarks]


def advice(one: Problem) -> str:
    """What to do, alone."""
    return _filled(one.sentence, one.values)


def advice_of(remark: Sequence[Any]) -> str:
    """The same, of a remark that was kept."""
    return _filled(remark[2], remark[3])


def _sentence(remark: Sequence[Any]) -> str:
    column, value, sentence, values = remark
    where = f"{column}: " if column else ""
    shown = f"“{value[:80]}”. " if value and column else ""
    return f"{where}{shown}{_filled(sentence, values)}"


def _filled(sentence: str, values: Any) -> str:
    shown = dict(values)
    if until := shown.get("until"):
        shown["until"] = moment(datetime.fromisoformat(until))
    text = _(sentence)
    return text.format(**shown) if shown else text


def word(one: Match) -> tuple[str, str]:
    """(what happens to the row, tone of its tag)."""
    match one.outcome, one.nominates:
        case Outcome.NEW, True:
            return _("New, nominated"), "ok"
        case Outcome.NEW, False:
            return _("New"), "ok"
        case Outcome.CHANGED, True:
            return _("Changed, nominated"), "ok"
        case Outcome.CHANGED, False:
            return _("Changed"), "info"
        case Outcome.NOMINATED, _any:
            return _("Known, nominated"), "ok"
        case Outcome.ALREADY, _any:
            return _("Already there"), ""
        case _other:
            return _("To correct"), "bad"
