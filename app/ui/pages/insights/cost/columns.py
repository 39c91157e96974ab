"""What does the table say of each slice, and the list of each order behind it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Final

from app.analytics.costs.report import By, CostReport, CostRow, OrderShare
from app.domain.costs.serving import BASIS_WORDS
from app.ui import statuses
from app.ui.charts.costs import known_words
from app.ui.lists.columns import Column
from app.ui.tokens import Tone
from app.ui.words import count_of, exact, moment, money, number

BY: Final = {
    By.CHANNEL: "Channel", By.SKU: "SKU", By.LOCATION: "Location",
    By.CHANNEL_SKU: "Channel and SKU", By.CHANNEL_LOCATION: "Channel and location",
    By.SKU_LOCATION: "SKU and location", By.CHANNEL_SKU_LOCATION: "Channel, SKU and location",
}  # fmt: skip
_NAMES: Final[dict[str, tuple[str, int, Callable[[CostRow], str]]]] = {
    "channel": ("Channel", 14, lambda row: statuses.channel(row.channel)),
    "sku": ("SKU", 18, lambda row: row.sku),
    "location": ("Location", 12, lambda row: row.location or "Not by you"),
}


def name_of(row: CostRow, by: By) -> str:
    """Return what a slice is called: "Amazon, MUG-12, RENO"."""
    said = [words(row) for name, (_t, _w, words) in _NAMES.items() if by.has(name)]
    return ", ".join(said)


def sum_of(report: CostReport) -> str:
    """Say what all slices come to, what is guessed in it, and what is missing."""
    total, rows = report.total, report.rows
    if not total.orders:
        return "have shipped in this time; costs appear with them"
    losing = sum(1 for row in rows if row.contribution < 0)
    left = money(total.contribution, total.currency)
    said = [f"brought {money(total.revenue, total.currency)}, and {left} is left over"]
    said.append(f"costs are {known_words(total)}")
    if losing:
        said.append(f"{count_of(losing, 'row')} {'loses' if losing == 1 else 'lose'} money")
    if total.lacking:
        said.append(f"{count_of(total.lacking, 'order')} hold goods without a known cost")
    if report.left_out:
        said.append(f"{count_of(report.left_out, 'order')} in other currencies left out")
    return "; ".join(said)


def cost_columns(by: By) -> tuple[Column, ...]:
    """Return the columns of the table."""
    first, *others = [
        Column(title, words, width, name, name=name, is_strong=True)
        for name, (title, width, words) in _NAMES.items() if by.has(name)
    ]  # fmt: skip
    return (
        first, *others,
        Column("Orders", lambda row: number(row.orders), 7, "orders", is_numeric=True),
        Column("Units", lambda row: number(row.units), 6, "units", is_numeric=True, leaves=1),
        _money("Revenue", "revenue", "What buyers paid, taxes left out"),
        _money("Goods", "goods", "What the goods cost; those that came back are yours again", leaves=5),
        _money("Fees", "fees", "What the channel and the payment service keep", leaves=4),
        _money("Shipping", "sending", "Postage, and boxes with their filling", leaves=4),
        _money("Work", "work", "Picking and packing, and answering questions", leaves=3),
        _money("After", "afterwards", "Refunds, goods that came back worth less, and making good", leaves=2),
        Column("Left over", lambda row: money(row.contribution, row.currency), 11, "contribution",
               is_numeric=True, is_strong=True, tone=_loss, hint=_lacking),
        Column("Margin", _margin, 8, "margin_tenths", is_numeric=True, tone=_loss),
        *((_least(),) if by.has("sku") else ()),
        Column("How known", _known, 13, "actual", stretches=True, is_quiet=True, hint=known_words,
               about="How much of the costs has been billed or paid; the rest is quoted or estimated"),
    )  # fmt: skip


def _money(title: str, field: str, about: str, *, leaves: int = 0) -> Column:
    amount = attrgetter(field)

    def said(row: CostRow) -> str:
        return money(amount(row), row.currency) if amount(row) else ""

    return Column(title, said, 10, field, is_numeric=True, about=about, leaves=leaves, name=field)


def _least() -> Column:
    def said(row: CostRow) -> str:
        return money(row.least_price, row.currency) if row.least_price is not None else "none"

    return Column("No loss from", said, 11, "least_price", is_numeric=True,
                  about="The lowest price of one unit at which nothing is lost")  # fmt: skip


def _loss(row: CostRow) -> Tone | None:
    return Tone.BAD if row.contribution < 0 else None


def _margin(row: CostRow) -> str:
    return (
        f"{row.margin_tenths / 10:.1f} %".replace("-", "−") if row.margin_tenths is not None else ""
    )


def _known(row: CostRow) -> str:
    """Say what is actual, and what only estimated; the rest was quoted."""
    guessed = f", {row.estimated} % estimated" if row.estimated else ""
    return f"{row.actual} % actual{guessed}"


def _lacking(row: CostRow) -> str:
    """Say that too much seems to be left over, where nobody has said what goods cost."""
    if not row.lacking:
        return ""
    return f"{count_of(row.lacking, 'order')} with goods of which nobody has said what they cost"


def share_columns(
    step: str, currency: str, now: Callable[[], datetime], *, has_step: bool
) -> tuple[Column, ...]:
    """Return the columns of the orders behind a number; ``step`` is what was asked for."""

    def of(field: str) -> Callable[[OrderShare], str]:
        amount = attrgetter(field)
        return lambda row: money(amount(row), currency)

    asked = (Column(step, of("amount"), 13, "amount", is_numeric=True, is_strong=True,
                    name="amount"),) if has_step else ()  # fmt: skip
    return (
        Column("Order", lambda row: row.number, 18, "number", is_strong=True, stretches=True),
        Column("Channel", lambda row: statuses.channel(row.channel), 12, "channel", leaves=1),
        Column("Ordered", lambda row: moment(row.placed_at, now()), 14, "placed_at", leaves=2,
               hint=lambda row: exact(row.placed_at)),
        Column("Revenue", of("revenue"), 10, "revenue", is_numeric=True),
        *asked,
        Column("Left over", of("contribution"), 10, "contribution", is_numeric=True,
               tone=lambda row: Tone.BAD if row.contribution < 0 else None),
        Column("Known", lambda row: BASIS_WORDS[row.basis], 10, "basis", is_quiet=True),
    )  # fmt: skip
