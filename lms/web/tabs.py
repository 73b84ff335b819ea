"""The parts of one course for those who look after it, as links below the page head."""

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from lms.rules.access import Permission


def course_tabs(slug: str) -> list[tuple[str, str]]:
    """(words, address) of the parts that the person may open."""
    parts = (
        (_("Structure"), "authoring.course", Permission.SEE_OWN_COURSES),
        (_("Questions"), "regrading.questions", Permission.SEE_KEYS),
        (_("Results"), "results.results", Permission.SEE_RESULTS),
        (_("Marking"), "marking.waiting", Permission.MARK),
        (_("Attempts"), "attempts.of_course", Permission.OVERSEE_ATTEMPTS),
    )
    return [
        (words, url_for(endpoint, course=slug))
        for words, endpoint, permission in parts
        if current_user.reach(permission).scope is not None
    ]
