"""What every answer says about itself, and how it is packed."""

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, current_app, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "report-uri /csp-reports",
    )
)
SMALLEST_PACKED = 600  # bytes; below, the packing costs more than it saves
PACKED_TYPES = ("text/html", "text/csv", "application/json", "image/svg+xml", "text/plain")


def init_app(app: Flask) -> None:
    app.after_request(describe)
    app.after_request(pack)  # runs first


def describe(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if current_app.config["HTTPS"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def pack(response: Response) -> Response:
    """Gzip pages, tables and data; a streamed body is packed piece by piece."""
    if (
        response.mimetype not in PACKED_TYPES
        or "Content-Encoding" in response.headers
        or response.status_code not in (200, 404, 409)
    ):
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings:
        return response
    if response.is_streamed:
        response.response = _packed_pieces(response.response)
        response.headers.pop("Content-Length", None)
    else:
        body = response.get_data()
        if len(body) < SMALLEST_PACKED:
            return response
        response.set_data(gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _packed_pieces(pieces: Iterable[str | bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with gzip's own head and tail
    for piece in pieces:
        packed = packer.compress(piece.encode() if isinstance(piece, str) else piece)
        if packed:
            yield packed
    yield packer.flush()
