"""``stock``: what lies where, and what channels may be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli import stockroom
from app.cli.command import Answer, Call, Command, amount_of_rows, argument
from app.cli.program import typed
from app.cli.terminal import table, visible
from app.cli.wording import counted, number
from app.domain.promising.waterfall import Promise, Step
from app.domain.search_fields import SKU_FIELDS
from app.errors import NotFoundError
from app.queries.inventory import InventoryRow, count_skus, inventory_rows
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


_FIELDS = f"a search, such as is:negative. Fields: {', '.join(SKU_FIELDS.names)}"

COMMANDS = (
    Command(
        "stock",
        "what lies where, and how that becomes the number that channels are told",
        "stock --sku TEA-BRK-100",
        stock,
        (
            argument("--sku", metavar="SKU", help="one SKU, with its computation"),
            argument("--query", default="", metavar="SEARCH", help=_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
        ),
    ),
    *stockroom.ON_SHELVES,
)  # fmt: skip
