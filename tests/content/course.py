"""A course around the texts that tests render."""

import re

from lms.content.rendering import Media, Surroundings, render

COURSE = Surroundings(
    course="afghan-opiates",
    media={
        "media/routes.svg": Media("/media/ab/routes.svg", 640, 360, 12_000),
        "media/interview.mp4": Media("/media/cd/interview.mp4", 1280, 720, 9_000_000),
        "media/call.mp3": Media("/media/ef/call.mp3"),
        "media/interview.md": Media("/media/01/interview.md"),
        "media/interview.vtt": Media("/media/02/interview.vtt"),
        "media/form.pdf": Media("/media/03/form.pdf", bytes=84_000),
    },
    terms={"precursor": "precursor", "Hawala": "hawala"},
    links={
        "20-stocks.md": "/courses/afghan-opiates/market/stocks",
        "../2-routes/10-x.md": "/courses/afghan-opiates/routes/x",
    },
)


def html(markdown: str) -> str:
    """The HTML without the icons' drawings and without line ends between tags."""
    found = render(markdown, COURSE).html
    return re.sub(r"<svg class=\"icon\".*?</svg>", "<svg/>", found)
