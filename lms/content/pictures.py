"""The size of a picture in pixels, read from its first bytes; nothing is decoded."""

import re
import struct
from collections.abc import Callable

SVG_ROOT = re.compile(rb"<svg\b[^>]{0,2000}>", re.DOTALL)
LOOKED_AT = 64_000  # bytes; a JPEG tells its size behind its notes


def size(data: bytes) -> tuple[int, int] | None:
    """(width, height), or None where the file does not say."""
    head = data[:LOOKED_AT]
    for starts, read in READERS:
        if starts(head):
            try:
                return read(head)
            except (struct.error, ValueError, IndexError):
                return None
    return _svg(head)


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(head) - 9:
        marker, length = head[at + 1], struct.unpack(">H", head[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    if head[12:16] == b"VP8X":
        return (
            1 + int.from_bytes(head[24:27], "little"),
            1 + int.from_bytes(head[27:30], "little"),
        )
    return None


def _svg(head: bytes) -> tuple[int, int] | None:
    root = SVG_ROOT.search(head)
    if root is None:
        return None
    sides = [re.search(rb"\s%s=[\"'](\d+)" % side, root[0]) for side in (b"width", b"height")]
    if all(sides):
        return int(sides[0][1]), int(sides[1][1])  # type: ignore[index]
    box = re.search(rb"viewBox=[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d+)[\d.]*[\s,]+(\d+)", root[0])
    return (int(box[1]), int(box[2])) if box else None


READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], tuple[int, int] | None]], ...] = (
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda head: head.startswith(b"\xff\xd8"), _jpeg),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
)
