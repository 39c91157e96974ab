"""How much waits, for the numbers beside the pages and on the page Today?"""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.overview import Overview, desk_zone, has_demo, overview
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Waiting:
    """The desk's own work, and how much channels are to be told: what the page Channels lists."""

    counts: Overview
    to_tell: int
    is_demo: bool = False
    zone: str = ""


def read_waiting(desk: Desk) -> Waiting:
    """Count it; a message that can still be undone does not wait yet."""
    messages = desk.exporter.waiting() if desk.exporter is not None else []
    to_tell = sum(each.count for each in messages)
    counts, is_demo = desk.read(overview, now=desk.now()), desk.read(has_demo)
    return Waiting(counts, to_tell, is_demo, desk.read(desk_zone))
