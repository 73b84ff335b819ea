"""Secrets of apps and recovery codes: made, kept so that a stolen database is no use, compared."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from lms.rules.factors import (
    RECOVERY_BYTES,
    RECOVERY_CODES,
    new_recovery_code,
    steps_near,
    typed_code,
)

ISSUER = "SPMU Learning"
NONCE = 12  # bytes


def new_secret() -> str:
    """160 random bits in base 32, as apps read it."""
    return pyotp.random_base32()


def sealed(secret: str, person_id: int) -> str:
    """Encrypted with a key of the settings; opens for this person alone."""
    nonce = secrets.token_bytes(NONCE)
    hidden = _cipher().encrypt(nonce, secret.encode(), str(person_id).encode())
    return base64.b64encode(nonce + hidden).decode()


def opened(kept: str, person_id: int) -> str:
    """Raises InvalidTag when LMS_SECRET_KEY is another one by now, or the row is another's."""
    raw = base64.b64decode(kept)
    return _cipher().decrypt(raw[:NONCE], raw[NONCE:], str(person_id).encode()).decode()


def _cipher() -> AESGCM:
    key = current_app.config["SECRET_KEY"].encode()
    return AESGCM(hmac.digest(key, b"second factor", "sha256"))


def step_of(kept: str, person_id: int, typed: str, now: datetime) -> int | None:
    """The step whose code was typed; None when it is of none near now."""
    code = typed_code(typed)
    if code is None:
        return None
    try:
        app = pyotp.TOTP(opened(kept, person_id))
    except InvalidTag:
        return None
    fitting = [
        step for step in steps_near(now) if hmac.compare_digest(app.generate_otp(step), code)
    ]
    return max(fitting, default=None)


def address(secret: str, name: str) -> str:
    """What the QR code holds: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def new_recovery_codes() -> list[str]:
    return [new_recovery_code(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def hashed(recovery_code: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"recovery" + recovery_code.encode(), hashlib.sha256).hexdigest()
