"""``ship``: say which parcel left with which number."""

from __future__ import annotations

from app.cli.command import Answer, Call, Command, argument
from app.cli.orders import wanted_order
from app.cli.receipts import receipt
from app.cli.terminal import visible
from app.cli.wording import WORDING
from app.errors import RefusedError
from app.queries.order_detail import order_detail
from app.queries.order_parts import FulfilmentRow
from app.services.shipping import Parcel


def ship(call: Call) -> Answer:
    """Ship what one location has to ship of an order."""
    args = call.args
    order_id = wanted_order(call, args.order)
    detail = call.desk.read(order_detail, order_id, now=call.desk.now(), wording=WORDING)
    part = _part(detail.number, detail.fulfilment_orders, args.origin)
    parcel = Parcel(part.id, args.carrier, args.tracking, args.service)
    changes = call.desk.run("ship", parcels=[parcel], same_tracking=args.same_tracking)
    return receipt(changes, more={"order": detail.number, "location": part.location})


def _part(number: str, parts: tuple[FulfilmentRow, ...], origin: str) -> FulfilmentRow:
    """Return the one part that is meant.

    Raises:
        RefusedError: nothing waits to be shipped, or it is not clear which part.
    """
    waiting = [each for each in parts if each.state == "open"]
    if not waiting:
        raise RefusedError(
            f"Order {visible(number)} has nothing that waits to be shipped; nothing was changed.",
            f"If it is not accepted yet: orderdeck route {visible(number)} --accept",
        )
    meant = [each for each in waiting if origin in ("", each.location_code, each.location)]
    if len(meant) == 1:
        return meant[0]
    places = ", ".join(each.location_code for each in waiting)
    raise RefusedError(
        f"Order {visible(number)} ships from {places}; it is not clear which parcel left. "
        "Nothing was changed.",
        f"Name one of them: --from {waiting[0].location_code}",
    )


COMMANDS = (
    Command(
        "ship",
        "say that a parcel left, with its carrier and tracking number",
        "ship 1001 --carrier USPS --tracking 9400100000000000000001",
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
)  # fmt: skip
