"""``parcels``, ``parcel``, ``scan``, ``carrier-codes``: where parcels are, and what carriers mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.cli.command import Answer, Call, Command, argument, with_zone
from app.cli.program import typed
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment
from app.domain.tracking.statuses import Incident, TrackingStatus
from app.domain.tracking.wording import in_words, why
from app.errors import NotFoundError, RefusedError
from app.queries.carrier_codes import OwnMeaning, UnmappedCode, own_meanings, unmapped_codes
from app.queries.parcel_board import BoardColumn, board
from app.queries.shipments import ParcelDetail, parcel_detail, parcels_numbered

_STATUSES = tuple(each.value for each in TrackingStatus if each is not TrackingStatus.UNMAPPED)
_REASONS = tuple(each.name.lower() for each in Incident)


def parcels(call: Call) -> Answer:
    """Show the board: parcels by state, with the age of the oldest."""
    now = call.desk.now()
    columns = call.desk.read(board, now=now)
    return Answer(columns, lambda: _board(columns, now))


def _board(columns: Sequence[BoardColumn], now: datetime) -> list[str]:
    return table(
        ("State", "Parcels", "Not seen for", "Past the promise", "Next promise"),
        [
            (
                each.title, f"{each.count:,}", _hours(each.oldest_at, now), f"{each.late:,}",
                moment(each.next_promise_at) if each.next_promise_at else "",
            )
            for each in columns
        ],
    )  # fmt: skip


def _hours(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    hours = (now - at).total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"


def parcel(call: Call) -> Answer:
    """Tell one parcel's way."""
    found = [call.desk.read(parcel_detail, key) for key in _wanted(call)]
    return Answer(
        found if len(found) > 1 else found[0], lambda: [line for x in found for line in _way(x)]
    )


def _way(detail: ParcelDetail) -> list[str]:
    row = detail.row
    reason = why(row.incident)
    reason = f", {reason}" if reason and not reason.startswith(row.state) else ""
    head = [
        f"{row.carrier} {row.service}".strip() + f" {row.tracking_number}: {row.state}{reason}",
        f"Order {row.number}, from {row.location}, shipped {moment(row.shipped_at)}",
    ]
    if row.arrive_by:
        head.append(f"Promised by {moment(row.arrive_by)}")
    if row.expected_at:
        head.append(f"Expected {moment(row.expected_at)}")
    scans = table(
        ("When", "What", "Said", "Where", "Code", "From"),
        [
            (moment(each.at), in_words(each.means, each.incident), each.words, each.place,
             each.code, each.source.replace("file:", "import "))
            for each in detail.scans
        ],
    ) if detail.scans else [f"{row.carrier} has not reported a scan of it yet."]  # fmt: skip
    return [visible(each) for each in head] + ["", *scans]


def _wanted(call: Call) -> tuple[int, ...]:
    number = call.args.number
    keys = call.desk.read(parcels_numbered, number)
    if not keys:
        raise NotFoundError(
            f"No parcel has the tracking number “{visible(number)}”.",
            f"See them all: {typed('shipments')}",
        )
    return keys


def scan(call: Call) -> Answer:
    """Write what a person knows of a parcel into its timeline."""
    args = call.args
    return receipt(
        call.desk.run(
            "record_scan", shipment_ids=list(_wanted(call)), status=args.status,
            incident=args.why, at=_time(args.at), place=args.place, words=args.words,
        )
    )  # fmt: skip


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return with_zone(datetime.fromisoformat(text))
    except ValueError as error:
        raise RefusedError(
            f"“{visible(text)}” is no time; nothing was written.",
            "Write it as 2026-11-23T14:05 or 2026-11-23T14:05-05:00.",
        ) from error


def carrier_codes(call: Call) -> Answer:
    """List the codes without a meaning, and the meanings that were given here."""
    waiting = call.desk.read(unmapped_codes)
    own: Sequence[OwnMeaning] = call.desk.read(own_meanings) if call.args.all else []
    document: dict[str, Any] = {"waiting": waiting, **({"own": own} if call.args.all else {})}
    return Answer(document, lambda: _codes(waiting, own))


def _codes(waiting: Sequence[UnmappedCode], own: Sequence[OwnMeaning]) -> list[str]:
    lines = ["Every code that carriers used has a meaning."]
    if waiting:
        rows = [
            (each.carrier, each.code, each.words, f"{each.parcels:,}", moment(each.last_at))
            for each in waiting
        ]
        lines = table(("Carrier", "Code", "Words", "Parcels", "Last"), rows)
        lines += ["", f"{counted(len(waiting), 'code')} without a meaning. Say what one means: "
                  + typed("carrier-code", "CARRIER", "CODE", "--means", "STATE")]  # fmt: skip
    if own:
        meant = [
            (each.carrier, each.code, each.words, in_words(each.status, each.incident), each.actor,
             "ended" if each.ended_at else "")
            for each in own
        ]  # fmt: skip
        lines += ["", *table(("Carrier", "Code", "Words", "Means", "Said by", ""), meant)]
    return lines


def carrier_code(call: Call) -> Answer:
    """Give a code a meaning, or take it back."""
    args = call.args
    about = {"carrier": args.carrier, "code": args.code, "words": args.words}
    if args.forget:
        return receipt(call.desk.run("forget_meaning", **about))
    return receipt(
        call.desk.run("say_meaning", **about, status=args.means or "", incident=args.why)
    )


_NUMBER = argument("number", metavar="TRACKING", help="its tracking number")
_WHY = argument("--why", choices=_REASONS, default="", metavar="REASON",
                help=f"why it is not further: {', '.join(_REASONS)}")  # fmt: skip

COMMANDS = (
    Command(
        "parcels", "the board: parcels by state, the age of the oldest, and what is past its promise",
        "parcels", parcels, (),
    ),
    Command(
        "parcel", "one parcel's way in plain words", "parcel 9400100000000000000001", parcel,
        (_NUMBER,),
    ),
    Command(
        "scan", "say by hand where a parcel is",
        "scan 9400100000000000000001 --status delivered --words 'The customer wrote'",
        scan,
        (
            _NUMBER,
            argument("--status", required=True, choices=_STATUSES, metavar="STATE",
                     help=f"one of: {', '.join(_STATUSES)}"),
            _WHY,
            argument("--at", default="", metavar="TIME", help="default: now"),
            argument("--place", default="", metavar="PLACE", help="where it was"),
            argument("--words", default="", metavar="TEXT", help="what was said of it"),
        ),
    ),
    Command(
        "carrier-codes", "carriers' codes without a meaning",
        "carrier-codes", carrier_codes,
        (argument("--all", action="store_true", help="also every meaning that was given here"),),
    ),
    Command(
        "carrier-code", "say what a carrier's code means; it is read into the past",
        "carrier-code ups Q7 --means held --why weather",
        carrier_code,
        (
            argument("carrier", metavar="CARRIER", help="as carrier-codes lists it"),
            argument("code", metavar="CODE", help="as carrier-codes lists it; '' for words alone"),
            argument("--means", choices=_STATUSES, default="", metavar="STATE",
                     help=f"one of: {', '.join(_STATUSES)}"),
            _WHY,
            argument("--words", default="", metavar="TEXT",
                     help="only where these words stand beside it"),
            argument("--forget", action="store_true", help="take the meaning back"),
        ),
    ),
)  # fmt: skip
