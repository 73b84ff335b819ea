from datetime import UTC, datetime, timedelta

import pytest

from lms.rules.seats import Opening, free, opening

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_seats_left_are_never_below_nought():
    assert [free(10, held) for held in (0, 10, 11)] == [10, 0, 0]
    assert free(None, 1_000) is None


@pytest.mark.parametrize(
    ("opens", "closes", "left", "expected"),
    [
        (None, None, None, Opening.OPEN),
        (NOON, NOON + HOUR, 3, Opening.OPEN),
        (NOON + HOUR, None, 3, Opening.FUTURE),
        (None, NOON, 3, Opening.CLOSED),
        (None, NOON, 0, Opening.CLOSED),
        (None, NOON + HOUR, 0, Opening.FULL),
        (NOON + HOUR, None, 0, Opening.FUTURE),
    ],
)
def test_an_activity_is_open_full_or_closed(opens, closes, left, expected):
    assert opening(NOON, opens=opens, closes=closes, free=left) is expected
