"""``stock``: what lies where, what channels may be told; receive, adjust, move and count units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, whole_number
from app.cli.program import typed
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, number
from app.domain.promising.waterfall import Promise, Step
from app.domain.search_fields import SKU_FIELDS
from app.errors import NotFoundError, RefusedError
from app.queries.inventory import InventoryRow, count_skus, inventory_rows, location_rows
from app.queries.promising import promises_by_sku
from app.queries.stock_history import stock_steps

SHOWN = 50


def stock(call: Call) -> Answer:
    """List SKUs with their stock by location, and how that becomes what channels are told."""
    desk, args = call.desk, call.args
    query = f'{args.query} sku:"{args.sku}"'.strip() if args.sku else args.query
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = desk.read(inventory_rows, query=query, limit=limit)
    if args.sku and not rows:
        raise NotFoundError(
            f"There is no SKU “{visible(args.sku)}”.", "“orderdeck stock” lists those there are."
        )
    total = desk.read(count_skus, query=query)
    if not args.json and not args.sku:
        return Answer(rows, lambda: _many(rows, total, query))
    told = desk.read(promises_by_sku, [row.id for row in rows], now=desk.now())
    steps = {row.id: desk.read(stock_steps, row.code, now=desk.now()) for row in rows}
    return Answer(
        [_document(row, steps[row.id], told[row.id]) for row in rows],
        lambda: _one(rows[0], steps[rows[0].id], told[rows[0].id]),
    )


def _document(
    row: InventoryRow, steps: Sequence[Step], promises: Sequence[Promise]
) -> dict[str, Any]:
    names = (
        "code", "title", "category", "is_kit", "on_hand", "reserved", "allocated", "unavailable",
        "incoming", "free", "atp", "is_low", "is_negative", "levels",
    )  # fmt: skip
    return {
        "sku": row.code,
        **{name: getattr(row, name) for name in names},
        "computation": [_step(each) for each in steps],
        "atp_by_channel": [_told(each) for each in promises],
    }


def _told(promise: Promise) -> dict[str, Any]:
    """Say what an account is told: ``atp`` is null where it is told nothing, and why."""
    return {
        "channel": promise.outlet.channel,
        "account": promise.outlet.name,
        "atp": promise.units,
        "only_here": promise.exclusive,
        "told_nothing_because": promise.withheld,
        "computation": [_step(each) for each in promise.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    kind, name = step.opens
    return {
        "label": step.label, "change": step.change, "before": step.before, "total": step.after,
        "why": step.why, "opens": {"kind": kind, "name": name} if kind else None,
    }  # fmt: skip


def _many(rows: Sequence[InventoryRow], total: int, query: str) -> list[str]:
    if not total:
        if query:
            return ["No SKU is found by that search."]
        return [f"There are no SKUs yet. Take a catalogue in: {typed('import', 'FILE')}"]
    lines = table(
        ("SKU", "Title", ">On hand", ">Reserved", ">Allocated", ">Channels", "Where"),
        [
            (
                row.code, row.title, number(row.on_hand), number(row.reserved),
                number(row.allocated), number(row.atp), _where(row),
            )
            for row in rows
        ],
    )  # fmt: skip
    said = counted(total, "SKU")
    return [
        *lines,
        "",
        said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more.",
    ]


def _where(row: InventoryRow) -> str:
    if row.is_kit:
        return "kit"
    return ", ".join(f"{each.location_code} {each.on_hand}" for each in row.levels if each.on_hand)


def _one(row: InventoryRow, steps: Sequence[Step], promises: Sequence[Promise]) -> list[str]:
    levels = table(
        ("Location", ">On hand", ">Allocated", ">Unavailable", ">Safety stock", ">Free"),
        [
            (
                each.location, number(each.on_hand), number(each.allocated),
                number(each.unavailable), number(each.safety_stock), number(each.free),
            )
            for each in row.levels
        ],
    )  # fmt: skip
    computed = _sum("How many are for sale", steps)
    head = visible(f"{row.code}  {row.title}")
    shared = 0 if row.is_kit else len(steps) - 1
    told = table(
        ("Channel", "Step", ">", ">Leaves", "Why"),
        [line for each in promises for line in _channel(each, shared)],
    )
    return [head, "", *([] if row.is_kit else [*levels, ""]), *computed, "", *told]


def _sum(title: str, steps: Sequence[Step]) -> list[str]:
    return table(
        (title, ">", ">Leaves", "Why"),
        [_line(each) for each in steps],
    )


def _channel(promise: Promise, shared: int) -> list[tuple[str, ...]]:
    """Show an account's own steps, after those that all share; or why it is told nothing."""
    name = promise.outlet.name
    if promise.units is None:
        return [(name, "is told nothing", "", "", promise.withheld)]
    rows = [_line(step) for step in promise.steps[shared:-1]]
    *_, last = promise.steps
    return [*((name, *row) for row in rows), (name, "is told", "", number(last.after), last.why)]


