"""A person's certificates, and the page where anybody checks one."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)

from lms import clock
from lms.features.certificates import actions, queries
from lms.features.certificates.checking import check
from lms.features.certificates.qr import qr_path
from lms.models import Certificate
from lms.rules.access import Permission
from lms.rules.certificates import grouped, state, typed_code
from lms.web.access import public, requires
from lms.web.page import OSCE_LANGUAGES, language_name
from lms.web.throttle import too_many
from lms.web.times import vienna
from lms.web.viewer import viewer

bp = Blueprint("certificates", __name__)
LONGEST_TYPED = 200  # signs


def state_of(certificate: Certificate) -> str:
    return state(
        vienna(clock.now()),
        revoked_at=certificate.revoked_at,
        replaced=certificate.replaced_by is not None,
        expires=certificate.expires_on,
    ).value


@bp.get("/certificates")
@requires(Permission.LEARN)
def mine() -> str:
    person = viewer().person_id
    held = [(one, state_of(one)) for one in queries.own(person)]
    return render_template(
        "certificates/mine.html", held=held, coming=queries.on_the_way(person), grouped=grouped
    )


@bp.get("/certificates/<code>")
@requires(Permission.LEARN)
def certificate(code: str) -> str:
    found = queries.own_one(viewer().person_id, typed_code(code) or "") or abort(404)
    size, path = qr_path(found.snapshot["check_address"])
    return render_template(
        "certificates/certificate.html",
        found=found,
        snapshot=found.snapshot,
        state=state_of(found),
        code=grouped(found.code),
        completed_on=date.fromisoformat(found.snapshot["completed_on"]),
        issued_on=date.fromisoformat(found.snapshot["issued_on"]),
        qr_size=size,
        qr_path=path,
        check=found.snapshot["check_address"].partition("://")[2].rpartition("/")[0],
    )


@bp.get("/certificates/<code>.pdf")
@requires(Permission.LEARN)
def pdf(code: str) -> Response:
    found = queries.own_one(viewer().person_id, typed_code(code) or "") or abort(404)
    made = actions.pdf_of(found.id)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{found.code}.pdf"'
    return answer


@bp.get("/verify")
@bp.get("/<any(de,es,fr,it,ru):language>/verify")
@public
def verify(language: str = "en") -> Any:
    """The field alone; a typed code leads to its page."""
    speak(language, "")
    typed = request.args.get("code", "")[:LONGEST_TYPED].strip()
    if typed:
        code = typed_code(typed)
        written = grouped(code) if code else "".join(typed.split())[:60].replace("/", "-")
        return redirect(address(language, written), 303)
    return render_template("certificates/verify.html", result=None, typed="", language=language)


@bp.get("/verify/<code>")
@bp.get("/<any(de,es,fr,it,ru):language>/verify/<code>")
@public
def verified(code: str, language: str = "en") -> Any:
    """What a code proves: the same page, status and work for every code that proves nothing."""
    speak(language, code)
    if too_many("verify", most=10, seconds=60):
        abort(429)
    typed = typed_code(code[:LONGEST_TYPED])
    found = queries.by_code(typed or "A" * 20)
    surname = request.args.get("surname", "")[:LONGEST_TYPED]
    result = check(
        found,
        state_of(found) if found else "not_found",
        surname,
        language,
        key=current_app.config["AUDIT_KEY"],
    )
    answer = render_template(
        "certificates/verify.html",
        result=result,
        typed=grouped(typed) if typed else code[:60],
        language=language,
        surname=surname,
        now=clock.now(),
    )
    return answer, 200 if found else 404, {"X-Robots-Tag": "noindex"}


def speak(language: str, code: str) -> None:
    """Show the page in this language and offer the others."""
    g.language = language
    g.page_languages = [(tag, language_name(tag), address(tag, code)) for tag in OSCE_LANGUAGES]


def address(language: str, code: str) -> str:
    endpoint = "certificates.verified" if code else "certificates.verify"
    return url_for(endpoint, code=code or None, language=None if language == "en" else language)


@bp.url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let the check page's links to itself stay in its language."""
    if endpoint in ("certificates.verify", "certificates.verified") and "language" in g:
        values.setdefault("language", None if g.language == "en" else g.language)
