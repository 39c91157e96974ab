"""``shipments``: the parcels that left, how far they have come, and whether the channel knows."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, searching
from app.cli.program import typed
from app.cli.terminal import table
from app.cli.wording import counted, moment, number
from app.domain.search_fields import SHIPMENT_FIELDS
from app.queries.shipments import SORTS, ParcelRow, count_parcels, parcel_rows

SHOWN = 50
_TOLD = {
    "pending": "not yet", "sent": "told", "acked": "confirmed", "rejected": "refused",
    "in_doubt": "unclear", "dead": "given up", "recalled": "taken back",
}  # fmt: skip


def shipments(call: Call) -> Answer:
    """List the parcels that a search finds, the newest first."""
    desk, args = call.desk, call.args
    now = desk.now()
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = desk.read(
        parcel_rows, query=args.query, now=now, sort=args.sort, descending=not args.ascending,
        limit=limit,
    )  # fmt: skip
    total = desk.read(count_parcels, query=args.query, now=now)
    return Answer(rows, lambda: _list(rows, total, args.query))


def _list(rows: Sequence[ParcelRow], total: int, query: str) -> list[str]:
    if not total:
        if query:
            return ["No parcel is found by that search."]
        return [f"No parcel has left yet. Say that one did: {typed('ship', 'ORDER')}"]
    lines = table(
        ("Shipped", "Order", "Channel", "Told", "Parcel", "Carrier", "Tracking", "From", "Items"),
        [
            (
                moment(row.shipped_at), row.number, row.channel, _TOLD.get(row.told, ""),
                row.state, row.carrier, row.tracking_number, row.location, row.items,
            )
            for row in rows
        ],
    )  # fmt: skip
    said = counted(total, "parcel")
    return [
        *lines,
        "",
        said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more.",
    ]


_FIELDS = f"a search, such as is:untold. Fields: {', '.join(SHIPMENT_FIELDS.names)}"

COMMANDS = (
    Command(
        "shipments",
        "the parcels that left: where each one is, and whether its channel was told",
        'shipments --query "is:untold shipped:today"',
        shipments,
        (
            *searching(_FIELDS),
            argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"),
            argument("--sort", choices=sorted(SORTS), default="shipped_at",
                     help="default: when they left"),
            argument("--ascending", action="store_true", help="the first one first"),
        ),
    ),
)  # fmt: skip
