"""What goes wrong, when, and how often? The knobs of the marketplace.

A fault is meant for an operation (by the words of `Operation`, "" for any), for its n-th request
from now on, and for so many of them. What a fault does to the *bytes* the server does; what it does to a
*page* the pager does, for every dialect alike.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

Row = TypeVar("Row")


class Does(StrEnum):
    """What a fault does."""

    STATUS = "status"  # answers with a status, headers and a body; nothing takes effect
    DELAY = "delay"  # answers after some seconds
    DRIP = "drip"  # sends the answer one byte at a time
    RESET_BEFORE = "reset_before"  # closes before reading what was asked
    RESET_AFTER = "reset_after"  # it takes effect, then the answer breaks off in the middle
    COMMIT_THEN_DROP = "commit_then_drop"  # it takes effect, and no answer comes
    TRUNCATE = "truncate"  # announces more than it sends
    TRUNCATE_QUIETLY = "truncate_quietly"  # announces nothing and sends less
    ECHO = "echo"  # refuses, and says again how it was asked, keys and all
    BODY = "body"  # 200, with another body
    BOMB = "bomb"  # 200, a small package that unpacks without end
    NULL_ROW = "null_row"  # the list ends with nothing at all in place of an order
    DUP_PAGE = "dup_page"  # the page comes again
    SHRINK_PAGE = "shrink_page"  # fewer rows than asked for, with more to come
    EMPTY_PAGE = "empty_page"  # no rows, with more to come
    LOOP_PAGES = "loop_pages"  # the next token leads to the same page for ever
    STALE_TOKEN = "stale_token"  # the page token is not known any more


OF_PAGES = (Does.DUP_PAGE, Does.SHRINK_PAGE, Does.EMPTY_PAGE, Does.LOOP_PAGES, Does.STALE_TOKEN)


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. ``rate`` instead of ``nth`` makes it happen by chance."""

    does: Does
    operation: str = ""
    nth: int = 1
    count: int = 1
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    seconds: float = 0.05
    rate: float = 0.0
    seen: int = 0
    done: int = 0

    def fits(self, operation: str, chance: random.Random) -> bool:
        """Count one request, and say whether it goes wrong."""
        if self.operation and self.operation != operation:
            return False
        self.seen += 1
        if self.rate:
            return chance.random() < self.rate
        hit = self.seen >= self.nth and self.done < self.count
        self.done += hit
        return hit


@dataclass(slots=True)
class Faults:
    """The faults of one shop; everything by chance comes from its one seed."""

    script: list[Fault] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def add(self, does: Does, operation: str = "", **how: object) -> Fault:
        """Let something go wrong from now on."""
        fault = Fault(does, operation, **how)  # type: ignore[arg-type]
        self.script.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well from now on."""
        self.script.clear()

    def of_request(self, operation: str) -> Fault | None:
        """Return what goes wrong with this request."""
        return self._first(operation, pages=False)

    def of_page(self, operation: str) -> Fault | None:
        """Return what goes wrong with this page."""
        return self._first(operation, pages=True)

    def _first(self, operation: str, *, pages: bool) -> Fault | None:
        mine = (f for f in self.script if (f.does in OF_PAGES) is pages)
        return next((f for f in mine if f.fits(operation, self.chance)), None)


@dataclass(frozen=True, slots=True)
class Cut:
    """One page: its rows, and where the next one starts (``None``: it was the last)."""

    rows: Sequence[object]
    following: int | None
    is_stale: bool = False


def page(rows: Sequence[Row], start: int, size: int, fault: Fault | None = None) -> Cut:
    """Cut one page out of all rows, as a fault may want it."""
    does = fault.does if fault else None
    if does is Does.STALE_TOKEN and start:
        return Cut((), None, is_stale=True)
    if does is Does.EMPTY_PAGE:
        return Cut((), start)
    if does is Does.SHRINK_PAGE:
        size = max(1, size // 2)
    mine = rows[start : start + size]
    following = start + size if start + size < len(rows) else None
    if does is Does.DUP_PAGE or (does is Does.LOOP_PAGES and mine):
        following = start
    return Cut(mine, following)


_OF_AN_ORDER = {"orderId", "purchaseOrderId", "receipt_id", "legacyResourceId", "date_modified_gmt"}


def with_a_null(data: Any) -> Any:
    """Return an answer whose list of orders ends with nothing at all."""
    if isinstance(data, dict):
        return {key: with_a_null(value) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    is_of_orders = any(isinstance(x, dict) and _OF_AN_ORDER & x.keys() for x in data)
    return [*data, None] if is_of_orders else [with_a_null(x) for x in data]
