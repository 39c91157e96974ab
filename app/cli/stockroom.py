"""``stock receive`` and its kin: units arrive, move, break, come back and are counted."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.cli.command import Answer, Call, Command, amount_of_rows, argument, whole_number
from app.cli.deciding import moment_of
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment, number
from app.domain.inventory import SET_ASIDE
from app.errors import RefusedError
from app.queries import inbound
from app.queries.inbound import CountRow, DeliveryRow
from app.queries.inventory import location_rows


def location_of(call: Call) -> str:
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


def _lines(call: Call) -> list[tuple[str, int]]:
    """Return the SKUs and units that were named, as SKU=N or with --sku and --quantity."""
    found = [units_of(text) for text in call.args.line or ()]
    if call.args.sku is not None:
        if call.args.quantity is None:
            raise RefusedError("It is not clear how many; nothing was changed.",
                               "Name the units with --quantity.")  # fmt: skip
        found.append((call.args.sku, call.args.quantity))
    return found


def units_of(text: str) -> tuple[str, int]:
    """Return the SKU and its units that were written as SKU=N.

    Raises:
        RefusedError: it is neither.
    """
    code, _is, units = text.rpartition("=")
    try:
        count = amount_of_rows(units)
    except ArgumentTypeError:
        code, count = "", 0
    if not code:
        raise RefusedError(f"“{visible(text)}” names no SKU and units; nothing was changed.",
                           "Write it as TEA-001=24.")  # fmt: skip
    return code, count


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the units of each SKU: one that was named twice has both."""
    found: Counter[str] = Counter()
    for code, units in lines:
        found[code] += units
    return dict(found)


def _single(call: Call) -> dict[str, Any]:
    lines = _lines(call)
    if len(lines) != 1:
        raise RefusedError("It is not clear which SKU; nothing was changed.",
                           "Name one with --sku and --quantity.")  # fmt: skip
    return {"sku": lines[0][0], "quantity": lines[0][1]}


def receive(call: Call) -> Answer:
    """Put received units on the shelf, of a delivery or just so."""
    args = call.args
    if not args.delivery:
        if args.last:
            raise RefusedError("Only a delivery can be over; nothing was received.",
                               "Name it with --delivery.")  # fmt: skip
        where = {"location": location_of(call), "reason": args.reason}
        return receipt(call.desk.run("receive", **_single(call), **where))
    receipt_id = call.desk.read(inbound.delivery_id, args.delivery)
    arrived = _lines(call) or ([] if args.last else _all_of_it(call, args.delivery))
    return receipt(
        call.desk.run(
            "receive_expected", receipt_id=receipt_id, arrived=summed(arrived), is_last=args.last,
            reason=args.reason,
        )
    )  # fmt: skip


def _all_of_it(call: Call, delivery: str) -> list[tuple[str, int]]:
    row = next(r for r in call.desk.read(inbound.deliveries, with_closed=True)
               if r.number == delivery)  # fmt: skip
    return [(line.sku, line.outstanding) for line in row.lines if line.outstanding]


def expect(call: Call) -> Answer:
    """Write down a delivery that was ordered."""
    args = call.args
    return receipt(
        call.desk.run(
            "expect", location=location_of(call), lines=_lines(call), supplier=args.supplier,
            expected_at=_on(args.on), note=args.note, number=args.number,
        )
    )  # fmt: skip


def _on(text: str | None) -> datetime | None:
    return None if text is None else moment_of(text)


def cancel_delivery(call: Call) -> Answer:
    """Expect the rest of a delivery no longer."""
    receipt_id = call.desk.read(inbound.delivery_id, call.args.delivery)
    return receipt(call.desk.run("cancel_expected", receipt_id=receipt_id, reason=call.args.reason))


def deliveries(call: Call) -> Answer:
    """List what is on its way."""
    rows = call.desk.read(inbound.deliveries, sku=call.args.sku, with_closed=call.args.all)
    return Answer(rows, lambda: _deliveries(rows))


def _deliveries(rows: Sequence[DeliveryRow]) -> list[str]:
    if not rows:
        return ["Nothing is on its way."]
    shown = [
        (row.number, row.comes_from, row.location,
         moment(row.expected_at) if row.expected_at else "no date", line.sku,
         number(line.expected), number(line.received), number(line.outstanding))
        for row in rows
        for line in row.lines
    ]  # fmt: skip
    head = ("Delivery", "From", "To", "Expected", "SKU", ">Units", ">Received", ">To come")
    return [*table(head, shown), "", counted(len(rows), "delivery", "deliveries")]


