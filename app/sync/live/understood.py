"""What keeps an order back that came as an answer? The same checks for every channel.

How the amounts add up is said in ``app.sync.files.orders``. Which of the channel's own readings
holds (tax contained in prices or added, the channel's own tax in the total or not) is told by the
total that it states.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.money import to_decimal
from app.domain.orders import ChannelState, HoldCode, IncomingOrder, MapperHold
from app.sync.files.address_checks import address_holds, missing_sku
from app.sync.files.totals import adds_up, lines_total, total_mismatch
from app.sync.live.payload import Part

_MOST_NAMED = 5


def settled(
    order: IncomingOrder, part: Part, *, also: Iterable[int] = (), refunds_units: bool = False
) -> IncomingOrder:
    """Return the order with every hold that it needs, one of a kind.

    ``also`` are other sums that the stated total may be, by the channel's own rules. A channel that
    ``refunds_units`` takes what was refunded off the lines; elsewhere a refund is only money.
    """
    holds = (*order.holds, *_unread(part, order.channel), *_below_zero(order))
    if order.state in (ChannelState.SHIPPED, ChannelState.CANCELLED) or order.fulfilled_by_channel:
        return replace(order, holds=_one_of_a_kind(holds))
    holds = (*holds, *_no_lines(order), *_no_address(order), *missing_sku(order))
    holds = (*holds, *address_holds(order, look_for_mojibake=True))
    holds = holds if refunds_units else (*holds, *_refunded_in_part(order))
    return replace(order, holds=_one_of_a_kind((*holds, *_mismatch(order, also))))


def own_sum(order: IncomingOrder) -> int:
    """Return what the parts of an order come to, in minor units."""
    return lines_total(order.lines) + order.shipping + order.tax - order.discount


def _mismatch(order: IncomingOrder, also: Iterable[int]) -> tuple[MapperHold, ...]:
    computed, total = own_sum(order), order.total
    if total is not None and any(adds_up(total, x, order.currency) for x in also):
        return ()
    return total_mismatch(total, computed, order.currency, source="the channel")


def _below_zero(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Hold an order of which something costs less than nothing: a sign that is read wrongly."""
    stated = [
        *(x for line in order.lines for x in (line.unit_price, line.tax)),
        *(refund.amount for refund in order.refunds),
    ]
    if all(amount >= 0 for amount in stated):
        return ()
    reason = "The channel states an amount below zero. Compare the order with the channel."
    return (MapperHold(HoldCode.TOTAL_MISMATCH, reason),)


def _no_lines(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Hold an open order of which nobody says what to ship."""
    if any(line.quantity for line in order.lines) or order.state is not ChannelState.OPEN:
        return ()
    reason = "The channel does not say what was bought. Look at the order there."
    return (MapperHold(HoldCode.STATUS_UNCLEAR, reason),)


def _no_address(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Hold an open order with goods to ship of which nobody says where to."""
    to = order.ship_to
    is_shipped = any(line.quantity and line.requires_shipping for line in order.lines)
    if not is_shipped or to.line1 or to.city or to.postcode or order.state is not ChannelState.OPEN:
        return ()
    reason = (
        "The channel gives no address for this order: its buyer picks it up, or the address is "
        "withheld. Release it only if you know where it goes."
    )
    return (MapperHold(HoldCode.STATUS_UNCLEAR, reason),)


def _refunded_in_part(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Hold an open order of which something was paid back: nobody says which units stay at home."""
    back = sum(refund.amount for refund in order.refunds)
    if back <= 0 or order.state is not ChannelState.OPEN:
        return ()
    reason = (
        f"The channel gave {to_decimal(back, order.currency)} {order.currency} back to the buyer and does not say for which "
        "units. Look there what is still to be shipped."
    )
    return (MapperHold(HoldCode.REFUNDED_IN_PART, reason),)


def _unread(part: Part, channel: str) -> tuple[MapperHold, ...]:
    if not part.unread:
        return ()
    named = ", ".join(f"“{x}”" for x in part.unread[:_MOST_NAMED])
    more = len(part.unread) - _MOST_NAMED
    reason = (
        f"{channel.capitalize()} states {named}{f' and {more} more' if more > 0 else ''} in a way "
        "that is new here, so it was left out. Compare the order with the channel, then release it."
    )
    return (MapperHold(HoldCode.STATUS_UNCLEAR, reason),)


def _one_of_a_kind(holds: Iterable[MapperHold]) -> tuple[MapperHold, ...]:
    """Join the reasons of holds of one kind: an order carries each kind once."""
    reasons: dict[HoldCode, list[str]] = {}
    for hold in holds:
        said = reasons.setdefault(hold.code, [])
        if hold.reason not in said:
            said.append(hold.reason)
    return tuple(MapperHold(code, " ".join(said)) for code, said in reasons.items())
