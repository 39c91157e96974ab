"""``report cost``: what shipped orders brought and cost, and what was lost where."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from app.analytics.costs.report import By, CostReport, CostRow, OrderCost, cost_report, order_cost
from app.cli.command import Answer, Call, Command, argument, number_of_days, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.text_files import write_table
from app.cli.wording import counted, money, number
from app.domain.costs.serving import BASIS_WORDS, STEP_WORDS, Step
from app.errors import NotFoundError
from app.queries.order_detail import find_order
from app.services.costs.policy import in_force, rates
from app.services.desk import Desk

SHOWN: Final = 40
_INSIDE: Final = ("steps", "id", "key", "bases", "touched")  # told otherwise, or of the window only


def cost(call: Call) -> Answer:
    """List what each slice brought and cost, least left over first; or one order, step by step."""
    desk, args = call.desk, call.args
    if args.order:
        return _one(desk, args.order)
    found = desk.read(
        cost_report, desk.read(rates), desk.read(in_force), by=By(args.by), now=desk.now(),
        days=args.days, channel=args.channel,
    )  # fmt: skip
    if args.csv is not None:
        told = [data(row) for row in found.rows]
        cells = [["" if value is None else value for value in row.values()] for row in told]
        write_table(call, args.csv, list(told[0]) if told else [], cells)
    document = {"rows": [data(row) for row in found.rows], "total": data(found.total),
                "left_out": found.left_out}  # fmt: skip
    return Answer(document, lambda: _lines(found, args.days))


def data(row: CostRow) -> dict[str, str | int | None]:
    """Return a row field by field, its steps as columns of their own."""
    told: dict[str, str | int | None] = {
        each.name: getattr(row, each.name) for each in fields(row) if each.name not in _INSIDE
    }
    return {**told, **{step.value: row.steps.get(step, 0) for step in Step},
            "margin_percent": _percent(row)}  # fmt: skip


def _one(desk: Desk, text: str) -> Answer:
    order_id = desk.read(find_order, text)
    found = None if order_id is None else desk.read(
        order_cost, order_id, desk.read(rates), desk.read(in_force)
    )  # fmt: skip
    if found is None:
        raise NotFoundError(f"There is no order “{text}”.", "Look for it with: orderdeck orders")
    currency = desk.read(rates).rates.currency
    whole = found.whole
    document = {
        "number": found.number, "channel": found.channel, "currency": currency,
        "steps": [each._asdict() for each in whole.steps], "revenue": whole.revenue,
        "contribution": whole.contribution, "basis": whole.basis, "without_cost": whole.lacks,
    }  # fmt: skip
    return Answer(document, lambda: _steps(found, currency))


def _steps(found: OrderCost, currency: str) -> list[str]:
    whole = found.whole
    rows = [(STEP_WORDS[each.step], money(each.amount, currency), BASIS_WORDS[each.basis], each.why)
            for each in whole.steps]  # fmt: skip
    rows.append(("Left over", money(whole.contribution, currency), BASIS_WORDS[whole.basis], ""))
    lines = table(("Step", ">Amount", "Known", "From"), rows)
    if whole.lacks:
        codes = ", ".join(whole.lacks)
        lines += ["", f"Nobody has said what these cost, so too much is left over: {codes}."]
    return [visible(line) for line in lines]


def _lines(found: CostReport, days: int) -> list[str]:
    if not found.total.orders:
        return [f"No order of the last {days} days has shipped whole; there is nothing to add up."]
    head = f"{counted(found.total.orders, 'order')} of the last {days} days, least left over first."
    rows = [_cells(row) for row in found.rows[:SHOWN]]
    lines = [head, "", *table(_HEAD, [*rows, _cells(replace(found.total, slice="together"))])]
    if len(found.rows) > SHOWN:
        lines.append(f"and {number(len(found.rows) - SHOWN)} more (--csv FILE writes all of them)")
    if found.total.lacking:
        lines.append(
            f"{counted(found.total.lacking, 'order')} with goods of which nobody has said what they cost."
        )
    if found.left_out:
        lines.append(f"{counted(found.left_out, 'order')} in other currencies left out.")
    return lines


_HEAD: Final = ("Of", ">Orders", ">Units", ">Revenue", ">Fees", ">Goods", ">Shipping cost", ">Work",
                ">After the sale", ">Left over", ">Margin", ">No loss from", ">Estimated")  # fmt: skip


def _cells(row: CostRow) -> tuple[str, ...]:
    def said(amount: int) -> str:
        return money(amount, row.currency)

    return (
        visible(row.slice) or "–", number(row.orders), number(row.units), said(row.revenue),
        said(row.fees), said(row.goods), said(row.sending), said(row.work), said(row.afterwards),
        said(row.contribution), f"{_percent(row)} %" if row.revenue > 0 else "–",
        money(row.least_price, row.currency) if row.sku else "", f"{row.estimated} %",
    )  # fmt: skip


def _percent(row: CostRow) -> str:
    tenths = row.margin_tenths
    return "" if tenths is None else f"{tenths / 10:.1f}"


def work(call: Call) -> Answer:
    """Say what work, payments and returns cost; what is named is changed."""
    args = call.args
    changes = {name: value for name in _SET if (value := getattr(args, name)) is not None}
    if changes:
        return receipt(call.desk.run("save_cost_policy", changes=changes, reason=args.reason))
    policy = call.desk.read(in_force)
    rows = [(name.replace("_", " "), str(getattr(policy, name))) for name in _SET]
    return Answer(
        {"version": policy.version, **policy.as_said()}, lambda: table(("What", ">Value"), rows)
    )


_SET: Final = ("wage", "order_minutes", "unit_minutes", "case_minutes")

COMMANDS = (
    Command(
        "report cost", "add up what shipped orders brought and cost, least left over first",
        "report cost --by sku --days 90", cost,
        (
            argument("--by", choices=[each.value for each in By], default=By.CHANNEL.value,
                     help="tell apart by this (channel)"),
            argument("--days", type=number_of_days, default=30, metavar="N", help="orders placed in the last N days (30)"),
            argument("--channel", default="", metavar="NAME", help="only this channel"),
            argument("--order", default="", metavar="NUMBER", help="one order, step by step"),
            argument("--csv", type=Path, metavar="FILE", help="write the table to this file as well"),
        ),
    ),
    Command(
        "report work", "say what your work costs, for the costs of orders; name a value to change it",
        "report work --wage 2200 --order-minutes 4", work,
        (
            argument("--wage", type=whole_number, metavar="CENTS", help="an hour of work"),
            argument("--order-minutes", type=whole_number, metavar="N", help="minutes an order takes"),
            argument("--unit-minutes", type=whole_number, metavar="N", help="minutes each unit takes"),
            argument("--case-minutes", type=whole_number, metavar="N", help="minutes an open question takes"),
            argument("--reason", default="", metavar="TEXT", help="why"),
        ),
    ),
)  # fmt: skip
