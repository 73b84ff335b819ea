"""How often one network address may ask for the same kind of thing."""

import hashlib
import hmac
from datetime import datetime
from ipaddress import ip_address, ip_network

from flask import current_app, request
from flask_babel import ngettext
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


def network() -> str:
    """What a request is counted by: its address, or the /64 that one IPv6 host has to itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ip_network((address, 64), strict=False))


def too_many(what: str, *, most: int, seconds: int) -> bool:
    """Count this request; True when the address has asked more than `most` times in `seconds`."""
    limiter = current_app.extensions.get("limiter")
    if limiter is None:
        limiter = FixedWindowRateLimiter(MemoryStorage())
        current_app.extensions["limiter"] = limiter
    item = RateLimitItemPerSecond(most, seconds)
    return not limiter.hit(item, what, network())


def counted(text: str) -> str:
    """What tries are counted by: no address of anybody stands in the table."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"failures" + text.encode(), hashlib.sha256).hexdigest()


def too_many_tries(until: datetime, now: datetime) -> str:
    minutes = -(-int((until - now).total_seconds()) // 60)
    return ngettext(
        "There were too many tries. Wait %(num)d minute, then try again.",
        "There were too many tries. Wait %(num)d minutes, then try again.",
        minutes,
    )
