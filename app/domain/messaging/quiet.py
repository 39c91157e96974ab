"""When may a message arrive? Not at night where the buyer lives."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EASTERN: Final = "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV"
_CENTRAL: Final = "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI"
_MOUNTAIN: Final = "CO ID MT NM UT WY"
_STATES: Final = {
    **dict.fromkeys(_EASTERN.split(), "America/New_York"),
    **dict.fromkeys(_CENTRAL.split(), "America/Chicago"),
    **dict.fromkeys(_MOUNTAIN.split(), "America/Denver"),
    **dict.fromkeys(["CA", "NV", "OR", "WA"], "America/Los_Angeles"),
    "AZ": "America/Phoenix", "AK": "America/Anchorage", "HI": "Pacific/Honolulu", "PR": "America/Puerto_Rico",
}  # fmt: skip
_COUNTRIES: Final = {
    "GB": "Europe/London", "IE": "Europe/Dublin", "DE": "Europe/Berlin", "FR": "Europe/Paris",
    "IT": "Europe/Rome", "ES": "Europe/Madrid", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels",
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "PL": "Europe/Warsaw", "SE": "Europe/Stockholm",
    "JP": "Asia/Tokyo", "IN": "Asia/Kolkata", "NZ": "Pacific/Auckland",
}  # fmt: skip


def zone_of(state: str, country: str, brand_zone: str) -> str:
    """Return the buyer's zone as far as the address tells it; else the brand's."""
    if country.upper() in ("", "US", "USA"):
        return _STATES.get(state.strip().upper(), brand_zone)
    return _COUNTRIES.get(country.strip().upper(), brand_zone)


def not_before(at: datetime, quiet_from: time, quiet_until: time, zone: str) -> datetime:
    """Return the first moment from ``at`` on that is not quiet there. Equal times mean never quiet."""
    if quiet_from == quiet_until:
        return at
    here = at.astimezone(ZoneInfo(zone))
    clock = here.time().replace(tzinfo=None)
    over_midnight = quiet_from > quiet_until
    is_evening, is_morning = clock >= quiet_from, clock < quiet_until
    is_quiet = (is_evening or is_morning) if over_midnight else (is_evening and is_morning)
    if not is_quiet:
        return at
    day = here.date() + timedelta(days=1) if over_midnight and is_evening else here.date()
    return datetime.combine(day, quiet_until, tzinfo=here.tzinfo).astimezone(at.tzinfo)
