"""``stock``: what lies where, what channels may be told; receive, adjust, move and count units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, whole_number
from app.cli.program import typed
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, number
from app.domain.search_fields import SKU_FIELDS
from app.errors import NotFoundError, RefusedError
from app.queries.inventory import InventoryRow, count_skus, inventory_rows, location_rows
from app.queries.settings import AccountRow, account_rows
from app.queries.stock_history import StockStep, steps_of, stock_steps

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
    accounts = desk.read(account_rows)
    steps = {row.id: _steps(call, row) for row in rows} if args.json or args.sku else {}
    return Answer(
        [_document(row, steps[row.id], accounts) for row in rows] if args.json else rows,
        lambda: _one(rows[0], steps[rows[0].id]) if args.sku else _many(rows, total, query),
    )


def _steps(call: Call, row: InventoryRow) -> tuple[StockStep, ...]:
    """Return a SKU's computation; a kit's has to be read from its components."""
    return call.desk.read(stock_steps, row.code) if row.is_kit else steps_of(row)


def _document(
    row: InventoryRow, steps: Sequence[StockStep], accounts: Sequence[AccountRow]
) -> dict[str, Any]:
    names = (
        "code", "title", "category", "is_kit", "on_hand", "reserved", "allocated", "unavailable",
        "incoming", "free", "atp", "is_low", "is_negative", "levels",
    )  # fmt: skip
    told = [{"channel": each.channel, "account": each.name, "atp": row.atp} for each in accounts]
    return {
        "sku": row.code,
        **{name: getattr(row, name) for name in names},
        "computation": list(steps),
        "atp_by_channel": told,
    }


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


def _one(row: InventoryRow, steps: Sequence[StockStep]) -> list[str]:
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
    computed = table(
        ("How the channels' number comes about", ">", ">Leaves"),
        [(each.label, f"{each.change:+}" if each.change else "", each.total) for each in steps],
    )
    head = visible(f"{row.code}  {row.title}")
    return [head, "", *([] if row.is_kit else [*levels, ""]), *computed]


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
