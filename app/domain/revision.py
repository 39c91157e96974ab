"""What does it mean when a channel states an order again: nothing new, progress, or a change?

A report that lacks a column says nothing about it. So before two versions are compared, each is
completed by what the other states: an address without name and street, amounts that are nowhere, and
line ids that were made up from positions are *not stated*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.orders import (
    ChannelState,
    IncomingLine,
    IncomingOrder,
    OrderStatus,
    content_hash,
)


class Progress(StrEnum):
    """How the channel's own state of the order moved."""

    NONE = "none"
    PAID = "paid"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    OTHER = "other"


class Content(StrEnum):
    """How what the channel states stands to what is here."""

    SAME = "same"
    ADDS_FACTS = "adds_facts"
    REVERTED = "reverted"  # the channel took a change back on which nobody had decided
    CHANGED = "changed"
    SETTLED = "settled"  # different, and no decision is needed: asked before, or the order is over


@dataclass(frozen=True, slots=True)
class Here:
    """An order as it is here: the version that counts, and how far it has come.

    ``fingerprint`` is that of the version as the channel stated it, before anyone corrected it here.
    ``asked`` are the states of the changes seen so far, by version: open, applied, declined or
    superseded.
    """

    version: IncomingOrder
    status: OrderStatus
    channel_state: ChannelState
    fingerprint: str
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows: ``version`` is the incoming order, completed by what is known here."""

    progress: Progress
    content: Content
    version: IncomingOrder
    fingerprint: str

    @property
    def is_nothing(self) -> bool:
        """Return whether the channel said nothing new."""
        silent = (Content.SAME, Content.SETTLED)
        return self.progress is Progress.NONE and self.content in silent


def judge(incoming: IncomingOrder, here: Here) -> Verdict:
    """Compare what a channel states with what is here."""
    version = completed(incoming, here.version)
    progress = _progress(incoming.state, here.channel_state)
    fingerprint = content_hash(version)
    if progress is Progress.PAID and here.status is OrderStatus.OPEN:
        return Verdict(progress, Content.SAME, version, fingerprint)
    return Verdict(progress, _content(incoming, version, fingerprint, here), version, fingerprint)


def completed(order: IncomingOrder, other: IncomingOrder) -> IncomingOrder:
    """Return the order with what it does not state taken from another version of it."""
    ship_to = order.ship_to
    if not _states_address(order) and _states_address(other):
        ship_to = other.ship_to
    made = replace(order, ship_to=ship_to, lines=_with_ids(order, other))
    if _states_money(order) or not _states_money(other):
        return made
    return replace(
        made, lines=_with_prices(made.lines, other.lines), shipping=other.shipping, tax=other.tax,
        discount=other.discount, total=other.total,
    )  # fmt: skip


def renamed(here: IncomingOrder, order: IncomingOrder) -> dict[str, str]:
    """Return the lines' ids here that another version of the order knows better."""
    known = _Pairs(order.lines)
    pairs = ((line.external_id, known.match(line)) for line in here.lines)
    return {
        old: found.external_id
        for old, found in pairs
        if order.has_line_ids and found is not None and found.external_id != old
    }


def _content(
    incoming: IncomingOrder, version: IncomingOrder, fingerprint: str, here: Here
) -> Content:
    open_change = "open" in here.asked.values()
    as_stated = content_hash(incoming) == here.fingerprint
    if as_stated or fingerprint == content_hash(completed(here.version, incoming)):
        if open_change:
            return Content.REVERTED
        if as_stated:
            return Content.SAME
        return Content.ADDS_FACTS if _adds_facts(version, here.version) else Content.SAME
    over = version.state is ChannelState.CANCELLED or here.status is OrderStatus.CANCELLED
    if over or here.asked.get(fingerprint) in ("open", "declined"):
        return Content.SETTLED
    return Content.CHANGED


def _adds_facts(version: IncomingOrder, here: IncomingOrder) -> bool:
    if version.ship_to != here.ship_to and not _states_address(here):
        return True
    ids = ([line.external_id for line in each.lines] for each in (version, here))
    return version.has_line_ids and len({tuple(sorted(each)) for each in ids}) > 1


def _progress(stated: ChannelState, known: ChannelState) -> Progress:
    if stated == known:
        return Progress.NONE
    if known is ChannelState.AWAITING_PAYMENT and stated is ChannelState.OPEN:
        return Progress.PAID
    if stated is ChannelState.CANCELLED:
        return Progress.CANCELLED
    return Progress.SHIPPED if stated is ChannelState.SHIPPED else Progress.OTHER


def _states_address(order: IncomingOrder) -> bool:
    return bool(order.ship_to.name or order.ship_to.line1)


def _states_money(order: IncomingOrder) -> bool:
    return bool(order.total or order.shipping or any(line.unit_price for line in order.lines))


def _with_ids(order: IncomingOrder, other: IncomingOrder) -> tuple[IncomingLine, ...]:
    """Return the lines, those with made-up ids under the ids that the other version knows."""
    if order.has_line_ids:
        return order.lines
    taken = _Pairs(other.lines)
    return tuple(
        line
        if (found := taken.match(line)) is None
        else replace(line, external_id=found.external_id)
        for line in order.lines
    )


def _with_prices(
    lines: tuple[IncomingLine, ...], known: tuple[IncomingLine, ...]
) -> tuple[IncomingLine, ...]:
    taken = _Pairs(known)
    return tuple(
        line
        if (found := taken.match(line)) is None
        else replace(line, unit_price=found.unit_price, discount=found.discount, tax=found.tax)
        for line in lines
    )


class _Pairs:
    """Pairs the lines of two versions by what is sold, each once; the same quantity first."""

    def __init__(self, lines: tuple[IncomingLine, ...]) -> None:
        self._left = list(lines)

    def match(self, line: IncomingLine) -> IncomingLine | None:
        """Return the other version's line for the same thing, or nothing."""
        same = [each for each in self._left if each.sku_text == line.sku_text]
        found = next((each for each in same if each.quantity == line.quantity), None)
        found = found or next(iter(same), None)
        if found is not None:
            self._left.remove(found)
        return found
