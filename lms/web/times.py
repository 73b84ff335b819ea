"""Instants and days in words, in the reader's zone and language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext
from flask_login import current_user


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        last_day=last_day,
        moment=moment,
        vienna_moment=vienna_moment,
        clock=time_of_day,
        duration=duration,
        period=period,
    )


def zone() -> ZoneInfo:
    name = getattr(current_user, "time_zone", None)
    return ZoneInfo(name) if name else current_app.config["TIME_ZONE"]


def vienna(instant: datetime) -> date:
    """The day on which it happened; a day is a day in Vienna."""
    return instant.astimezone(current_app.config["TIME_ZONE"]).date()


def day(value: date | datetime) -> str:
    """4 December 2026."""
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    locale = get_locale()
    return format_date(value, "d MMMM y" if locale.language == "en" else "long", locale=locale)


def last_day(end: datetime) -> str:
    """The last whole day before an end that is no longer part of it."""
    return day(end - timedelta(microseconds=1))


def moment(value: datetime) -> str:
    """4 December 2026, 14:40 CET."""
    local = value.astimezone(zone())
    return f"{day(value)}, {time_of_day(value)} {local.tzname()}"


def vienna_moment(value: datetime) -> str:
    """The same in Vienna time, beside the reader's own."""
    local = value.astimezone(current_app.config["TIME_ZONE"])
    locale = get_locale()
    words = format_date(local, "d MMMM y" if locale.language == "en" else "long", locale=locale)
    return f"{words}, {local:%H:%M} {local.tzname()}"


def time_of_day(value: datetime) -> str:
    """14:40."""
    return format_datetime(value.astimezone(zone()), "HH:mm", locale=get_locale())


def duration(minutes: int) -> str:
    """2 h 45 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)s min", minutes=rest)
    if not rest:
        return gettext("%(hours)s h", hours=hours)
    return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def period(value: tuple[int, str]) -> str:
    """4 years: a span of a course file."""
    number, unit = value
    match unit:
        case "days":
            return ngettext("%(num)d day", "%(num)d days", number)
        case "weeks":
            return ngettext("%(num)d week", "%(num)d weeks", number)
        case "months":
            return ngettext("%(num)d month", "%(num)d months", number)
        case "years":
            return ngettext("%(num)d year", "%(num)d years", number)
        case _:
            return duration(number * 60 if unit == "h" else number)
