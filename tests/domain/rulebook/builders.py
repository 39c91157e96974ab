"""Orders and rulebooks for tests of the rules, written as short as one says them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.rulebook.facts import LineFacts, Moment, OrderFacts
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Runner
from app.domain.rulebook.text import parsed

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday
AT = Moment(NOON, ZoneInfo("America/New_York"))
PLACES = {"STUDIO": (1,), "RENO": (2,), "AUSTIN": (3,), "@3pl": (2,)}


def line(sku: str = "MUG-BLUE", quantity: int = 1, **more: Any) -> LineFacts:
    return LineFacts(sku, quantity, **more)


def order(*lines: LineFacts, **more: Any) -> OrderFacts:
    return OrderFacts(AT, lines or (line(),), **{"channel": "etsy", "country": "US", **more})


def book(text: str) -> Rulebook:
    return parsed(text)


def runner(text: str) -> Runner:
    return Runner(parsed(text), PLACES)
