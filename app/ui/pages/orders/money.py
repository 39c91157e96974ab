"""How does an order stand as far as money is concerned? What it brought, what was taken off, what was paid."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLayout, QWidget

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
