"""``ship``: say which parcel left with which number."""

from __future__ import annotations

import shlex

from app.cli.command import Answer, Call, Command, argument
from app.cli.orders import wanted_order
from app.cli.program import NAME, named
from app.cli.receipts import receipt
from app.cli.terminal import visible
from app.cli.wording import WORDING
from app.errors import RefusedError
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.order_parts import FulfilmentRow
from app.services.shipping import Parcel


def ship(call: Call) -> Answer:
    """Ship what one location has to ship of an order."""
    args = call.args
    order_id = wanted_order(call, args.order)
    detail = call.desk.read(order_detail, order_id, now=call.desk.now(), wording=WORDING)
    part = _part(detail, args.origin)
    parcel = Parcel(part.id, args.carrier, args.tracking, args.service)
    changes = call.desk.run("ship", parcels=[parcel], same_tracking=args.same_tracking)
    return receipt(changes, more={"order": detail.number, "location": part.location})


def ship_together(call: Call) -> Answer:
    """Ship several orders to one address in one parcel."""
    args = call.args
    ids = [wanted_order(call, text) for text in args.orders]
    return receipt(
        call.desk.run("ship_together", order_ids=ids, carrier=args.carrier,
                      tracking_number=args.tracking, service=args.service)
    )  # fmt: skip


def _part(detail: OrderDetail, origin: str) -> FulfilmentRow:
    """Return the one part that is meant.

    Raises:
        RefusedError: nothing waits to be shipped, or it is not clear which part.
    """
    waiting = [each for each in detail.fulfilment_orders if each.state == "open"]
    if not waiting:
        raise _nothing_to_ship(detail)
    meant = [each for each in waiting if origin in ("", each.location_code, each.location)]
    if len(meant) == 1:
        return meant[0]
    places = ", ".join(each.location_code for each in waiting)
    raise RefusedError(
        f"Order {visible(detail.number)} ships from {places}; it is not clear which parcel left. "
        "Nothing was changed.",
        f"Name one of them: --from {waiting[0].location_code}",
    )


def _nothing_to_ship(detail: OrderDetail) -> RefusedError:
    """Return why nothing of this order can leave, with what to do about exactly that."""
    number = visible(detail.number)
    why, advice = f"Order {number} has nothing that waits to be shipped", ""
    if detail.status in ("shipped", "cancelled"):
        why = f"Order {number} is {detail.status} already"
        advice = f"See its parcels and timeline: {_line('order', detail)}"
    elif detail.fulfilled_by_channel:
        why = f"The channel itself ships order {number}"
    elif detail.is_held:
        reasons = " ".join(each.reason for each in detail.holds if each.is_open)
        why = f"Order {number} is on hold: {visible(reasons)}".rstrip(" .:")
        advice = f"See its ways out: {_line('order', detail)}"
    elif detail.status == "open":
        why = f"Order {number} is not accepted yet"
        advice = f"Accept it first: {_line('route', detail, '--accept')}"
    return RefusedError(f"{why}; nothing was changed.", advice)


def _line(command: str, detail: OrderDetail, *words: str) -> str:
    return f"{NAME} {shlex.join([command, named(detail.number), *words])}"


COMMANDS = (
    Command(
        "ship",
        "say that a parcel left, with its carrier and tracking number",
        "ship 114-4442516-3992048 --carrier USPS --tracking 9400100000000000000001",
        ship,
        (
            argument("order", metavar="ORDER", help="its number, or the channel's own id"),
            argument("--carrier", required=True, metavar="NAME", help="as on the label"),
            argument("--tracking", required=True, metavar="NUMBER", help="as on the label"),
            argument("--service", default="", metavar="NAME", help="the carrier's service"),
            argument("--from", dest="origin", default="", metavar="LOCATION",
                     help="which parcel, when several locations ship the order"),
            argument("--same-tracking", action="store_true",
                     help="two orders in one parcel: the number may be used already"),
        ),
    ),
    Command(
        "ship-together",
        "say that several orders to one address left in one parcel",
        "ship-together 7165 7166 --carrier USPS --tracking 9400100000000000000001",
        ship_together,
        (
            argument("orders", nargs="+", metavar="ORDER", help="numbers, or the channel's own ids"),
            argument("--carrier", required=True, metavar="NAME", help="as on the label"),
            argument("--tracking", required=True, metavar="NUMBER", help="as on the label"),
            argument("--service", default="", metavar="NAME", help="the carrier's service"),
        ),
    ),
)  # fmt: skip
