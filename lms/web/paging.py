"""Lists in pages."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, request
from flask_babel import format_decimal

LAST = 1_000_000


def asked_page() -> int:
    """`page` of the address, from 1; 404 for what is none."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= LAST):
        abort(404)
    return int(text)


def pages(
    total: int, page: int, per_page: int, href: Callable[[Mapping[str, str]], str]
) -> dict[str, Any]:
    """What parts/list.html `pages` shows: the first, the last and those around this page.

    href gives the address with these parameters more. 404 for a page past the last one.
    """
    last = max(-(-total // per_page), 1)
    if page > last:
        abort(404)

    def of(number: int) -> str:
        return href({"page": str(number)} if number > 1 else {})

    near = sorted({1, last, *(n for n in range(page - 2, page + 3) if 1 <= n <= last)})
    return {
        "first": str(format_decimal(min((page - 1) * per_page + 1, total))),
        "last": str(format_decimal(min(page * per_page, total))),
        "total": str(format_decimal(total)),
        "links": [(n, of(n), n == page) for n in near],
        "before": of(page - 1) if page > 1 else "",
        "after": of(page + 1) if page < last else "",
    }
