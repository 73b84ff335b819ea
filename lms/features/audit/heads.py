"""Ends of the audit log, written down outside the database.

Whoever can change the database can cut the log and make its head fit. The file in the data folder
and the log of the process still know how far it went: keep a copy where no administrator of the
database writes.
"""

import logging
import re
from datetime import datetime
from pathlib import Path

FILE = "audit_heads"
EVERY_SECONDS, EVERY_ENTRIES = 300, 100
log = logging.getLogger("lms.audit")
_LINE = re.compile(r"(\S+) (\d+) ([0-9a-f]{64})")


def noted(folder: Path) -> dict[int, str]:
    """Number → hash of every end that was written down; a torn last line is passed over."""
    file = folder / FILE
    if not file.exists():
        return {}
    found = (_LINE.fullmatch(line) for line in file.read_text().splitlines())
    return {int(line[2]): line[3] for line in found if line}


def note(folder: Path, seq: int, end: str, now: datetime) -> bool:
    """Write this end down, unless nothing or too little has happened since the last one."""
    file = folder / FILE
    last = file.read_text().splitlines()[-1:] if file.exists() else []
    found = _LINE.fullmatch(last[0]) if last else None
    if found:
        since = (now - datetime.fromisoformat(found[1])).total_seconds()
        if int(found[2]) == seq or (since < EVERY_SECONDS and seq - int(found[2]) < EVERY_ENTRIES):
            return False
    if not seq:
        return False
    with file.open("a") as target:
        target.write(f"{now.isoformat()} {seq} {end}\n")
    file.chmod(0o600)
    log.info("audit log at entry %s: %s", seq, end)
    return True
