"""``recover`` and ``claims``: a parcel that went wrong is made good, and its carrier is asked to pay."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.deciding import moment_of
from app.cli.program import typed
from app.cli.receipts import receipt
from app.cli.returning import minor
from app.cli.terminal import table, visible
from app.cli.wording import counted, day, moment, money
from app.domain.recovering.matrix import SITUATIONS, Offer, OfferKind, Situation
from app.errors import NotFoundError, RefusedError
from app.queries.recoveries import KINDS, ClaimRow, DueRefund, claim_rows, due_refunds
from app.queries.shipments import ParcelRow, parcel_rows
from app.services.recovering.weighing import Weighed, weigh


def recover(call: Call) -> Answer:
    """Show the ways out of a parcel that went wrong, or take one."""
    args = call.args
    parcel = _parcel(call, args.parcel)
    if not args.way:
        found = call.desk.read(weigh, parcel.id, args.situation, now=call.desk.now())
        return Answer(found, lambda: _offers(parcel, found, args.situation))
    found = call.desk.read(weigh, parcel.id, args.situation, now=call.desk.now())
    amount = None if args.amount is None else minor(args.amount, found.currency)
    until = None if args.until is None else moment_of(args.until)
    return receipt(
        call.desk.run("recover", shipment_id=parcel.id, situation=args.situation, kind=args.way,
                      amount=amount, wait_until=until, reason=args.reason)
    )  # fmt: skip


def _parcel(call: Call, text: str) -> ParcelRow:
    """Return the parcel that a person means: by its tracking number, or by its order's.

    Raises:
        NotFoundError: there is none.
        RefusedError: the order has several.
    """
    for field in ("tracking", "order"):
        query = f'{field}:"{text}" -is:voided'.replace("*", "")
        rows = call.desk.read(parcel_rows, query=query, now=call.desk.now(), limit=5)
        if len(rows) == 1:
            return rows[0]
        if rows:
            numbers = ", ".join(row.tracking_number for row in rows)
            raise RefusedError(f"Order {visible(text)} has several parcels; nothing was changed.",
                               f"Name one by its tracking number: {numbers}.")  # fmt: skip
    raise NotFoundError(f"There is no parcel “{visible(text)}”.",
                        "Give its tracking number or its order; “orderdeck shipments” lists them.")  # fmt: skip


def _offers(parcel: ParcelRow, found: Weighed, situation: str) -> list[str]:
    head = (f"Order {parcel.number}, {parcel.carrier} {parcel.tracking_number}: "
            f"{SITUATIONS[Situation(situation)]}; {money(found.parcel.value, found.currency)} of goods")  # fmt: skip
    lines = [visible(head)]
    for offer in found.offers:
        words = typed(
            "recover", parcel.tracking_number, "--situation", situation, "--way", offer.kind
        )
        lines.append(f"  {KINDS[offer.kind]}: {_cost(offer, found)}")
        lines.append(f"    {offer.why_not}" if offer.why_not else f"    {words}")
    source = f" ({found.claim_source})" if found.claim_source else ""
    lines.append(
        f"  {parcel.carrier} takes a claim until {day(found.claim_due_at.date())}{source}."
    )
    return lines


def _cost(offer: Offer, found: Weighed) -> str:
    if offer.kind is OfferKind.WAIT and offer.wait_until is not None:
        return f"until {day(offer.wait_until.date())}, costs nothing"
    more = "" if offer.is_cost_known else " and what the goods cost, which nobody has entered"
    return f"{money(offer.cost, found.currency)}{more}"


def claims(call: Call) -> Answer:
    """List what is asked of carriers."""
    rows = call.desk.read(claim_rows, with_closed=call.args.all)
    return Answer(rows, lambda: _claims(rows))


def _claims(rows: Sequence[ClaimRow]) -> list[str]:
    if not rows:
        return ["Nothing is asked of any carrier."]
    lines = table(
        (">No", "Order", "Carrier", "Tracking", "Why", ">Asked", ">Paid", "State", "Until"),
        [
            (row.id, row.order_number, row.carrier, row.tracking_number,
             SITUATIONS[Situation(row.situation)], money(row.amount, row.currency),
             money(row.paid, row.currency), row.state, moment(row.due_at))
            for row in rows
        ],
    )  # fmt: skip
    return [*lines, "", counted(len(rows), "claim")]


def file(call: Call) -> Answer:
    """Say that a claim was handed in."""
    args = call.args
    return receipt(call.desk.run("file_claim", claim_id=args.claim, reference=args.reference))


def answer(call: Call) -> Answer:
    """Write down what the carrier paid."""
    args = call.args
    rows = call.desk.read(claim_rows, with_closed=True)
    row = next((each for each in rows if each.id == args.claim), None)
    amount = minor(args.amount, row.currency if row else "USD")
    return receipt(call.desk.run("answer_claim", claim_id=args.claim, paid=amount, note=args.note))


def refunds(call: Call) -> Answer:
    """List the money that was promised and not given yet."""
    rows = call.desk.read(due_refunds)
    return Answer(rows, lambda: _due(rows))


def _due(rows: Sequence[DueRefund]) -> list[str]:
    if not rows:
        return ["No money is owed to any customer."]
    lines = table(
        (">No", "Order", "Channel", ">Amount", "For", "Promised"),
        [(row.id, row.order_number, row.channel, money(row.amount, row.currency), row.what,
          moment(row.promised_at)) for row in rows],
    )  # fmt: skip
    return [*lines, "", "Give it on the channel's own pages, then say so: "
            + typed("refunds", "paid", "NO")]  # fmt: skip


def refund_paid(call: Call) -> Answer:
    """Say that promised money was given."""
    return receipt(call.desk.run("pay_refund", refund_id=call.args.refund))


_CLAIM = argument("claim", type=whole_number, metavar="NO", help="its number in the list")
_REFUND = argument("refund", type=whole_number, metavar="NO", help="its number in the list")
COMMANDS = (
    Command("refunds", "the money that was promised to customers and not given yet", "refunds", refunds),
    Command("refunds paid", "say that promised money was given", "refunds paid 4", refund_paid, (_REFUND,)),
    Command("recover", "the ways out of a parcel that went wrong, with what each costs; or take one",
            "recover 9400100000000000000001 --situation lost --way reship", recover,
            (argument("parcel", metavar="PARCEL", help="its tracking number, or its order's number"),
             argument("--situation", choices=tuple(Situation), default=Situation.LOST.value, help="what is wrong"),
             argument("--way", choices=tuple(OfferKind), default="", help="default: show what may be offered"),
             argument("--amount", metavar="MONEY", help="of money back, another amount"),
             argument("--until", metavar="TIME", help="of waiting, another day"),
             argument("--reason", default="", metavar="TEXT", help="kept with it"))),
    Command("claims", "what is asked of carriers, and until when they take it", "claims", claims,
            (argument("--all", action="store_true", help="those that are answered, too"),)),
    Command("claims file", "say that a claim was handed in", "claims file 3 --reference C-7781", file,
            (_CLAIM, argument("--reference", default="", metavar="TEXT", help="the carrier's own number"))),
    Command("claims answer", "write down what the carrier paid; 0 means that it refused",
            "claims answer 3 --amount 20.00", answer,
            (_CLAIM, argument("--amount", required=True, metavar="MONEY", help="what it paid"),
             argument("--note", default="", metavar="TEXT", help="what it wrote"))),
)  # fmt: skip
