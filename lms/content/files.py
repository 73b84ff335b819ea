"""The files of a course's folder as bytes."""

import os
import stat
from pathlib import Path

from lms.content.findings import Finding, Report

MOST_FILES = 2_000
LARGEST_FILE = 100 * 1024 * 1024  # bytes; a video
LARGEST_FOLDER = 500 * 1024 * 1024  # bytes


class UnfitFolderError(Exception):
    """The folder cannot be taken as a course; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(str(one) for one in findings[:3]))
        self.findings = findings


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file by its path in the folder, with `/`, sorted; dot-files are left out.

    Raises UnfitFolderError for a link that leaves the folder, for what is no file, and over the
    limits above; OSError where a file cannot be read.
    """
    report = Report("")
    found: dict[str, Path] = {}
    size = 0
    base = folder.resolve()
    for top, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(top)
        for name in [*folders, *sorted(names)]:
            if name.startswith("."):
                continue
            path = here / name
            report.path = path.relative_to(base).as_posix()
            if path.is_symlink() and not _stays(path, base):
                report.add("outside-link", "this link leads out of the course's folder", 1)
            elif path.is_symlink() and path.is_dir():
                report.add("outside-link", "this is a link to a folder", 1)
            elif name in folders:
                continue
            elif not path.exists() or not stat.S_ISREG(path.stat().st_mode):
                report.add("unknown-file", "this is no file", 1, 1, "remove it")
            elif path.stat().st_size > LARGEST_FILE:
                report.add("limit", "this file is over 100 MB", 1, 1, "make it smaller")
            else:
                found[report.path] = path
                size += path.stat().st_size
        if len(found) > MOST_FILES or size > LARGEST_FOLDER:
            report.path = "course.md"
            report.add("limit", "the folder has over 2,000 files or 500 MB", 1, 1, "divide it")
            break
    if report.found:
        raise UnfitFolderError(tuple(report.found))
    return {path: found[path].read_bytes() for path in sorted(found)}


def _stays(path: Path, base: Path) -> bool:
    try:
        return path.resolve().is_relative_to(base)
    except (OSError, RuntimeError):  # a link that leads to itself
        return False
