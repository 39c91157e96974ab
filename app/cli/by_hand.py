"""``split``, ``change``, ``address``, ``note``: what an order needs that no suggestion decides."""

from __future__ import annotations

from app.cli.command import Answer, Call, Command, argument
from app.cli.deciding import location_id
from app.cli.orders import wanted_order
from app.cli.receipts import receipt
from app.cli.terminal import visible
from app.errors import RefusedError
from app.queries.order_detail import order_detail

_PARTS = {
    "name": "ship_name",
    "company": "ship_company",
    "line1": "ship_line1",
    "line2": "ship_line2",
    "line3": "ship_line3",
    "city": "ship_city",
    "state": "ship_state",
    "zip": "ship_postcode",
    "country": "ship_country",
    "phone": "ship_phone",
}


def split(call: Call) -> Answer:
    """Ship lines of an order from different locations; lines not named wait."""
    order_id = wanted_order(call, call.args.order)
    detail = call.desk.read(order_detail, order_id, now=call.desk.now())
    by_number = {str(n): line.id for n, line in enumerate(detail.lines, 1)}
    assignment: dict[int, int] = {}
    for text in call.args.lines:
        number, found, location = text.partition("=")
        if not found or number not in by_number:
            raise RefusedError(
                f"“{visible(text)}” names no line of this order; nothing was changed.",
                f"Write LINE=LOCATION, with lines 1 to {len(by_number)}, for example 1=GARAGE.",
            )
        assignment[by_number[number]] = location_id(call, location)
    return receipt(
        call.desk.run("split", order_id=order_id, assignment=assignment, reason=call.args.reason)
    )


def change(call: Call) -> Answer:
    """Decide on what the channel said differently after the order had been taken in."""
    if call.args.take_over == call.args.keep:
        raise RefusedError(
            "One version has to be chosen; nothing was changed.",
            "Add --take-over for the channel's version, or --keep for the one that is here.",
        )
    operation = "take_over_change" if call.args.take_over else "keep_as_it_is"
    return receipt(call.desk.run(operation, order_id=wanted_order(call, call.args.order)))


def address(call: Call) -> Answer:
    """Correct parts of where an order goes."""
    changes = {
        column: value
        for name, column in _PARTS.items()
        if (value := getattr(call.args, name)) is not None
    }
    if not changes:
        raise RefusedError("No part of the address was named; nothing was changed.",
                           "Say which, for example --zip 02138.")  # fmt: skip
    order_id = wanted_order(call, call.args.order)
    return receipt(
        call.desk.run(
            "correct_address", order_id=order_id, changes=changes, reason=call.args.reason
        )
    )


def note(call: Call) -> Answer:
    """Keep a note beside an order."""
    order_id = wanted_order(call, call.args.order)
    return receipt(call.desk.run("write_note", order_id=order_id, text=call.args.text))


_ORDER = argument("order", metavar="ORDER", help="its number, or the channel's own id")
_REASON = argument("--reason", required=True, metavar="TEXT", help="why; it is kept")

COMMANDS = (
    Command(
        "split",
        "ship an order's lines from different locations",
        'split 7168 1=STUDIO 2=AUSTIN --reason "customer agreed to two parcels"',
        split,
        (
            _ORDER,
            argument("lines", nargs="+", metavar="LINE=LOCATION", help="line 1 is the first"),
            _REASON,
        ),
    ),
    Command(
        "change",
        "take over what the channel changed, or keep the order as it is here",
        "change 7165 --take-over",
        change,
        (
            _ORDER,
            argument("--take-over", action="store_true", help="the channel's version counts"),
            argument("--keep", action="store_true", help="the version here counts"),
        ),
    ),
    Command(
        "address",
        "correct where an order goes",
        'address 7165 --zip 02138 --reason "the spreadsheet ate the zero"',
        address,
        (
            _ORDER,
            *(argument(f"--{name}", metavar="TEXT") for name in _PARTS),
            argument("--reason", default="", metavar="TEXT", help="why; it is kept"),
        ),
    ),
    Command(
        "note",
        "keep a note beside an order; no import ever touches it",
        'note 7165 "gift wrap, no invoice"',
        note,
        (_ORDER, argument("text", metavar="TEXT", help="the note")),
    ),
)
