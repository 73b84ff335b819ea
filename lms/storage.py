"""Files by the hash of their content, in a folder."""

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app


def put(data: bytes) -> str:
    """Keep the bytes; gives their SHA-256 in hexadecimal. What is there already stays."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = _path(sha256)
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)  # whole or not at all
    return sha256


def get(sha256: str) -> bytes:
    """Raises FileNotFoundError when it was never kept."""
    return _path(sha256).read_bytes()


def _path(sha256: str) -> Path:
    folder: Path = current_app.config["DATA"]
    return folder / "files" / sha256[:2] / sha256
