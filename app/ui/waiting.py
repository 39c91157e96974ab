"""How much waits, for the numbers beside the pages and on the page Today?"""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.overview import Overview, has_demo, overview
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Waiting:
    """The desk's own work, and how much channels are to be told: what the page Channels lists."""

    counts: Overview
    to_tell: int
    is_demo: bool = False


def read_waiting(desk: Desk) -> Waiting:
    """Count it; a message that can still be undone does not wait yet."""
    messages = desk.exporter.waiting() if desk.exporter is not None else []
    to_tell = sum(each.count for each in messages)
    return Waiting(desk.read(overview, now=desk.now()), to_tell, desk.read(has_demo))
