"""A question with its key in words, for trainers."""

from typing import Any

from flask_babel import gettext as _
from markupsafe import escape

from lms.rules.questions import Gap, Question, Type
from lms.rules.words import plain_pattern


def key_lines(question: Question, html: dict[str, Any]) -> list[tuple[str, bool, str]]:
    """(words, whether it is right, feedback) of each answer as HTML, in the order of the file."""

    def words(text: str) -> str:
        return html["texts"].get(text) or str(escape(text))

    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE | Type.CHOICE:
            plain = {"true": _("True"), "false": _("False")}
            is_plain = question.type is Type.TRUE_FALSE
            return [
                (
                    plain[one.text] if is_plain else words(one.text),
                    one.right,
                    html["feedback"].get(one.text, ""),
                )
                for one in question.options
            ]
        case Type.NUMERIC:
            return [(str(escape(key.text)), True, "") for key in question.numbers]
        case Type.SHORT:
            return [(str(escape(plain_pattern(key.pattern))), True, "") for key in question.words]
        case Type.MATCHING:
            return [
                (f"{words(one.left)} → {words(one.right)}", True, "")
                for one in question.pairs
                if one.left
            ]
        case Type.ORDERING:
            return [(words(item), True, "") for item in question.items]
        case Type.GAPS:
            return [
                (f"{escape(_('Gap %(n)s', n=number))}: {escape(', '.join(right))}", True, "")
                for number, right in enumerate(map(_right, question.gaps), start=1)
            ]
        case _:
            return []


def _right(gap: Gap) -> list[str]:
    return list(gap.texts[:1]) if gap.listed else [plain_pattern(text) for text in gap.texts]
