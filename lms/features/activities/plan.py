"""What a coordinator decides about an activity, before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.rules.activities import Dates, Route
from lms.rules.approvals import Order
from lms.rules.eligibility import Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one affiliation shall have, in seats."""

    guaranteed: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An activity as it shall be; instants UTC."""

    dates: Dates
    route: Route = Route.OPEN
    title: str = ""
    capacity: int | None = None
    shares: Mapping[int, Wanted] = field(default_factory=dict)  # by affiliation
    common_pool: bool = True
    order: Order = Order.NONE
    second_focal_point: bool = False
    asks_consent: bool = False
    offer_hours: int = 48
    conditions: Conditions = field(default_factory=Conditions)
    language: str = "en"
    funding_project: str = ""
    donors: str = ""
    women_target: int = 30  # per cent
