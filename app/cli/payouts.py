"""``payouts``: what each channel paid, whether it adds up, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import DONE, FOUND_SOMETHING, Answer, Call, Command, amount_of_rows, argument
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment, money
from app.errors import NotFoundError
from app.queries.payouts import LineRow, PayoutRow, lines_of_payout, payout_rows, payouts_named

SHOWN = 50
_STATES = {
    "fits": "adds up", "differs": "DIFFERS", "waits": "not paid out yet", "running": "rest stays there",
    "bare": "its lines are missing",
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
          str(x.orders), str(x.loose), _STATES[x.state]) for x in rows],
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


COMMANDS = (
    Command("payouts", "what each channel paid out, and whether it adds up to the cent", "payouts", payouts,
            (argument("--limit", type=amount_of_rows, metavar="N",
                      help=f"at most so many (default {SHOWN}; all with --json)"),)),
    Command("payouts lines", "the lines of one payout, each with its order", "payouts lines 3246292148", lines,
            (argument("payout", metavar="PAYOUT", help="its name in “payouts”"),)),
)  # fmt: skip
