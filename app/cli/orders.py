"""``orders`` and ``order``: the queue, and one order with its whole timeline."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, searching
from app.cli.program import typed
from app.cli.terminal import table, visible
from app.cli.wording import WORDING, counted, moment, money, number
from app.domain.search_fields import ORDER_FIELDS
from app.errors import NotFoundError
from app.queries.order_detail import OrderDetail, find_order, order_detail
from app.queries.orders import QUEUE, SORTS, OrderRow, count_orders, order_rows

SHOWN = 50


def orders(call: Call) -> Answer:
    """List the orders that a search finds."""
    desk, args = call.desk, call.args
    now = desk.now()
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = desk.read(
        order_rows, query=args.query, now=now, sort=args.sort, descending=args.descending,
        limit=limit,
    )  # fmt: skip
    total = desk.read(count_orders, query=args.query, now=now)
    return Answer(rows, lambda: _queue(rows, total, args.query))


def _queue(rows: Sequence[OrderRow], total: int, query: str) -> list[str]:
    if not total:
        if query:
            return ["No order is found by that search."]
        return [f"There are no orders yet. Take some in: {typed('import', 'FILE')}"]
    lines = table(
        ("Order", "Channel", "Step", "Ship by", "Buyer", "To", "Items", "From", ">Shipping", ">Total"),
        [
            (
                row.number, row.channel, row.step, moment(row.ship_by), row.buyer_name,
                f"{row.state} {row.postcode}".strip(), row.items, row.location,
                money(row.route_cost, row.route_currency), money(row.total, row.currency),
            )
            for row in rows
        ],
    )  # fmt: skip
    said = counted(total, "order")
    return [
        *lines,
        "",
        said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more.",
    ]


def wanted_order(call: Call, text: str) -> int:
    """Return the order that a person means.

    Raises:
        NotFoundError: there is none.
    """
    found = call.desk.read(find_order, text)
    if found is None:
        raise NotFoundError(
            f"There is no order “{visible(text)}”.",
            "Give its number or the channel's own id; “orderdeck orders” lists them.",
        )
    return found


def order(call: Call) -> Answer:
    """Show one order, whole."""
    order_id = wanted_order(call, call.args.order)
    detail = call.desk.read(order_detail, order_id, now=call.desk.now(), wording=WORDING)
    return Answer(detail, lambda: _page(detail))


def _page(detail: OrderDetail) -> list[str]:
    parts = (_head(detail), _lines(detail), _route(detail), _open_points(detail), _timeline(detail))
    lines = [line for part in parts if part for line in ("", *part)]
    return [visible(line) for line in lines[1:]]


def _head(detail: OrderDetail) -> list[str]:
    to = detail.address
    street = ", ".join(part for part in (to.line1, to.line2, to.line3) if part)
    place = " ".join(part for part in (to.city, to.state, to.postcode, to.country) if part)
    return [
        f"Order {detail.number} on {detail.channel_name}: {detail.step}",
        f"{detail.buyer_name}, {counted(detail.units, 'unit')}, {money(detail.total, detail.currency)}",
        f"To: {', '.join(part for part in (to.name, to.company, street, place) if part)}",
        f"Ordered {moment(detail.placed_at)}, must ship by {moment(detail.ship_by)}"
        + (f", {detail.service}" if detail.service else ""),
    ]


def _lines(detail: OrderDetail) -> list[str]:
    rows = [
        (each.quantity, each.sku or each.sku_text, each.title, money(each.unit_price, detail.currency),
         each.claim_words)
        for each in detail.lines
    ]  # fmt: skip
    return table((">Units", "SKU", "Title", ">Each", "Stock"), rows)


def _route(detail: OrderDetail) -> list[str]:
    lines: list[str] = []
    words = detail.suggestion
    if words is not None and detail.decision is None:
        lines = [
            f"Suggestion: {words.headline} {words.reason}",
            *(f"  {each}" for each in words.goods),
        ]
        lines += [f"  {each.sentence}" for each in words.parcels]
        lines += [f"  or {each.sentence}" for each in words.alternatives]
        lines += [f"  not {each.sentence}" for each in words.refusals]
    if detail.decision is not None:
        lines.append(f"Decided: {detail.decision.sentence}")
    lines += [
        f"  {each.location} ships {each.items}: {each.state}"
        for each in detail.fulfilment_orders
        if each.state != "cancelled"
    ]
    lines += [
        f"  Parcel: {each.carrier} {each.tracking_number}, {each.told or 'sent'}"
        for each in detail.shipments
        if not each.is_voided
    ]
    return lines


def _open_points(detail: OrderDetail) -> list[str]:
    lines = [f"On hold: {each.reason}" for each in detail.holds if each.is_open]
    for change in detail.changes:
        if change.state == "open":
            lines += ["The channel changed it:", *(f"  {each}" for each in change.sentences)]
    lines += [
        f"Case: {each.title}. Ways out: {'; '.join(each.ways_out)}."
        for each in detail.cases
        if each.state == "open"
    ]
    lines += _money(detail)
    return lines + [f"Note by {each.actor}: {each.text}" for each in detail.notes]


_MONEY = {
    "expected": "payout expected", "booked": "booked, not paid out yet", "paid": "paid out; closed",
    "differs": "another amount was paid than was due",
}  # fmt: skip


def _money(detail: OrderDetail) -> list[str]:
    found = detail.money
    if found.state not in _MONEY:
        return []
    parts = (("sale", found.earned), ("fees", found.fees), ("postage", found.postage),
             ("refunds", found.refunds), ("other", found.other))  # fmt: skip
    said = ", ".join(f"{name} {money(value, found.currency)}" for name, value in parts if value)
    lines = [f"Money: {_MONEY[found.state]}{f' ({said})' if said else ''}."]
    return lines + [f"  {each.sentence}" for each in found.findings if each.state == "open"]


def _timeline(detail: OrderDetail) -> list[str]:
    return table(
        ("When", "Who", "What", ""),
        [(moment(each.at), each.who, each.title, each.detail) for each in detail.timeline],
    )


_FIELDS = f"a search, such as is:late channel:amazon,etsy. Fields: {', '.join(ORDER_FIELDS.names)}"

COMMANDS = (
    Command(
        "orders",
        "the queue: every order, or those that a search finds",
        'orders is:late channel:amazon --limit 20',
        orders,
        (
            *searching(_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
            argument("--sort", choices=(QUEUE, *sorted(SORTS)), default=QUEUE,
                     help="default: what is still to be done first, by its deadline"),
            argument("--descending", action="store_true", help="the last one first"),
        ),
    ),
    Command(
        "order",
        "one order with its suggestion, parcels, open points and whole timeline",
        "order 7165",
        order,
        (argument("order", metavar="ORDER", help="its number, or the channel's own id"),),
    ),
)  # fmt: skip
