"""How does an order stand as far as money is concerned? What it brought, what was taken off, what was paid."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.costs.serving import BASIS_WORDS, STEP_WORDS, Basis, Waterfall
from app.queries.order_detail import OrderDetail
from app.ui.lists.columns import Pill
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, down
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import joined, moment, money, sentence

STATES = {
    "expected": Pill("Payout expected", Tone.INFO, "clock"),
    "booked": Pill("Booked, not paid out yet", Tone.INFO, "clock"),
    "paid": Pill("Paid out, closed", Tone.GOOD, "accept"),
    "differs": Pill("Another amount than was due", Tone.BAD, "exceptions"),
}


def order_money(detail: OrderDetail, now: datetime) -> QWidget | None:
    """Return the part of the detail, or nothing where nothing is due yet."""
    found = detail.money
    if found.state not in STATES:
        return None
    parts: list[QWidget | QLayout] = [across(PillLabel(STATES[found.state]), None)]
    if found.state == "expected":
        arrived = f"It arrived {moment(found.delivered_at, now)}. " if found.delivered_at else ""
        parts.append(Text(f"{arrived}{detail.channel_name} should pay "
                          f"{money(found.expected, found.currency)} before its fees.", wraps=True))  # fmt: skip
    parts += [Text(sentence(each.sentence), wraps=True, tone=Tone.BAD)
              for each in found.findings if each.state == "open"]  # fmt: skip
    rows = (("Sale", found.earned), ("Fees", found.fees), ("Labels", found.postage),
            ("Refunds", found.refunds), ("Other", found.other))  # fmt: skip
    shown = [(name, value) for name, value in rows if value]
    parts += [across(Text(name, quiet=True), None, Text(money(value, found.currency)))
              for name, value in shown]  # fmt: skip
    if len(shown) > 1:
        parts.append(across(Text("Left", step="strong"), None,
                            Text(money(found.net, found.currency), step="strong")))  # fmt: skip
    if found.payouts:
        said = [
            f"{ref or 'not named yet'}{f', {moment(at, now)}' if at else ''}"
            for ref, at in found.payouts
        ]
        parts.append(Text(f"In payout {joined(said)}.", quiet=True, wraps=True))
    return boxed(down(*parts, spacing=4))


def order_costs(whole: Waterfall, currency: str) -> QWidget:
    """Return what serving the order costs, step by step, and how each amount is known."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    rows = [(STEP_WORDS[each.step], each.amount, each.basis, each.why) for each in whole.steps]
    rows.append(("Left over", whole.contribution, whole.basis, ""))
    for at, (name, amount, basis, why) in enumerate(rows):
        is_last = at == len(rows) - 1
        tone = Tone.BAD if is_last and amount < 0 else None
        grid.addWidget(Text(name, step="strong" if is_last else "body", quiet=not is_last), at, 0)
        known = Text("" if basis is Basis.ACTUAL else BASIS_WORDS[basis], quiet=True, step="small")
        grid.addWidget(known.hint(sentence(why) if why else ""), at, 1)
        grid.addWidget(Text(money(amount, currency), step="strong" if is_last else "body", tone=tone),
                       at, 2, Qt.AlignmentFlag.AlignRight)  # fmt: skip
    if not whole.lacks:
        return boxed(grid)
    unknown = (
        f"Nobody has said what {joined(list(whole.lacks))} costs, so too much seems to be left."
    )
    return boxed(down(grid, Text(unknown, quiet=True, wraps=True), spacing=4))
