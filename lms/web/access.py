"""The lock on every door: each view says who may open it, before and after it is looked up."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from lms.rules.access import Permission
from lms.web import cookies
from lms.web.viewer import BeforeFactor, login_manager

View = Callable[..., Any]


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.before_request(refuse_forgery)
    app.after_request(cookies.write)


def requires(
    permission: Permission, *, fresh: bool = False, before_factor: BeforeFactor = BeforeFactor.NEVER
) -> Callable[[View], View]:
    """Let in people whose role has the permission.

    The signed-out are led to sign in and come back; to all others the page does not exist. With
    `fresh` the password, and the code of a factor, must have been given in the last ten minutes:
    else the page that asks for them comes first, and leads back. A form handed in too late changes
    nothing, so let a GET of the same address show it. `before_factor` opens the few doors that
    lead to the second factor or out; all others stay shut until it is shown.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return to_factor(wanted()) if "pending" in g else to_sign_in()
            if current_user.reach(permission).scope is None:
                abort(404)
            if fresh and not current_user.is_fresh:
                return to_confirm()
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        guarded.fresh = fresh  # type: ignore[attr-defined]
        guarded.before_factor = before_factor  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: View) -> View:
    """Say out loud that anybody may open this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def is_public(endpoint: str) -> bool:
    return getattr(current_app.view_functions.get(endpoint), "access", None) == "public"


def to_sign_in() -> Any:
    return redirect(url_for("accounts.sign_in", next=wanted()), 303)


def to_factor(back: str | None) -> Any:
    """To the page that asks for the code, or to the one that sets an app up."""
    asks = "factors.code" if g.pending.has_factor else "factors.overview"
    return redirect(url_for(asks, next=back), 303)


def to_confirm() -> Any:
    """To the page that asks for the password again; what was handed in is not done."""
    late = request.method not in ("GET", "HEAD")
    back = inside(urlsplit(request.referrer or "").path) if late else wanted()
    return redirect(url_for("factors.confirm", next=back, late=1 if late else None), 303)


def wanted() -> str | None:
    """The address to come back to: what was asked for, unless it was a form handed in."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None


def check_doors(app: Flask) -> None:
    """Raises RuntimeError, naming them, when views do not say who may use them."""
    silent = sorted(
        name for name, view in app.view_functions.items() if not hasattr(view, "access")
    )
    if silent:
        raise RuntimeError(f"views without a lock: {', '.join(silent)}")


def refuse_forgery() -> None:
    """Refuse a form that was not written by a page of ours, for this very session."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == "about.csp_report":
        return
    if request.routing_exception is not None:
        return  # no view runs: 404 or 405 follows
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if is_foreign(request.headers.get("Origin")) or site not in ("same-origin", "none"):
        abort(403)
    if not cookies.is_csrf_token(request.form.get("csrf_token", "")):
        abort(403)


def is_foreign(origin: str | None) -> bool:
    """Whether a browser names another site as the sender; what cannot be read is another site."""
    try:
        return origin is not None and urlsplit(origin).netloc != request.host
    except ValueError:
        return True


def inside(address: str | None) -> str | None:
    """The address when it is a path of this site; None for everything else."""
    if not address or not address.startswith("/") or len(address) > 2_000:
        return None
    if address.startswith(("//", "/\\")) or "\\" in address:
        return None
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
