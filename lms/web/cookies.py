"""The one cookie: a random id and nothing else. What it stands for is a row."""

import hashlib
import hmac
import secrets

from flask import Response, current_app, g, request

SIGNS = 43  # of 32 random bytes, written for addresses


def name() -> str:
    return "__Host-lms" if current_app.config["HTTPS"] else "lms"


def raw_id() -> str | None:
    """The id that the request carries, or the one about to be set; None when neither is there."""
    fresh: str | None = g.get("fresh_cookie")
    sent = request.cookies.get(name(), "")
    return fresh or (sent if len(sent) == SIGNS and sent.isascii() else None)


def id_hash() -> str | None:
    sent = raw_id()
    return hashlib.sha256(sent.encode()).hexdigest() if sent else None


def renew() -> str:
    """A new id, sent with this answer; gives the hash that its row keeps."""
    g.fresh_cookie = secrets.token_urlsafe(32)
    return hashlib.sha256(g.fresh_cookie.encode()).hexdigest()


def keep() -> None:
    """Take `renew` back: the session goes on under the id that the request carries."""
    g.pop("fresh_cookie", None)


def forget() -> None:
    g.forget_cookie = True


def csrf_token() -> str:
    """Proof that a form came from a page of ours: bound to the cookie's id, valid as long as it."""
    sent = raw_id()
    if sent is None:
        renew()
        sent = g.fresh_cookie
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"csrf" + sent.encode(), hashlib.sha256).hexdigest()


def is_csrf_token(token: str) -> bool:
    return raw_id() is not None and hmac.compare_digest(token.encode(), csrf_token().encode())


def write(response: Response) -> Response:
    if g.get("forget_cookie"):
        response.delete_cookie(name(), path="/", secure=current_app.config["HTTPS"], httponly=True)
    elif g.get("fresh_cookie"):
        response.set_cookie(
            name(),
            g.fresh_cookie,
            path="/",
            secure=current_app.config["HTTPS"],
            httponly=True,
            samesite="Lax",
        )
    return response
