"""How long somebody must wait after failed sign-ins.

The limits follow the account *and* the network together, so a stranger elsewhere cannot lock an
officer out; a network as a whole and an account as a whole are slowed much later. After a hundred
failures in a row an account asks for more than the password, but for networks that it knows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=30)  # failures of an account that nobody has signed in to since
FREE_TRIES = 5  # per account and network within the window
FREE_TRIES_OF_NETWORK = 50
FREE_TRIES_OF_ACCOUNT = 100
MOST_IN_A_ROW = 100  # failures of an account, from anywhere, since it was last signed in to
KNOWN_FOR = timedelta(days=90)  # a network from which somebody has signed in
NOTED = (5, 25, 100)  # tries within the window that the audit log names: a stranger cannot fill it
LONGEST_WAIT = timedelta(minutes=15)
SHORT_WAIT = timedelta(seconds=30)  # all that strangers can do to an account or a network


def may_try_at(
    both: Sequence[datetime],
    network: Sequence[datetime],
    account: Sequence[datetime],
    *,
    now: datetime,
) -> datetime:
    """The instant from which the next try is looked at; not later than now: at once.

    The sequences hold the failures of the last fifteen minutes: of this account from this
    network, of this network, of this account from anywhere.
    """
    times = [now]
    for failures, free, shortest, longest in (
        (both, FREE_TRIES, timedelta(minutes=1), LONGEST_WAIT),
        (network, FREE_TRIES_OF_NETWORK, SHORT_WAIT, SHORT_WAIT),
        (account, FREE_TRIES_OF_ACCOUNT, SHORT_WAIT, SHORT_WAIT),
    ):
        over = len(failures) - free
        if over >= 0:
            wait = min(shortest * 2 ** min(over, 10), longest)
            times.append(max(failures) + wait)
    return max(times)