def _line(step: Step) -> tuple[str, str, str, str]:
    return (step.label, f"{step.change:+}" if step.change else "", number(step.after), step.why)


def _location(call: Call) -> str:
    """Return the location that was named, or the only one that there is.

    Raises:
        RefusedError: there are several and none was named.
    """
    if call.args.location:
        return str(call.args.location)
    codes = [row.code for row in call.desk.read(location_rows)]
    if len(codes) != 1:
        raise RefusedError(
            "It is not clear at which location; nothing was changed.",
            f"Name one with --location: {', '.join(codes)}.",
        )
    return codes[0]


def receive(call: Call) -> Answer:
    """Put received units on the shelf."""
    return _run(call, "receive", location=_location(call), quantity=call.args.quantity)


def adjust(call: Call) -> Answer:
    """Add or take out units by hand."""
    return _run(call, "adjust", location=_location(call), quantity=call.args.quantity)


def count(call: Call) -> Answer:
    """Take over a physical count."""
    return _run(call, "count", location=_location(call), counted=call.args.counted)


def transfer(call: Call) -> Answer:
    """Move units between locations."""
    args = call.args
    return _run(call, "transfer", origin=args.origin, destination=args.to, quantity=args.quantity)


def _run(call: Call, operation: str, **arguments: Any) -> Answer:
    return receipt(
        call.desk.run(operation, sku=call.args.sku, reason=call.args.reason, **arguments)
    )


_SKU = argument("--sku", required=True, metavar="SKU", help="the exact code")
_LOCATION = argument(
    "--location", default="", metavar="CODE", help="default: the only one there is"
)
_UNITS = argument("--quantity", type=whole_number, required=True, metavar="N", help="units")
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with the movement")
_MUST_REASON = argument("--reason", required=True, metavar="TEXT", help="kept with the movement")
_FIELDS = f"a search, such as is:negative. Fields: {', '.join(SKU_FIELDS.names)}"

COMMANDS = (
    Command(
        "stock",
        "what lies where, and how that becomes the number that channels are told",
        "stock --sku TEA-001",
        stock,
        (
            argument("--sku", metavar="SKU", help="one SKU, with its computation"),
            argument("--query", default="", metavar="SEARCH", help=_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
        ),
    ),
    Command("stock receive", "put received units on the shelf",
            "stock receive --sku TEA-001 --location GARAGE --quantity 24", receive,
            (_SKU, _LOCATION, _UNITS, _REASON)),
    Command("stock adjust", "add or take out units, with a reason",
            "stock adjust --sku TEA-001 --location GARAGE --quantity -2 --reason damaged", adjust,
            (_SKU, _LOCATION, _UNITS, _MUST_REASON)),
    Command("stock transfer", "move units from one location to another",
            "stock transfer --sku TEA-001 --from GARAGE --to SHOP --quantity 6", transfer,
            (_SKU, argument("--from", dest="origin", required=True, metavar="CODE", help="from here"),
             argument("--to", required=True, metavar="CODE", help="to there"), _UNITS, _REASON)),
    Command("stock count", "take over what was counted on the shelf",
            "stock count --sku TEA-001 --location GARAGE --counted 22", count,
            (_SKU, _LOCATION,
             argument("--counted", type=whole_number, required=True, metavar="N", help="units on the shelf"),
             _REASON)),
)  # fmt: skip
