"""What every page shows around its content: navigation by role, person, language, theme."""

import logging
from dataclasses import dataclass

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, get_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from lms.rules.access import Role
from lms.rules.grading import shown_points
from lms.translations.update import untranslated
from lms.web import cookies
from lms.web.tabs import course_tabs

ROLE_WORDS = {
    Role.OFFICER: _l("Officer"),
    Role.FOCAL_POINT: _l("Focal point"),
    Role.TRAINER: _l("Trainer"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
}
COURSES = (_l("Courses"), "catalogue.courses")
HELP = (_l("Help"), "about.help")
NAVIGATION = {
    None: (COURSES, (_l("Check a certificate"), "certificates.verify"), HELP),
    Role.OFFICER: (
        (_l("My learning"), "learning.dashboard"),
        COURSES,
        (_l("Certificates"), "certificates.mine"),
        HELP,
    ),
    Role.FOCAL_POINT: (
        (_l("Nominations"), "nominations.state"),
        (_l("Our officers"), "people.state_list"),
        (_l("Reports"), "reporting.reports"),
        COURSES,
        HELP,
    ),
    Role.TRAINER: ((_l("My courses"), "authoring.courses"), COURSES, HELP),
    Role.COORDINATOR: (
        (_l("Reports"), "reporting.reports"),
        (_l("Activities"), "activities.activities"),
        (_l("People"), "people.all_list"),
        COURSES,
        HELP,
    ),
    Role.ADMINISTRATOR: (
        (_l("Health"), "admin.health"),
        (_l("People"), "people.all_list"),
        (_l("Roles"), "roles.grants"),
        (_l("Messages"), "messages.outbox"),
        (_l("Audit log"), "audit.audit"),
        HELP,
    ),
    Role.AUDITOR: (
        (_l("Audit log"), "audit.audit"),
        (_l("Reports"), "reporting.reports"),
        HELP,
    ),
}
OSCE_LANGUAGES = ("en", "de", "es", "fr", "it", "ru")  # of the check page, for everybody
RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ur"}
babel = Babel()
log = logging.getLogger("lms")


@dataclass(frozen=True, slots=True)
class Face:
    """The person in the account menu."""

    name: str
    initials: str
    role_word: str
    state_name: str


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=language)
    app.config["LANGUAGES"] = tuple(tag for tag in app.config["LANGUAGES"] if is_complete(tag))
    app.jinja_env.globals["csrf_token"] = cookies.csrf_token
    app.jinja_env.filters["points"] = shown_points
    app.jinja_env.filters["language_name"] = language_name
    app.jinja_env.filters["word"] = lambda value, words: str(words.get(value, value))
    app.context_processor(lambda: {"page": page, "course_tabs": course_tabs})


def language() -> str:
    """The language of the address, else the person's, else English."""
    first = request.path[1:].partition("/")[0] if has_request_context() else ""
    asked = g.get("language", first)
    if asked in OSCE_LANGUAGES:
        return asked
    own = getattr(current_user, "language", "en")
    return own if own in current_app.config["LANGUAGES"] else "en"


def is_complete(tag: str) -> bool:
    """Whether every text is translated; a language of LMS_LANGUAGES that is not is left out."""
    missing = untranslated(tag)
    if missing:
        log.warning("LMS_LANGUAGES: %s is left out, %s texts are not translated", tag, missing)
    return not missing


def home() -> str:
    """Where a person lands: the first page of the navigation of the role worked as."""
    role = current_user.role if current_user.is_authenticated else None
    return url_for(NAVIGATION[role][0][1])


def opens(endpoint: str) -> bool:
    """Whether the view is public, or the person's reach goes there: not to all in each role."""
    access = current_app.view_functions[endpoint].access  # type: ignore[attr-defined]
    return access == "public" or current_user.reach(access).scope is not None


class Page:
    """Read by the base template; each part is worked out when it is asked for."""

    @property
    def nav(self) -> list[tuple[str, str]]:
        role = current_user.role if current_user.is_authenticated else None
        if role and current_user.is_pending:
            return []
        return [
            (str(text), url_for(endpoint)) for text, endpoint in NAVIGATION[role] if opens(endpoint)
        ]

    @property
    def here(self) -> str | None:
        learns = current_user.is_authenticated and current_user.role is Role.OFFICER
        if learns and request.endpoint and request.endpoint.startswith(("learning.", "quizzes.")):
            return url_for("learning.dashboard")
        fitting = [href for _, href in self.nav if (request.path + "/").startswith(href + "/")]
        return max(fitting, key=len, default=None)

    @property
    def person(self) -> Face | None:
        if not current_user.is_authenticated:
            return None
        words = current_user.name.split() or ["?"]
        initials = words[0][0] + (words[-1][0] if len(words) > 1 else "")
        return Face(
            current_user.name,
            initials.upper(),
            str(ROLE_WORDS[current_user.role]),
            current_user.affiliation,
        )

    @property
    def unread(self) -> int:
        """Messages that the person has not seen."""
        return current_user.unread if current_user.is_authenticated else 0

    def role_word(self, role: Role) -> str:
        return str(ROLE_WORDS[role])

    @property
    def account_href(self) -> str:
        return url_for("accounts.overview")

    @property
    def roles(self) -> list[tuple[str, str]]:
        if not current_user.is_authenticated:
            return []
        return [(str(ROLE_WORDS[role]), role.value) for role in current_user.roles]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """(tag, own name, address) of the languages that this page can be read in."""
        return g.get("page_languages", [])

    @property
    def check_href(self) -> str:
        return url_for("certificates.verify")

    @property
    def language(self) -> str:
        return str(get_locale()).replace("_", "-")

    @property
    def direction(self) -> str:
        return "rtl" if get_locale().language in RIGHT_TO_LEFT else "ltr"

    @property
    def theme(self) -> str:
        theme = getattr(current_user, "theme", "system")
        return "" if theme == "system" else theme

    @property
    def sign_in_href(self) -> str:
        return url_for("accounts.sign_in")

    @property
    def home_href(self) -> str:
        return home()


page = Page()


def language_name(tag: str) -> str:
    """The language's own name, such as Русский."""
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[:1].title() + name[1:]  # Georgian has no capitals in running text
