"""``ledger``: the movements behind a number, and what they add up to at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from app.cli.command import Answer, Call, Command, amount_of_rows, argument
from app.cli.terminal import table, visible
from app.cli.wording import moment, number
from app.domain.inventory import Bucket
from app.errors import RefusedError
from app.queries.stock_history import BalanceRow, MovementRow, balances_at, movements

SHOWN = 50


def ledger(call: Call) -> Answer:
    """Show a SKU's movements and balances, now or as of a moment."""
    args = call.args
    at = None if args.at is None else _moment(args.at)
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = call.desk.read(
        movements, args.sku, location=args.location, bucket=args.bucket, at=at, limit=limit
    )
    balances = call.desk.read(balances_at, args.sku, at=at)
    document = {"sku": args.sku, "at": at, "balances": balances, "movements": rows}
    return Answer(document, lambda: _lines(args.sku, at, balances, rows))


def _moment(text: str) -> datetime:
    """Return the moment that is meant; a day without a time means its end.

    Raises:
        RefusedError: it is neither a day nor a time.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max).astimezone()
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError, OSError) as error:
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
        "ledger --sku TEA-001 --at 2026-10-12",
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
)  # fmt: skip
