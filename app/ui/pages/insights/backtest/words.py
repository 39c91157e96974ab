"""What does a back-test say? In sentences, and both sides beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from app.domain.promising.hindsight import Fate, Toll
from app.domain.promising.policy import rules_from
from app.services.backtesting.comparing import BufferTest
from app.services.backtesting.rules import Backtest, Sums
from app.ui import statuses
from app.ui.pages.channels.policy.questions import field_title
from app.ui.pages.channels.policy.words import answer, said
from app.ui.pages.insights.backtest.trying import Found, Trial, Tried, TrySheet
from app.ui.words import count_of, day, joined, money, more_or_less, number

FATES: Final = {Fate.FILLED: "Sent", Fate.OVERSOLD: "Not there", Fate.NOT_SOLD: "Not sold"}
_DRAFT: Final = ("", "In force", "This draft")
SHOWN: Final = 3
Sides = Sequence[tuple[str, ...]]


def headline(found: Found) -> str:
    """Say what it comes to, in money."""
    if isinstance(found, Backtest):
        if not found.changed:
            return "This draft would have decided every order as the rules in force do."
        extra = more_or_less(found.extra, found.currency)
        return f"This draft would have cost {extra}{_than(found.extra)} the rules in force."
    if isinstance(found, BufferTest):
        if not found.saved:
            return "This draft would have come to the same money as the sheet in force."
        verb = "spared you" if found.saved > 0 else "lost you"
        more = "" if found.saved > 0 else " more"
        return f"This draft would have {verb} {money(abs(found.saved), found.currency)}{more}."
    best, gap = found.best, found.now.harm - found.best.toll.harm
    return (f"Least is lost with {said(found.name, best.value)}: "
            f"{more_or_less(-gap, found.currency)}{_than(gap)} the sheet in force.")  # fmt: skip


def tried_words(trial: Trial, channels: Sequence[str]) -> list[str]:
    """Say which answers of the sheet are tried, each with its channels."""
    if not isinstance(trial, TrySheet):
        return []
    found: dict[str, list[str]] = {}
    for code, row in trial.channels.items():
        rules = rules_from(row)
        for name in row:
            found.setdefault(f"{field_title(name)} {answer(rules, name).lower()}", []).append(code)
    told = [
        f"{words} ({'every channel' if {*channels} <= {*codes} else joined(list(map(statuses.channel, codes)))})"
        for words, codes in found.items()
    ]
    more = [f"{count_of(len(told) - SHOWN, 'more answer')}"] if len(told) > SHOWN else []
    calendar = ["another calendar"] if trial.calendar is not None else []
    return [f"Tried: {joined([*told[:SHOWN], *more, *calendar])}."]


def _than(difference: int) -> str:
    return " than" if difference else " as"


def sentences(found: Found, now: datetime) -> list[str]:
    """Say what was looked at, and what nobody can know."""
    if isinstance(found, Backtest):
        return _of_rules(found, now)
    if isinstance(found, BufferTest):
        return _of_sheet(found, now)
    best, coin = found.best.toll, found.currency
    return [
        (
            f"It would have left {money(best.harm, coin)}: {money(best.oversold + best.work, coin)} for what was "
            f"sold and not there, {money(best.unsold, coin)} for what was there and not sold."
        ),
        (
            "With less more is sold that is not there; with more sales are lost that could have been sent. "
            "Open a number to see its orders."
        ),
    ]


def _of_rules(found: Backtest, now: datetime) -> list[str]:
    return [
        (
            f"{count_of(found.orders, 'order')} since {_since(found.since, now)} decided again; "
            f"{count_of(len(found.changed), 'order')} would have shipped otherwise."
        ),
        f"The rules in force, replayed, say of {number(found.alike)} orders what really happened"
        + (f", of {number(len(found.unlike))} something else." if found.unlike else "."),
    ]


def _of_sheet(found: BufferTest, now: datetime) -> list[str]:
    avoided, lost = (sum(each.units for each in of) for of in (found.avoided, found.lost))
    return [
        (
            f"{count_of(found.orders, 'order')} since {_since(found.since, now)} asked for again: "
            f"{count_of(avoided, 'unit')} not oversold, {count_of(lost, 'unit')} not sold although there."
        ),
        (
            f"On {number(found.blank)} of {count_of(found.listing_days, 'day')} of a listing it showed 0: "
            "what would have been sold then nobody knows."
        ),
        f"The sheet in force, replayed, says of {number(found.alike)} lines what really happened"
        + (f", of {number(len(found.unlike))} something else." if found.unlike else "."),
    ]


def _since(at: datetime, now: datetime) -> str:
    return day(at.astimezone().date(), now)


def gate_words(tried: Tried) -> str:
    """Say what it means where drafts have to be tried before they count."""
    if tried.verdict is None:
        return ""
    if tried.verdict["is_worse"]:
        return "It came out worse: to count all the same it needs a reason."
    return "It may count now: a back-test of the last seven days speaks for it."


def sides(found: Found) -> tuple[Sequence[str], Sides]:
    """Return both sides beside each other: their heads, and a row for each figure."""
    if isinstance(found, Backtest):
        return _DRAFT, _sums(found.active, found.draft, found.currency)
    if isinstance(found, BufferTest):
        return _DRAFT, _tolls(found.active, found.draft, found.currency)
    return ("", "In force", said(found.name, found.best.value)), _tolls(
        found.now, found.best.toll, found.currency
    )


def _sums(before: Sums, after: Sums, coin: str) -> Sides:
    return [
        ("Postage and handling", money(before.cost, coin), money(after.cost, coin)),
        *(
            (title, number(getattr(before, name)), number(getattr(after, name)))
            for name, title in (
                ("parcels", "Parcels"),
                ("split", "Orders split"),
                ("late", "Orders late"),
                ("short", "Lines without stock"),
            )
        ),
    ]


def _tolls(before: Toll, after: Toll, coin: str) -> Sides:
    names = ("Orders for what was not there", "What they cost", "Units there and not sold",
             "What they would have brought", "Together", "Held back, units a listing")  # fmt: skip
    return list(zip(names, _toll(before, coin), _toll(after, coin), strict=True))


def _toll(it: Toll, coin: str) -> tuple[str, ...]:
    return (
        number(it.oversold_orders), money(it.oversold + it.work, coin), number(it.unsold_units),
        money(it.unsold, coin), money(it.harm, coin), f"{it.held_back:.2f}",
    )  # fmt: skip
