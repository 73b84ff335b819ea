"""Stylesheet, scripts, fonts and pictures: hashed names, compressed once, served from memory.

A name carries a piece of its content's hash, so a browser may keep the file for a year and
still gets the new one the moment it changes: /static/app.3f2a9c1d.css.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

STATIC = Path(__file__).resolve().parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"  # a year, in seconds

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent; zipped is empty where gzip would not make it smaller."""

    name: str  # as written in templates, such as fonts/OFL.txt
    hashed: str  # as asked for by browsers
    type: str
    plain: bytes
    zipped: bytes


def load(folder: Path = STATIC) -> dict[str, Asset]:
    """Every file of the folder by its plain name.

    Stylesheets come last: the addresses inside them take the hashed names of the others, so a
    changed font also changes the stylesheet's own name. A file whose type is not in TYPES stops
    the start with a KeyError that names its ending.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    paths.sort(key=lambda path: path.suffix == ".css")
    assets: dict[str, Asset] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        if path.suffix == ".css":
            content = _with_hashed_names(content.decode(), assets).encode()
        assets[name] = _asset(name, content)
    return assets


def init_app(app: Flask, folder: Path = STATIC) -> None:
    """Serve the folder under /static/ and give templates `asset(name)`.

    The application is made with `static_folder=None`: Flask's own route would answer first,
    uncompressed and without long caching.
    """
    if app.has_static_folder:
        raise RuntimeError("make the application with static_folder=None")
    assets = load(folder)
    by_hashed = {one.hashed: one for one in assets.values()}

    def asset(name: str) -> str:
        """The address of a file of lms/static; a KeyError for a name that is not there."""
        return f"/static/{assets[name].hashed}"

    def static(name: str) -> Response:
        """One file. Names without their hash are unknown: they could be kept when stale."""
        return _answer(by_hashed.get(name) or abort(404))

    static.access = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/static/<path:name>", "static", static)
    app.jinja_env.globals["asset"] = asset


def _asset(name: str, content: bytes) -> Asset:
    path = Path(name)
    mark = hashlib.sha256(content).hexdigest()[:8]
    zipped = gzip.compress(content, mtime=0)  # no time inside: the same bytes at every start
    return Asset(
        name=name,
        hashed=path.with_name(f"{path.stem}.{mark}{path.suffix}").as_posix(),
        type=TYPES[path.suffix],
        plain=content,
        zipped=zipped if len(zipped) < len(content) else b"",
    )


def _with_hashed_names(css: str, assets: Mapping[str, Asset]) -> str:
    """The stylesheet with `url(name)` hashed; a name without a file is a KeyError at the start."""
    return re.sub(r"url\((\w[^)]*)\)", lambda found: f"url({assets[found[1]].hashed})", css)


def _answer(one: Asset) -> Response:
    zipped = bool(one.zipped) and request.accept_encodings["gzip"] > 0
    response = Response(one.zipped if zipped else one.plain, content_type=one.type)
    response.headers["Cache-Control"] = FOR_EVER
    if one.zipped:
        response.vary.add("Accept-Encoding")
    if zipped:
        response.content_encoding = "gzip"
    return response
