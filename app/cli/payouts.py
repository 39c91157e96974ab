"""``payouts``: what each channel paid, whether it adds up, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from app.cli.command import (
    DONE,
    FOUND_SOMETHING,
    Answer,
    Call,
    Command,
    amount_of_rows,
    argument,
    whole_number,
)  # fmt: skip
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import WORDING, counted, moment, money
from app.domain.payouts.fees import FeeRule
from app.errors import NotFoundError
from app.queries.payout_findings import FindingRow, findings
from app.queries.payouts import LineRow, PayoutRow, lines_of_payout, payout_rows, payouts_named
from app.queries.settings import account_rows
from app.services.payouts.facts import fee_rules

SHOWN = 50
_STATES = {
    "fits": "adds up", "differs": "DIFFERS", "waits": "not paid out yet", "running": "rest stays there",
    "bare": "its lines are missing", "orders_differ": "ORDERS DIFFER", "orders_missing": "orders not here",
}  # fmt: skip


def payouts(call: Call) -> Answer:
    """List the payouts, the newest first."""
    limit = call.args.limit if call.args.limit is not None or call.args.json else SHOWN
    rows = call.desk.read(payout_rows, limit=limit)
    status = FOUND_SOMETHING if any(row.state == "differs" for row in rows) else DONE
    return Answer(rows, lambda: _list(rows), status)


def _list(rows: Sequence[PayoutRow]) -> list[str]:
    if not rows:
        return ["No payout is here yet. Import a settlement file of one of your channels."]
    lines = table(
        ("Account", "Payout", "Paid", ">Earned", ">Fees", ">Refunds", ">Other", ">Paid out", ">Rest",
         ">Orders", ">Not here", "State"),
        [(visible(x.account), visible(x.ref) or "–", moment(x.paid_at),
          *(money(y, x.currency) for y in (x.earned, x.kept, x.given_back, x.other, x.paid, x.difference)),
          str(x.orders), str(x.loose), _STATES[x.standing]) for x in rows],
    )  # fmt: skip
    return [*lines, "", f"{counted(len(rows), 'payout')}."]


def lines(call: Call) -> Answer:
    """List the lines of one payout, as the files state them."""
    found = call.desk.read(payouts_named, call.args.payout)
    if not found:
        raise NotFoundError(f"There is no payout “{visible(call.args.payout)}”.",
                            "“orderdeck payouts” lists them.")  # fmt: skip
    rows = [row for each in found for row in call.desk.read(lines_of_payout, each.id)]
    return Answer({"payouts": found, "lines": rows}, lambda: [*_list(found), "", *_lines(rows)])


def _lines(rows: Sequence[LineRow]) -> list[str]:
    return table(
        ("Booked", "Order", "Type", "What", "Item", ">Amount", "File", ">Line"),
        [(moment(x.posted_at), visible(x.number or (x.order_ref and f"{x.order_ref} (not here)")), x.type,
          visible(x.label), visible(x.item_ref), money(x.amount, x.currency), visible(x.file),
          str(x.raw_line)) for x in rows],
    )  # fmt: skip


def check(call: Call) -> Answer:
    """Hold everything that was paid against the orders again, and list what differs."""
    call.desk.run("check_payouts")
    rows = call.desk.read(findings, states=("open",), wording=WORDING)
    return Answer(rows, lambda: _findings(rows), FOUND_SOMETHING if rows else DONE)


def _findings(rows: Sequence[FindingRow]) -> list[str]:
    if not rows:
        return ["Everything that was paid fits."]
    lines = table(
        ("Difference", "Order", "What", ">Off by"),
        [(str(x.id), visible(x.number) or "–", visible(x.sentence), money(x.off, x.currency)) for x in rows],
    )  # fmt: skip
    return [*lines, "", f"{counted(len(rows), 'difference')}."]


def accept(call: Call) -> Answer:
    """Say that something is right as it was paid."""
    args = call.args
    return receipt(
        call.desk.run("accept_payout_findings", finding_ids=args.difference, reason=args.reason)
    )


def fees(call: Call) -> Answer:
    """List what each account's fees have proved to be."""
    rules = call.desk.read(fee_rules)
    names = {row.id: row.name for row in call.desk.read(account_rows)}
    rows = [(names.get(key, str(key)), rule) for key, found in rules.items() for rule in found]
    document = [{"account": name, **asdict(rule)} for name, rule in rows]
    return Answer(document, lambda: _fees(rows))


def _fees(rows: Sequence[tuple[str, FeeRule]]) -> list[str]:
    if not rows:
        return ["No fee follows a rule yet: twenty of a kind are needed, nearly all alike."]
    return table(
        ("Account", "Fee", "Item", ">Share", "Of", ">And", ">Fits"),
        [(visible(name), visible(x.label), visible(x.item_ref), f"{x.basis_points / 100:.2f} %", x.base,
          f"{x.fixed / 100:.2f}", f"{x.proven} of {x.seen}") for name, x in rows],
    )  # fmt: skip


COMMANDS = (
    Command("payouts", "what each channel paid out, and whether it adds up to the cent", "payouts", payouts,
            (argument("--limit", type=amount_of_rows, metavar="N",
                      help=f"at most so many (default {SHOWN}; all with --json)"),)),
    Command("payouts lines", "the lines of one payout, each with its order", "payouts lines 3246292148", lines,
            (argument("payout", metavar="PAYOUT", help="its name in “payouts”"),)),
    Command("payouts check", "hold what was paid against the orders again, and list what differs",
            "payouts check", check),
    Command("payouts accept", "say that something is right as it was paid",
            'payouts accept 3 --reason "Agreed with the channel"', accept,
            (argument("difference", nargs="+", type=whole_number, metavar="DIFFERENCE",
                      help="its number in “payouts check”"),
             argument("--reason", required=True, metavar="TEXT", help="kept with it"))),
    Command("payouts fees", "what each account's fees have proved to be", "payouts fees", fees),
)  # fmt: skip
