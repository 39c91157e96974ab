"""What is wrong with what the desk counts at a location, and with codes and orders of a channel?"""

from __future__ import annotations

from datetime import datetime

from app.domain.mismatching.causes import Reason
from app.domain.mismatching.facts import (
    CodeFacts,
    Finding,
    Fix,
    Flaw,
    PlaceFacts,
    StrayOrder,
)
from app.domain.mismatching.ladder import Clock


def look_at(facts: PlaceFacts, clock: Clock) -> tuple[Finding, ...]:
    """Return every mismatch of a SKU at a location; each has one cause.

    A balance that its movements do not add up to comes first: then no other number can be trusted.
    What is below zero without any flaw that explains it comes last.
    """
    if facts.balance != facts.replayed:
        return (_broken(facts),)
    found = tuple(_of_flaw(facts, flaw, clock) for flaw in facts.flaws if not flaw.is_settled)
    return found or ((_below(facts, clock),) if facts.free < 0 else ())


def unlinked(facts: CodeFacts, clock: Clock) -> Finding:
    """Return that a channel offers, or has sold, something that means no SKU of ours."""
    said = f"{facts.channel} calls something “{facts.code}” that is linked to none of your SKUs"
    shows = f"{said}, and shows {facts.shown} of it." if facts.shown else f"{said}."
    waits = len(facts.order_ids)
    more = (f"{waits} {'order waits' if waits == 1 else 'orders wait'} for it.",) if waits else ()
    asked = {"account_id": facts.account_id, "alias": facts.code, "listing_id": facts.listing_id}
    return Finding(
        Reason.UNMAPPED_ALIAS, shows, facts.seen_at, None, None, facts.shown or None, facts.shown,
        (f"It was seen {clock(facts.seen_at)}; nobody tells it a number, so it may sell what is gone.",
         *more),
        facts.order_ids, Fix("", asked),
    )  # fmt: skip


def stray(facts: StrayOrder, clock: Clock) -> Finding:
    """Return that an order is there and not here, or here and not there."""
    if facts.is_here:
        said = f"Order {facts.number} is open here, and {facts.channel} does not know it."
        reason = Reason.UNKNOWN
    else:
        said = f"Order {facts.number} is on {facts.channel} and not here."
        reason = Reason.ORDER_NOT_IMPORTED
    evidence = (f"Known since {clock(facts.since)}.", *([facts.why] if facts.why else []))
    orders = (facts.order_id,) if facts.order_id is not None else ()
    return Finding(reason, said, facts.since, None, None, None, 0, evidence, orders)


def _of_flaw(facts: PlaceFacts, flaw: Flaw, clock: Clock) -> Finding:
    right = facts.replayed + flaw.units
    sums = f"The movements of {facts.sku} at {facts.place} add up to {facts.replayed}"
    return Finding(
        flaw.reason, flaw.says, flaw.since, right, facts.balance, None, -flaw.units,
        (f"{sums}; {right} would be right.", f"It began {clock(flaw.since)}."),
        flaw.order_ids, flaw.fix,
    )  # fmt: skip


def _broken(facts: PlaceFacts) -> Finding:
    said = (f"The desk counts {facts.balance} of {facts.sku} at {facts.place}; its movements add up "
            f"to {facts.replayed}.")  # fmt: skip
    return Finding(Reason.UNKNOWN, said, facts.now, facts.replayed, facts.balance, None,
                   facts.balance - facts.replayed, ("“orderdeck verify” checks the whole ledger.",))  # fmt: skip


def _below(facts: PlaceFacts, clock: Clock) -> Finding:
    since: datetime = facts.below_since or facts.now
    said = f"{facts.sku} is {-facts.free} below zero at {facts.place}, and nothing explains it."
    return Finding(Reason.UNKNOWN, said, since, 0, facts.free, None, facts.free,
                   (f"It last moved {clock(since)}.", "Count the shelf."))  # fmt: skip
