"""Which tables does a back-test have, and what does a row of each open?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.domain.promising.hindsight import Tried as TriedNumber
from app.services.backtesting.comparing import BufferTest, ChangedSale, NotAlike, Share, Sweep
from app.services.backtesting.history import Unlike
from app.services.backtesting.rules import Backtest, Changed
from app.ui.lists.columns import Column
from app.ui.lists.small import SmallSource
from app.ui.pages.channels.policy.words import said
from app.ui.pages.insights.backtest.trying import Found
from app.ui.pages.insights.backtest.words import FATES
from app.ui.pages.insights.listing import RowList
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.words import count_of, money, number


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is called, and by what it is sorted besides."""

    id: int
    name: str
    of: Any
    amount: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a result; ``says`` words how many rows it has."""

    title: str
    lines: Sequence[Line]
    columns: Sequence[Column]
    says: Callable[[int], str]
    opens: Callable[[Line], object]

    @property
    def listing(self) -> RowList:
        """Return it as it is listed."""
        return RowList(lambda: SmallSource(lambda: self.lines), self.columns, self.says, self.opens)


def tables_of(found: Found, shell: Shell, open_number: Callable[[int], object]) -> list[Table]:
    """Return the tables of a result, the most telling first."""
    if isinstance(found, Backtest):
        return [_orders(found, shell), _rules(found, shell), _unlike(found, shell)]
    if isinstance(found, BufferTest):
        return [
            _sales(found, shell),
            _shares("By SKU", "SKU", found.by_sku, found.currency,
                    lambda line: shell.open_sku(line.name)),
            _shares("By channel", "channel", found.by_channel, found.currency,
                    lambda _line: shell.go("channels", "policy")),
            _unlike(found, shell),
        ]  # fmt: skip
    return [_numbers(found, open_number)]


def _count(one: str, what: str, count: int) -> str:
    return f"{count_of(count, one)} {what}"


# ---- rules ----------------------------------------------------------------------------------------


def _orders(found: Backtest, shell: Shell) -> Table:
    lines = [
        Line(each.order_id, each.number, each, each.extra, each.after.parcels)
        for each in found.changed
    ]

    def late(line: Line) -> str:
        before, after = line.of.before.is_late, line.of.after.is_late
        return "" if before == after else "Late" if after else "In time again"

    def places(of: Callable[[Changed], Any]) -> Callable[[Line], str]:
        return lambda line: of(line.of).places or "Nowhere"

    return Table("Orders", lines, (
        Column("Order", _name, 22, "name", is_strong=True),
        Column("In force", places(lambda it: it.before), 30, is_quiet=True),
        Column("This draft", places(lambda it: it.after), 30, stretches=True),
        Column("Costs more", _amount(found.currency), 12, "amount", is_numeric=True, tone=_dearer,
               about="What the draft would have cost more; less where it is below 0"),
        Column("Parcels", lambda line: number(line.units), 8, "units", is_numeric=True, leaves=2),
        Column("Promise", late, 12, leaves=1),
        Column("By", lambda line: ", ".join(line.of.rules), 22, is_quiet=True),
    ), partial(_count, "order", "would have shipped otherwise"),
        lambda line: shell.open_order(line.id))  # fmt: skip


def _rules(found: Backtest, shell: Shell) -> Table:
    lines = [
        Line(at, rule, None, found.per_rule.get(rule, 0), count)
        for at, (rule, count) in enumerate(found.hits.items(), 1)
    ]
    return Table("By rule", lines, (
        Column("Rule", _name, 30, "name", is_strong=True, stretches=True),
        Column("Orders", lambda line: number(line.units), 9, "units", is_numeric=True,
               about="Orders that the rule met"),
        Column("Costs more", _amount(found.currency), 12, "amount", is_numeric=True, tone=_dearer,
               about="What the orders that it changed would have cost more"),
    ), partial(_count, "rule", "met orders"), lambda _line: shell.go("rules", ""))  # fmt: skip


# ---- the policy sheet ------------------------------------------------------------------------------


def _sales(found: BufferTest, shell: Shell) -> Table:
    lines = [
        Line(at, each.number, each, each.worth, each.units)
        for at, each in enumerate(found.changed, 1)
    ]

    def of(field: str) -> Callable[[Line], str]:
        return lambda line: str(getattr(line.of, field))

    def became(line: Line) -> str:
        sale: ChangedSale = line.of
        return f"{FATES[sale.before]} → {FATES[sale.after]}"

    return Table("Orders", lines, (
        Column("Order", _name, 22, "name", is_strong=True),
        Column("Channel", of("account"), 14, leaves=1),
        Column("SKU", of("sku"), 20, stretches=True),
        Column("Units", lambda line: number(line.units), 7, "units", is_numeric=True),
        Column("Worth", _amount(found.currency), 11, "amount", is_numeric=True),
        Column("Became", became, 22, about="In force, and under this draft"),
        Column("Shown", _shown, 12, is_quiet=True, leaves=2, about="What its listing showed, then and under this draft"),
    ), partial(_count, "line", "would have become something else"),
        lambda line: shell.open_order(line.of.order_id))  # fmt: skip


def _shown(line: Line) -> str:
    sale: ChangedSale = line.of
    told = ["–" if each is None else number(each) for each in (sale.shown_before, sale.shown_after)]
    return " → ".join(told)


def _shares(
    title: str, one: str, shares: Sequence[Share], coin: str, opens: Callable[[Line], object]
) -> Table:
    lines = [
        Line(at, each.name, each, each.avoided - each.unsold, each.avoided_units)
        for at, each in enumerate(shares, 1)
    ]

    def units(field: str) -> Callable[[Line], str]:
        return lambda line: number(getattr(line.of, field))

    def worth(field: str) -> Callable[[Line], str]:
        return lambda line: money(getattr(line.of, field), coin)

    return Table(title, lines, (
        Column(one[0].upper() + one[1:], _name, 24, "name", is_strong=True, stretches=True),
        Column("Not oversold", units("avoided_units"), 12, "units", is_numeric=True),
        Column("Worth", worth("avoided"), 11, is_numeric=True, name="avoided"),
        Column("Not sold", units("unsold_units"), 10, is_numeric=True),
        Column("Worth", worth("unsold"), 11, is_numeric=True, name="unsold"),
        Column("Days at 0", units("blank_days"), 10, is_numeric=True,
               about="Days on which a listing showed 0: what would have been sold then nobody knows"),
    ), partial(_count, one, "with a difference, or days at 0"), opens)  # fmt: skip


def _numbers(found: Sweep, opens: Callable[[int], object]) -> Table:
    coin = found.currency
    lines = [
        Line(at, said(found.name, each.value), each, each.toll.harm, each.toll.oversold_units)
        for at, each in enumerate(found.tried, 1)
    ]

    def toll(field: str) -> Callable[[Line], str]:
        return lambda line: number(getattr(line.of.toll, field))

    def costs(line: Line) -> str:
        return money(line.of.toll.oversold + line.of.toll.work, coin)

    def is_best(line: Line) -> str:
        return "Costs least" if line.of == found.best else ""

    return Table("Each number", lines, (
        Column("Number", _name, 14, "id", is_strong=True),
        Column("Not there", toll("oversold_units"), 10, "units", is_numeric=True,
               about="Units sold and not there"),
        Column("Cost", costs, 11, is_numeric=True, about="What was paid for them, and the work on them"),
        Column("Not sold", toll("unsold_units"), 10, is_numeric=True, about="Units there and not sold"),
        Column("Lost", lambda line: money(line.of.toll.unsold, coin), 11, is_numeric=True),
        Column("Together", _amount(coin), 12, "amount", is_numeric=True, is_strong=True),
        Column("Held back", lambda line: f"{line.of.toll.held_back:.2f}", 10, is_numeric=True,
               about="Units kept off a listing, on average"),
        Column("", is_best, 14, name="best", stretches=True, about="Which costs least"),
    ), partial(_count, "number", "tried"), lambda line: opens(_value(line.of)))  # fmt: skip


def _value(of: TriedNumber) -> int:
    return of.value


# ---- what the replay does not explain ---------------------------------------------------------------


def _unlike(found: Backtest | BufferTest, shell: Shell) -> Table:
    unlike: Sequence[Unlike | NotAlike] = found.unlike
    lines = [Line(at, each.number, each) for at, each in enumerate(unlike, 1)]

    def words(field: str) -> Callable[[Line], str]:
        def said_of(line: Line) -> str:
            value = getattr(line.of, field)
            return FATES.get(value, "") or value or "Nowhere"

        return said_of

    sku = (Column("SKU", words("sku"), 18),) if isinstance(found, BufferTest) else ()
    return Table("Replayed otherwise", lines, (
        Column("Order", _name, 22, "name", is_strong=True), *sku,
        Column("Really", words("happened"), 18),
        Column("Replayed", words("replayed"), 18),
        Column("Why", words("why"), 40, stretches=True, is_quiet=True),
    ), partial(_count, "order" if isinstance(found, Backtest) else "line", "replayed otherwise than it really was"),
        lambda line: shell.go("orders", line.name))  # fmt: skip


def _name(line: Line) -> str:
    return line.name


def _amount(currency: str) -> Callable[[Line], str]:
    return lambda line: money(line.amount, currency)


def _dearer(line: Line) -> Tone | None:
    return Tone.BAD if line.amount > 0 else Tone.GOOD if line.amount < 0 else None
