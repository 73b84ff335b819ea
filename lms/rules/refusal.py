"""A no, with a sentence for the person who asked."""

from datetime import UTC, datetime


def marked(sentence: str) -> str:
    """The sentence itself. The name lets lms/translations/update.py find texts kept in tables."""
    return sentence


class Refusal(Exception):  # noqa: N818 -- an answer, not an error
    """The rules say no; the message is one sentence that says why and what to do.

    `sentence` is the text to translate, with `{names}` that `values` fill. `until` is the instant
    from which the answer can change, and also fills `{until}`: str() shows it in UTC, a page shows
    it in the reader's zone and in Vienna time.
    """

    def __init__(self, sentence: str, *, until: datetime | None = None, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        self.until = until
        shown = dict(values)
        if until is not None:
            utc = until.astimezone(UTC)
            shown["until"] = f"{utc.day} {utc:%B %Y, %H:%M} UTC"
        super().__init__(sentence.format(**shown) if shown else sentence)
