"""Pictures that are too heavy, and drawings that are more than drawings."""

from collections.abc import Mapping

from lms.content.decoding import source_of
from lms.content.findings import Finding, Report
from lms.content.reading import Reading
from lms.content.svg import svg_faults

PICTURES = ("avif", "gif", "jpeg", "jpg", "png", "svg", "webp")
PLAYERS = ("mp3", "mp4", "ogg", "webm")
LIGHT = 40_000  # bytes
HEAVIEST = 1_000_000  # bytes


def ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def check(reading: Reading, files: Mapping[str, bytes]) -> list[Finding]:
    found: list[Finding] = []
    for path in sorted(reading.layout.media) if reading.layout else ():
        report = Report(path)
        data = files[path]
        if ending(path) in PICTURES:
            size = f"the picture has {-(-len(data) // 1000)} KB"
            if len(data) > HEAVIEST:
                report.add("picture-limit", size, 1)
            elif len(data) > LIGHT:
                report.add("picture-size", size, 1)
        if ending(path) == "svg":
            for fault in svg_faults(data):
                report.add("svg", f"this drawing cannot be shown: {fault}", 1)
        elif ending(path) in ("md", "vtt"):
            source_of(data, report)
        found += report.found
    return found
