"""What can be done about this order now? The ways out, the nearest one first; 1, 2 and 3 take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.queries.order_detail import OrderDetail
from app.queries.order_parts import HoldRow
from app.queries.order_siblings import SiblingRow

if TYPE_CHECKING:  # the actions ask for the choices, and the choices are actions
    from app.ui.pages.orders.actions import OrderActions

KEYS = 3
LIFTED_BY_HAND = (
    "BY_HAND",
    "ADDRESS_ZIP",
    "MOJIBAKE_SUSPECT",
    "TOTAL_MISMATCH",
    "AWAITING_PAYMENT",
)
_IN_THE_ADDRESS = ("ADDRESS_ZIP", "MOJIBAKE_SUSPECT")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out: what it is about, its words, and what it does."""

    about: str
    words: str
    run: Callable[[], object]


def joinable(detail: OrderDetail) -> list[SiblingRow]:
    """Return the orders that can go in one parcel with this one."""
    return [each for each in detail.siblings if not each.why_not]


def choices(detail: OrderDetail, actions: OrderActions) -> tuple[Choice, ...]:
    """Return every way out of one order, in the order in which they are shown."""
    if detail.status not in ("open", "accepted", "partly_shipped"):
        return ()
    found = [
        choice
        for hold in detail.holds if hold.is_open
        for choice in _of_hold(detail, hold, actions)
    ]  # fmt: skip
    found += _of_change(detail, actions)
    found += _of_shortage(detail, actions)
    found += _of_suggestion(detail, actions)
    unique = {(each.about, each.words): each for each in found}
    return tuple(unique.values())


def _of_hold(detail: OrderDetail, hold: HoldRow, actions: OrderActions) -> list[Choice]:
    about, found = f"hold:{hold.code}", []
    if hold.code in _IN_THE_ADDRESS and detail.status == "open":
        found.append(Choice(about, "Correct the address…", actions.correct_address))
    if hold.code in LIFTED_BY_HAND:
        found.append(Choice(about, "Release", actions.release))
    unmapped = [line for line in detail.lines if line.claim == "unmapped" and line.sku_text]
    if hold.code == "UNKNOWN_SKU" and unmapped:
        found.append(Choice(about, "Link to a SKU…", partial(actions.link, unmapped[0])))
    return found


def _of_change(detail: OrderDetail, actions: OrderActions) -> list[Choice]:
    if not any(change.state == "open" for change in detail.changes):
        return []
    return [Choice("change", "Take over the new version", actions.take_over),
            Choice("change", "Keep the old one", actions.keep)]  # fmt: skip


def _of_shortage(detail: OrderDetail, actions: OrderActions) -> list[Choice]:
    """Offer the two things that help."""
    if not detail.is_short or detail.status != "open":
        return []
    short = [line for line in detail.lines if line.claim == "short"]
    found = []
    if stocked := [line.sku for line in short if not line.is_kit]:
        found.append(Choice("short", "Receive stock…", partial(actions.receive, stocked[0])))
    if any(line.claim == "reserved" for line in detail.lines) and not detail.is_held:
        found.append(Choice("short", "Ship the rest of the order now", actions.ship_what_is_there))
    return found


def _of_suggestion(detail: OrderDetail, actions: OrderActions) -> list[Choice]:
    proposal = detail.suggestion
    if proposal is None or detail.status != "open" or detail.is_held or not proposal.parcels:
        return []
    found = [] if detail.is_short else [Choice("accept", "Accept", actions.accept)]
    found += [
        Choice(f"place:{other.location_id}", "Ship from here…",
               partial(actions.ship_from, other.location_id, other.location))
        for other in proposal.alternatives
    ]  # fmt: skip
    return found


def numbered(found: tuple[Choice, ...], about: str) -> list[tuple[str, Choice]]:
    """Return the choices about one thing, each with its key; those after the third have none."""
    return [
        (str(number) if number <= KEYS else "", choice)
        for number, choice in enumerate(found, 1)
        if choice.about == about
    ]
