"""``ledger``: the movements behind a number, and what they add up to at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, with_zone
from app.cli.orders import wanted_order
from app.cli.terminal import table, visible
from app.cli.wording import moment, number
from app.domain.inventory import Bucket
from app.domain.promising.gap import explain
from app.errors import RefusedError
from app.queries.stock_history import BalanceRow, MovementRow, movements
from app.queries.time_machine import Then, at_moment, oversold

SHOWN = 50


def ledger(call: Call) -> Answer:
    """Show a SKU's movements and balances, now or as of a moment."""
    args = call.args
    at = None if args.at is None else _moment(args.at)
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = call.desk.read(
        movements, args.sku, location=args.location, bucket=args.bucket, at=at, limit=limit
    )
    then = call.desk.read(at_moment, args.sku, at=at or call.desk.now())
    document = {
        "sku": args.sku, "at": at, "balances": then.balances, "for_sale": then.for_sale,
        "channels": then.accounts, "movements": rows,
    }  # fmt: skip
    return Answer(document, lambda: [*_lines(args.sku, at, then.balances, rows), *_told(then)])


def _told(then: Then) -> list[str]:
    """Show what channels were told and showed, and what would have been right."""
    if not then.accounts:
        return []
    rows = [
        (
            each.account, _units(each.right), _units(each.told), _when(each.told_at),
            _units(each.waiting), _units(each.shows), _when(each.shown_at),
        )
        for each in then.accounts
    ]  # fmt: skip
    head = ("Channel", ">Right", ">Told", "at", ">Waits", ">Shows", "since")
    return ["", f"{number(then.for_sale)} could be sold.", "", *table(head, rows)]


def _units(units: int | None) -> str:
    return "–" if units is None else number(units)


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""


def why_short(call: Call) -> Answer:
    """Say why an order could not be filled when it came in: the exact gap."""
    order_id = wanted_order(call, call.args.order)
    gaps = call.desk.read(oversold, order_id)
    stories = [explain(gap, moment) for gap in gaps]
    document = [{"sku": gap.sku, "missing": gap.missing, "gap": gap, "story": story}
                for gap, story in zip(gaps, stories, strict=True)]  # fmt: skip
    nothing = ["Everything that it asked for was there when it came in."]
    return Answer(document, lambda: [line for story in stories for line in (*story, "")] or nothing)


def _moment(text: str) -> datetime:
    """Return the moment that is meant; a day without a time means its end.

    Raises:
        RefusedError: it is neither a day nor a time.
    """
    try:
        if len(text) == 10:
            return with_zone(datetime.combine(date.fromisoformat(text), time.max))
        return with_zone(datetime.fromisoformat(text))
    except ValueError as error:
        raise RefusedError(
            f"“{visible(text)}” is no day and no time; nothing was looked up.",
            "Write 2026-10-12, or 2026-10-12T14:30.",
        ) from error


def _lines(
    sku: str, at: datetime | None, balances: Sequence[BalanceRow], rows: Sequence[MovementRow]
) -> list[str]:
    if not rows:
        when = f" up to {moment(at)}" if at else ""
        return [visible(f"Nothing has moved of {sku}{when}.")]
    return [
        visible(f"{sku}, {f'as of {moment(at)}' if at else 'now'}"),
        "",
        *table(
            ("Where", "What", ">Units"),
            [(each.location or "all", each.bucket_words, number(each.quantity)) for each in balances],
        ),
        "",
        *table(
            ("When", ">Units", "What", "Where", ">Balance", "Why", "Order", "Who"),
            [
                (
                    moment(row.at), f"{row.quantity:+}", row.bucket_words, row.location,
                    number(row.balance), _why(row), row.order_number, row.actor,
                )
                for row in rows
            ],
        ),
    ]  # fmt: skip


def _why(row: MovementRow) -> str:
    return f"{row.cause_words}: {row.reason}" if row.reason else row.cause_words


COMMANDS = (
    Command(
        "ledger",
        "the movements behind a SKU's numbers, now or as of any moment",
        "ledger --sku TEA-BRK-100 --at 2026-10-12",
        ledger,
        (
            argument("--sku", required=True, metavar="SKU", help="the exact code"),
            argument("--at", metavar="TIME", help="leave out what happened later: 2026-10-12T14:30"),
            argument("--location", metavar="CODE", help="only here"),
            argument("--bucket", choices=tuple(bucket.value for bucket in Bucket),
                     help="only these units"),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"newest so many (default {SHOWN}; all with --json)"),
        ),
    ),
    Command(
        "why-short",
        "why an order could not be filled: what its channel had been told, and what sold meanwhile",
        "why-short ST-553",
        why_short,
        (argument("order", metavar="ORDER", help="its number"),),
    ),
)  # fmt: skip
