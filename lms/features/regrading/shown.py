"""A question with its key in words, for trainers."""

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from lms.rules.questions import Question, Type
from lms.rules.words import plain_pattern


def key_lines(question: Question, html: dict[str, Any]) -> list[tuple[Any, bool, Any]]:
    """(words, whether it is right, feedback) of each answer, in the order of the file."""

    def words(text: str) -> Any:
        made = html["texts"].get(text)
        return Markup(made) if made else text

    match question.type:
        case Type.SINGLE | Type.MULTIPLE | Type.TRUE_FALSE | Type.CHOICE:
            plain = {"true": _("True"), "false": _("False")}
            is_plain = question.type is Type.TRUE_FALSE
            return [
                (
                    plain[one.text] if is_plain else words(one.text),
                    one.right,
                    Markup(html["feedback"].get(one.text, "")),
                )
                for one in question.options
            ]
        case Type.NUMERIC:
            return [(key.text, True, "") for key in question.numbers]
        case Type.SHORT:
            return [(plain_pattern(key.pattern), True, "") for key in question.words]
        case Type.MATCHING:
            arrow = Markup("{} → {}")
            return [
                (arrow.format(words(one.left), words(one.right)), True, "")
                for one in question.pairs
                if one.left
            ]
        case Type.ORDERING:
            return [(words(item), True, "") for item in question.items]
        case Type.GAPS:
            return [
                (
                    _("Gap %(n)s", n=number)
                    + ": "
                    + ", ".join(gap.texts[:1] if gap.listed else map(plain_pattern, gap.texts)),
                    True,
                    "",
                )
                for number, gap in enumerate(question.gaps, start=1)
            ]
        case _:
            return []