def adjust(call: Call) -> Answer:
    """Add or take out units by hand."""
    args = call.args
    where = {"sku": args.sku, "location": location_of(call), "reason": args.reason}
    return receipt(call.desk.run("adjust", quantity=args.quantity, **where))


def transfer(call: Call) -> Answer:
    """Move units between locations: at once, or on their way until they are received."""
    args = call.args
    if args.travels:
        return receipt(
            call.desk.run(
                "send_transfer", origin=args.origin, destination=args.to, lines=_lines(call),
                expected_at=_on(args.on), note=args.reason,
            )
        )  # fmt: skip
    where = {"origin": args.origin, "destination": args.to, "reason": args.reason}
    return receipt(call.desk.run("transfer", **_single(call), **where))


def count(call: Call) -> Answer:
    """Take over a physical count."""
    args = call.args
    where = {"sku": args.sku, "location": location_of(call), "reason": args.reason}
    return receipt(call.desk.run("count", counted=args.counted, at=_on(args.at), **where))


def _aside(operation: str) -> Any:
    """Return a command that sets units aside, puts them back, or lets them go."""

    def run(call: Call) -> Answer:
        args = call.args
        where = {"sku": args.sku, "location": location_of(call), "reason": args.reason}
        return receipt(call.desk.run(operation, quantity=args.quantity, bucket=args.kind, **where))

    return run


def counts(call: Call) -> Answer:
    """List the counts that are open."""
    rows = call.desk.read(inbound.counts, with_closed=call.args.all)
    return Answer(rows, lambda: _counts(rows))


def _counts(rows: Sequence[CountRow]) -> list[str]:
    if not rows:
        return ["Nothing is being counted."]
    lines: list[str] = []
    for row in rows:
        lines.append(visible(f"Count {row.id} at {row.location}, {row.state}, "
                             f"{number(row.done)} of {counted(len(row.lines), 'SKU')} counted"))  # fmt: skip
        done = [line for line in row.lines if line.counted is not None]
        lines += table(
            ("SKU", ">Counted", ">Expected", ">Difference", "By"),
            [
                (line.sku, number(line.counted or 0), number(line.expected or 0),
                 f"{line.difference:+}", line.counted_by)
                for line in done
            ],
        )  # fmt: skip
    return lines


def start_count(call: Call) -> Answer:
    """Begin to count a location."""
    changes = call.desk.run(
        "start_count", location=location_of(call), codes=call.args.skus, note=call.args.note
    )
    return receipt(changes, more={"count": changes.done[0]})


def enter_count(call: Call) -> Answer:
    """Note what lies on a shelf."""
    args = call.args
    return receipt(
        call.desk.run("enter_count", count_id=args.count, sku=args.sku, units=args.counted)
    )


def _of_count(operation: str) -> Any:
    def run(call: Call) -> Answer:
        return receipt(call.desk.run(operation, count_id=call.args.count))

    return run


_SKU = argument("--sku", required=True, metavar="SKU", help="the exact code")
_ANY_SKU = argument("--sku", metavar="SKU", help="the exact code")
_LOCATION = argument(
    "--location", default="", metavar="CODE", help="default: the only one there is"
)
_UNITS = argument("--quantity", type=whole_number, required=True, metavar="N", help="units")
_ANY_UNITS = argument("--quantity", type=whole_number, metavar="N", help="units of --sku")
_LINE = argument("--line", action="append", metavar="SKU=N", help="several: SKU and units of each")
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with the movement")
_MUST_REASON = argument("--reason", required=True, metavar="TEXT", help="kept with the movement")
_ON = argument("--on", metavar="DATE", help="when it is expected")
_DELIVERY = argument(
    "--delivery", default="", metavar="NUMBER", help="of this delivery, such as R-12"
)
_WITH_CLOSED = argument("--all", action="store_true", help="those that are over, too")
_COUNT = argument("--count", type=whole_number, required=True, metavar="ID", help="which count")
_ASIDE = (_SKU, _LOCATION, _UNITS, argument("--kind", default=SET_ASIDE[0].value,
          choices=tuple(bucket.value for bucket in SET_ASIDE), help="why it is not for sale"))  # fmt: skip

