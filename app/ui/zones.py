"""Which time zones does one choose from, and what do people call them?"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimeZone

ZONES: Final = {
    "America/New_York": "Eastern · New York",
    "America/Chicago": "Central · Chicago",
    "America/Denver": "Mountain · Denver",
    "America/Phoenix": "Mountain, no summer time · Phoenix",
    "America/Los_Angeles": "Pacific · Los Angeles",
    "America/Anchorage": "Alaska · Anchorage",
    "Pacific/Honolulu": "Hawaii · Honolulu",
    "America/Puerto_Rico": "Atlantic · Puerto Rico",
    "America/Toronto": "Eastern · Toronto",
    "America/Vancouver": "Pacific · Vancouver",
    "America/Mexico_City": "Mexico City",
    "America/Sao_Paulo": "São Paulo",
    "Europe/London": "London",
    "Europe/Dublin": "Dublin",
    "Europe/Lisbon": "Lisbon",
    "Europe/Madrid": "Madrid",
    "Europe/Paris": "Paris",
    "Europe/Amsterdam": "Amsterdam",
    "Europe/Berlin": "Berlin",
    "Europe/Zurich": "Zurich",
    "Europe/Vienna": "Vienna",
    "Europe/Rome": "Rome",
    "Europe/Stockholm": "Stockholm",
    "Europe/Warsaw": "Warsaw",
    "Asia/Kolkata": "India · Kolkata",
    "Asia/Singapore": "Singapore",
    "Asia/Tokyo": "Tokyo",
    "Australia/Sydney": "Sydney",
    "Pacific/Auckland": "Auckland",
}


def zone_words(zone: str) -> str:
    """Return what people call a time zone."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return ZONES.get(zone, place)


def zone_choices(chosen: str) -> list[tuple[object, str]]:
    """Return the zones to choose from: those most live in, this computer's, and the chosen one."""
    offered = dict.fromkeys((*ZONES, own_zone(), chosen))
    return [(zone, zone_words(zone)) for zone in offered if zone]


def own_zone() -> str:
    """Return the zone that this computer lives in, where its system says a name of a place."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name if "/" in name and not name.startswith("Etc/") else ""
