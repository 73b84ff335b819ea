"""A QR code as one path, for the page and for the paper."""

import segno

QUIET = 4  # modules of white around the code; readers need them


def qr_path(text: str) -> tuple[int, str]:
    """The side of the code of `text` in modules, and its dark modules as an SVG path.

    The path begins at 0 0 and has no quiet zone: whoever draws it leaves QUIET modules of white
    on each side. Level M: a stain on 15 % of the print does not stop a reader.
    """
    rows = segno.make_qr(text, error="m").matrix
    runs = (
        f"M{start} {y}h{end - start}v1h{start - end}z"
        for y, row in enumerate(rows)
        for start, end in _dark_runs(row)
    )
    return len(rows), "".join(runs)


def _dark_runs(row: bytearray) -> list[tuple[int, int]]:
    """Start and end of each run of dark modules, from left to right."""
    edges = [
        x for x in range(len(row) + 1) if (row[x : x + 1] or b"\0") != (row[x - 1 : x] or b"\0")
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
