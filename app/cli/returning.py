"""``returns``: what comes back, from its announcement to the shelf and the money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from app.cli.command import Answer, Call, Command, amount_of_rows, argument
from app.cli.orders import wanted_order
from app.cli.receipts import receipt
from app.cli.stockroom import location_of, units_of
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment, money, number
from app.domain.money import exponent
from app.domain.returning.custody import Custody, Disposition, Grade
from app.domain.search_fields import RETURN_FIELDS
from app.errors import NotFoundError, RefusedError
from app.queries.order_detail import order_detail
from app.queries.return_matches import MatchRow, suggested_orders
from app.queries.returns import (
    ReturnDetail,
    ReturnRow,
    UnitRow,
    count_returns,
    find_return,
    return_detail,
    return_rows,
)
from app.services.returning.announcing import REASONS

SHOWN = 50
STEPS = {
    "whose": "whose is it?", "expected": "to come", "inspect": "to inspect",
    "put away": "to put away", "refund": "to refund", "decide": "money open", "done": "done",
}  # fmt: skip


def returns(call: Call) -> Answer:
    """List the returns that a search finds, the newest first."""
    desk, args = call.desk, call.args
    now = desk.now()
    limit = args.limit if args.limit is not None or args.json else SHOWN
    rows = desk.read(return_rows, query=args.query, now=now, limit=limit)
    total = desk.read(count_returns, query=args.query, now=now)
    return Answer(rows, lambda: _list(rows, total, args.query))


def _list(rows: Sequence[ReturnRow], total: int, query: str) -> list[str]:
    if not total:
        return ["No return is found by that search." if query else "Nothing has come back yet."]
    lines = table(
        ("Return", "Opened", "Order", "Channel", "Who", "Items", "Next", ">Paid", ">Given back"),
        [
            (row.number, moment(row.opened_at), row.order_number or "–", row.channel, row.who,
             row.items, STEPS[row.step], money(row.worth, row.currency),
             money(row.refunded, row.currency))
            for row in rows
        ],
    )  # fmt: skip
    said = counted(total, "return")
    return [*lines, "",
            said if len(rows) == total else f"{number(len(rows))} of {said}; --limit N shows more."]  # fmt: skip


def show(call: Call) -> Answer:
    """Show one return, whole; of a parcel of nobody known, whose it may be."""
    detail = call.desk.read(return_detail, wanted_return(call, call.args.number))
    found = () if detail.row.order_id else call.desk.read(suggested_orders, detail.row.id)
    return Answer({"return": detail, "matches": found}, lambda: _page(detail, found))


def _page(detail: ReturnDetail, found: Sequence[MatchRow]) -> list[str]:
    row = detail.row
    lines = [visible(f"{row.number}: {row.items}, {STEPS[row.step]}")]
    if row.order_number:
        lines.append(visible(f"  Order {row.order_number}, {row.channel_name}, {row.who}"))
    lines += table(
        ("SKU", "Where", "Grade", "Put", "Money", ">Paid", ">Given back"),
        [
            (each.sku, each.custody_words, each.grade, each.disposition.replace("_", " "),
             each.money_words, money(each.worth, row.currency), money(each.refunded, row.currency))
            for each in detail.units
        ],
    )  # fmt: skip
    lines += [visible(f"  {moment(each.at)}  {each.who}: {each.words}. {each.reason}".rstrip())
              for each in detail.steps]  # fmt: skip
    lines += [visible(f"  May be order {each.number} ({each.score} %): {' '.join(each.reasons)}")
              for each in found]  # fmt: skip
    return lines


def wanted_return(call: Call, text: str) -> int:
    """Return the return that a person means.

    Raises:
        NotFoundError: there is none.
    """
    found = call.desk.read(find_return, text)
    if found is None:
        raise NotFoundError(f"There is no return “{visible(text)}”.",
                            "Give its number, such as RET-4; “orderdeck returns” lists them.")  # fmt: skip
    return found


def open_(call: Call) -> Answer:
    """Expect units of an order back."""
    args = call.args
    order_id = wanted_order(call, args.order)
    changes = call.desk.run(
        "open_return", order_id=order_id, lines=_lines(call, order_id), reason_code=args.why,
        reason=args.reason, carrier=args.carrier, tracking_number=args.tracking,
    )  # fmt: skip
    return receipt(changes, more={"return": f"RET-{changes.done[0]}"})


def _lines(call: Call, order_id: int) -> dict[int, int] | None:
    """Return the order lines that were named by their SKU, or nothing for all of them."""
    if not call.args.line:
        return None
    known = call.desk.read(order_detail, order_id, now=call.desk.now()).lines
    found: dict[int, int] = {}
    for text in call.args.line:
        code, count = units_of(text)
        line = next((each for each in known if code in (each.sku, each.sku_text)), None)
        if line is None:
            raise RefusedError(f"The order has no “{visible(code)}”; nothing was changed.",
                               f"It has: {', '.join(each.sku or each.sku_text for each in known)}.")  # fmt: skip
        found[line.id] = count
    return found


def send(call: Call) -> Answer:
    """Note that the customer has sent it."""
    args = call.args
    return receipt(call.desk.run("send_return", return_id=wanted_return(call, args.number),
                                 carrier=args.carrier, tracking_number=args.tracking))  # fmt: skip


def receive(call: Call) -> Answer:
    """Take in what has come back."""
    return_id = wanted_return(call, call.args.number)
    return receipt(call.desk.run("receive_return", return_id=return_id, location=location_of(call)))


def parcel(call: Call) -> Answer:
    """Take in a parcel that nobody announced."""
    args = call.args
    changes = call.desk.run(
        "take_parcel", location=location_of(call), lines=[units_of(each) for each in args.line],
        carrier=args.carrier, tracking_number=args.tracking, sender=args.sender, clue=args.clue,
    )  # fmt: skip
    return receipt(changes, more={"return": f"RET-{changes.done[0]}"})


def match(call: Call) -> Answer:
    """Say whose parcel it is."""
    return_id = wanted_return(call, call.args.number)
    order_id = wanted_order(call, call.args.order)
    return receipt(call.desk.run("match_return", return_id=return_id, order_id=order_id))


def inspect(call: Call) -> Answer:
    """Grade what is here and put it away."""
    args = call.args
    ids = _units(call, {Custody.RECEIVED, Custody.GRADED}, "is here and not put away")
    return receipt(call.desk.run("inspect_return", unit_ids=ids, grade=args.grade,
                                 disposition=args.put, finding=args.finding))  # fmt: skip


def refund(call: Call) -> Answer:
    """Promise money for it."""
    detail = call.desk.read(return_detail, wanted_return(call, call.args.number))
    ids = [each.id for each in detail.units
           if each.custody != Custody.NOT_RETURNED and each.money in ("none", "partly_refunded")]  # fmt: skip
    if not ids:
        raise RefusedError("No money is open for this return; nothing was changed.",
                           "Look at it: “orderdeck returns show”.")  # fmt: skip
    amount = None if call.args.amount is None else minor(call.args.amount, detail.row.currency)
    return receipt(call.desk.run("promise_refund", unit_ids=ids, amount=amount,
                                 reason=call.args.reason))  # fmt: skip


def paid(call: Call) -> Answer:
    """Say that the money was given."""
    detail = call.desk.read(return_detail, wanted_return(call, call.args.number))
    due = [each for each in detail.refunds if each.state == "due"]
    if not due:
        raise RefusedError("Nothing is promised for this return; nothing was changed.",
                           "Promise it first: “orderdeck returns refund”.")  # fmt: skip
    return [receipt(call.desk.run("pay_refund", refund_id=each.id)) for each in due][-1]


def deny(call: Call) -> Answer:
    """Give no money for it."""
    ids = _units(call, set(Custody), "of it is open")
    return receipt(call.desk.run("deny_refund", unit_ids=ids, reason=call.args.reason))


def give_up(call: Call) -> Answer:
    """Expect it no longer."""
    ids = [wanted_return(call, call.args.number)]
    return receipt(call.desk.run("give_up_return", return_ids=ids, reason=call.args.reason))


def minor(text: str, currency: str) -> int:
    """Return an amount that was typed, in minor units.

    Raises:
        RefusedError: it is none, or finer than the currency is.
    """
    try:
        value = Decimal(text).scaleb(exponent(currency))
    except InvalidOperation:
        value = Decimal("0.5")
    if value != value.to_integral_value() or not 0 <= value < Decimal(10) ** 15:
        raise RefusedError(f"“{visible(text)}” is no amount of {currency}; nothing was changed.",
                           "Write it like 12.50.")  # fmt: skip
    return int(value)


def _units(call: Call, states: set[Custody], what: str) -> list[int]:
    detail = call.desk.read(return_detail, wanted_return(call, call.args.number))
    sku = getattr(call.args, "sku", None)
    found = [each for each in detail.units if each.custody in states and _is_named(each, sku)]
    if not found:
        raise RefusedError(f"Nothing {what}; nothing was changed.",
                           "Look at it: “orderdeck returns show”.")  # fmt: skip
    return [each.id for each in found]


def _is_named(unit: UnitRow, sku: str | None) -> bool:
    return sku in (None, unit.sku)


_NUMBER = argument(
    "number", metavar="RETURN", help="its number, such as RET-4, or its tracking number"
)
_CARRIER = argument("--carrier", default="", metavar="NAME", help="as on the label")
_TRACKING = argument("--tracking", default="", metavar="NUMBER", help="as on the label")
_LOCATION = argument(
    "--location", default="", metavar="CODE", help="default: the only one there is"
)
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with it")
_MUST_REASON = argument("--reason", required=True, metavar="TEXT", help="kept with it")
_FIELDS = f"a search, such as is:inspect. Fields: {', '.join(RETURN_FIELDS.names)}"

COMMANDS = (
    Command("returns", "what comes back, how far it is, and what is owed for it",
            'returns --query "is:open"', returns,
            (argument("--query", default="", metavar="SEARCH", help=_FIELDS),
             argument("--limit", type=amount_of_rows, metavar="N", help=f"at most so many (default {SHOWN}; all with --json)"))),
    Command("returns show", "one return with its units, its money and what happened",
            "returns show RET-4", show, (_NUMBER,)),
    Command("returns open", "expect units of an order back",
            "returns open 7165 --line TEA-BRK-100=1 --why changed_mind", open_,
            (argument("order", metavar="ORDER", help="its number, or the channel's own id"),
             argument("--line", action="append", metavar="SKU=N", help="which units; default: all that left"),
             argument("--why", choices=tuple(REASONS), default="other", help="why it comes back"),
             _REASON, _CARRIER, _TRACKING)),
    Command("returns send", "note that the customer has sent it", "returns send RET-4 --carrier USPS --tracking 9400",
            send, (_NUMBER, _CARRIER, _TRACKING)),
    Command("returns receive", "take in what has come back; it is not for sale yet",
            "returns receive RET-4 --location STUDIO", receive, (_NUMBER, _LOCATION)),
    Command("returns parcel", "take in a parcel that nobody announced",
            "returns parcel --location STUDIO --line TEA-BRK-100=1 --sender 'Ada Example'", parcel,
            (_LOCATION, argument("--line", action="append", required=True, metavar="SKU=N", help="what is in it"),
             argument("--sender", default="", metavar="NAME", help="as on the parcel"),
             argument("--clue", default="", metavar="TEXT", help="whatever else stands on it, such as a number"),
             _CARRIER, _TRACKING)),
    Command("returns match", "say whose parcel it is; “returns show” lists who fits",
            "returns match RET-4 7165", match,
            (_NUMBER, argument("order", metavar="ORDER", help="its number, or the channel's own id"))),
    Command("returns inspect", "grade what is here, and put it where that grade goes",
            "returns inspect RET-4 --grade B --finding 'box opened'", inspect,
            (_NUMBER, argument("--grade", required=True, choices=tuple(Grade), help="A as new … D broken"),
             argument("--put", default="", choices=("", *Disposition), help="default: as the policy says of the grade"),
             argument("--finding", default="", metavar="TEXT", help="what was seen"),
             argument("--sku", metavar="SKU", help="only this one"))),
    Command("returns refund", "promise money for it, all that was paid or less",
            "returns refund RET-4 --amount 7.50", refund,
            (_NUMBER, argument("--amount", metavar="MONEY", help="default: all that was paid and not given back"),
             _REASON)),
    Command("returns paid", "say that the promised money was given", "returns paid RET-4", paid, (_NUMBER,)),
    Command("returns deny", "give no money for it", "returns deny RET-4 --reason 'worn'", deny,
            (_NUMBER, _MUST_REASON)),
    Command("returns giveup", "expect it no longer", "returns giveup RET-4 --reason 'never sent'", give_up,
            (_NUMBER, _MUST_REASON)),
)  # fmt: skip