ON_SHELVES = (
    Command("stock receive", "put received units on the shelf, of a delivery or just so",
            "stock receive --sku TEA-BRK-100 --location STUDIO --quantity 24", receive,
            (_ANY_SKU, _LOCATION, _ANY_UNITS, _LINE, _DELIVERY,
             argument("--last", action="store_true", help="nothing more of the delivery will come"),
             _REASON)),
    Command("stock expect", "write down a delivery that was ordered",
            "stock expect --location STUDIO --line TEA-BRK-100=48 --supplier Leaf --on 2026-12-01", expect,
            (_ANY_SKU, _ANY_UNITS, _LINE, _LOCATION,
             argument("--supplier", default="", metavar="NAME", help="who sends it"), _ON,
             argument("--number", default="", metavar="NUMBER", help="what the supplier calls it"),
             argument("--note", default="", metavar="TEXT", help="kept with it"))),
    Command("stock deliveries", "what is on its way, from suppliers and between locations",
            "stock deliveries", deliveries, (_ANY_SKU, _WITH_CLOSED)),
    Command("stock cancel", "expect the rest of a delivery no longer; a transfer returns to its origin",
            "stock cancel --delivery R-12 --reason 'sold out there'", cancel_delivery,
            (argument("--delivery", required=True, metavar="NUMBER", help="such as R-12"),
             _MUST_REASON)),
    Command("stock adjust", "add or take out units, with a reason",
            "stock adjust --sku TEA-BRK-100 --location STUDIO --quantity -2 --reason damaged", adjust,
            (_SKU, _LOCATION, _UNITS, _MUST_REASON)),
    Command("stock transfer", "move units from one location to another, at once or on their way",
            "stock transfer --sku TEA-BRK-100 --from STUDIO --to AUSTIN --quantity 6", transfer,
            (_ANY_SKU, argument("--from", dest="origin", required=True, metavar="CODE", help="from here"),
             argument("--to", required=True, metavar="CODE", help="to there"), _ANY_UNITS, _LINE,
             argument("--travels", action="store_true", help="on their way until they are received there"),
             _ON, _REASON)),
    Command("stock aside", "set units aside that may not be sold",
            "stock aside --sku TEA-BRK-100 --location STUDIO --quantity 2 --kind damaged --reason wet",
            _aside("set_aside"), (*_ASIDE, _MUST_REASON)),
    Command("stock putback", "put units on sale again that were set aside",
            "stock putback --sku TEA-BRK-100 --location STUDIO --quantity 2 --kind quarantine",
            _aside("put_back"), (*_ASIDE, _REASON)),
    Command("stock writeoff", "let units go for good that were set aside",
            "stock writeoff --sku TEA-BRK-100 --location STUDIO --quantity 2 --reason 'thrown away'",
            _aside("write_off"), (*_ASIDE, _MUST_REASON)),
    Command("stock return", "take units in that came back from a customer, not for sale yet",
            "stock return --sku TEA-BRK-100 --location STUDIO --quantity 1 --kind returns_hold --reason '#1042'",
            _aside("take_return"), (*_ASIDE, _REASON)),
    Command("stock count", "take over what was counted on the shelf",
            "stock count --sku TEA-BRK-100 --location STUDIO --counted 22", count,
            (_SKU, _LOCATION,
             argument("--counted", type=whole_number, required=True, metavar="N", help="units on the shelf"),
             argument("--at", metavar="TIME", help="when the shelf was looked at; sales since are no difference"),
             _REASON)),
)  # fmt: skip
COUNTING = (
    Command("count list", "the counts that are open, with their differences", "count list", counts,
            (_WITH_CLOSED,)),
    Command("count start", "begin to count a location while the shop goes on",
            "count start --location STUDIO TEA-BRK-100 MUG-TID-012", start_count,
            (argument("skus", nargs="*", metavar="SKU", help="default: all that were ever kept there"),
             _LOCATION, argument("--note", default="", metavar="TEXT", help="kept with it"))),
    Command("count enter", "note what lies on a shelf, held against the stock of this moment",
            "count enter --count 3 --sku TEA-BRK-100 --counted 22", enter_count,
            (_COUNT, _SKU,
             argument("--counted", type=whole_number, required=True, metavar="N", help="units on the shelf"))),
    Command("count close", "take the differences over", "count close --count 3",
            _of_count("close_count"), (_COUNT,)),
    Command("count drop", "end a count without taking anything over", "count drop --count 3",
            _of_count("drop_count"), (_COUNT,)),
)  # fmt: skip
COMMANDS = COUNTING
