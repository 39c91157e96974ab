"""How does the policy sheet speak? Every question and every answer in words of the trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.domain.promising.deciders import Conflict, Record
from app.domain.promising.keeping import FEWEST, Settled
from app.domain.promising.policy import (
    Backorders,
    ChannelRules,
    Decider,
    Incoming,
    Oversell,
    StockMode,
    as_said,
)
from app.ui.words import count_of, number


class Row(NamedTuple):
    """One row of the sheet; ``noun`` words a number, (one, many)."""

    field: str
    label: str
    noun: tuple[str, str] = ("", "")
    about: str = ""


class Group(NamedTuple):
    """Rows that belong together."""

    title: str
    rows: Sequence[Row]


_UNITS, _DAYS = ("unit", "units"), ("day", "days")
GROUPS: Final[Sequence[Group]] = (
    Group("Who decides", (
        Row("price_owner", "The price"),
        Row("stock_owner", "The stock number", about="Only numbers that Orderdeck decides are told"),
        Row("promise_owner", "The delivery promise"),
        Row("cancel_owner", "A cancellation"),
        Row("fee_percent", "Keeps of a sale", ("%", "%"), "The dearest channel gives way first. What settlements show counts instead"),
    )),
    Group("How stock is shared", (
        Row("stock_mode", "Shares stock"),
        Row("reserve_units", "Keeps for itself", _UNITS, "Counts if it reserves"),
        Row("reserve_percent", "or this share", ("%", "%"), "The larger of both counts"),
        Row("cap_units", "Shows at most", _UNITS, "Counts if it reserves or is capped"),
        Row("gives_way_at", "Leaves the last", _UNITS, "To channels that keep less of a sale"),
        Row("oversell", "More than there is"),
        Row("oversell_units", "by at most", _UNITS),
        Row("incoming", "Units on their way", about="Whether they are told before they have come in"),
        Row("incoming_days", "if due within", _DAYS),
    )),
    Group("What is held back", (
        Row("buffer_units", "At least", _UNITS),
        Row("buffer_percent", "or this share", ("%", "%")),
        Row("cover_days", "or what sells in", _DAYS),
        Row("buffer_lag", "or while it updates", about="What sells until a new number shows there"),
        Row("buffer_dynamic", "More for fast sellers", about="By speed of sale, time until more comes, and margin"),
        Row("buffer_most", "but at most", _UNITS),
    )),
    Group("How orders are handled", (
        Row("catch_up_minutes", "Told within", ("min", "min")),
        Row("may_split", "In several parcels"),
        Row("most_parcels", "at most", ("parcel", "parcels"), "Counts if it may leave in several"),
        Row("split_from", "if worth from", ("worth", "worth"), "Whole dollars, or whatever the currency; 0: any order"),
        Row("shows_partial", "Customer sees parts"),
        Row("single_confirmation", "One confirmation"),
        Row("substitutions", "May be substituted", about="By what the routing policy approves"),
        Row("backorders", "May follow later", about="What is not there leaves once it has come in"),
        Row("buyer_messages", "May write to buyers"),
    )),
)  # fmt: skip
ROWS: Final[Mapping[str, Row]] = {row.field: row for group in GROUPS for row in group.rows}
CHOICES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    **dict.fromkeys(
        ("price_owner", "stock_owner", "promise_owner", "cancel_owner"),
        ((Decider.DESK.value, "Orderdeck"), (Decider.CHANNEL.value, "Channel"),
         (Decider.ELSEWHERE.value, "Elsewhere"), (Decider.NOBODY.value, "Nobody")),
    ),
    "stock_mode": ((StockMode.EQUAL.value, "Equally"), (StockMode.RESERVED.value, "Reserves"),
                   (StockMode.CAPPED.value, "Capped")),
    "oversell": ((Oversell.NEVER.value, "Never"), (Oversell.UP_TO.value, "Up to a number"),
                 (Oversell.BACKORDER.value, "With a date")),
    "incoming": ((Incoming.NEVER.value, "Not yet"), (Incoming.DUE.value, "If due soon"),
                 (Incoming.ALL.value, "All of them")),
    "backorders": ((Backorders.NEVER.value, "No"), (Backorders.WHOLE.value, "The whole order"),
                   (Backorders.LINES.value, "Single lines")),
    **dict.fromkeys(
        ("buffer_lag", "buffer_dynamic", "shows_partial", "single_confirmation", "substitutions",
         "buyer_messages", "may_split"),
        (("yes", "Yes"), ("no", "No")),
    ),
}  # fmt: skip
# What has no meaning beside another answer is shown quietly.
_NEEDS: Final[Mapping[str, tuple[str, frozenset[str | bool]]]] = {
    "reserve_units": ("stock_mode", frozenset(("reserved",))),
    "reserve_percent": ("stock_mode", frozenset(("reserved",))),
    "cap_units": ("stock_mode", frozenset(("reserved", "capped"))),
    "oversell_units": ("oversell", frozenset(("up_to", "backorder"))),
    "incoming_days": ("incoming", frozenset(("due",))),
    "most_parcels": ("may_split", frozenset((True,))),
    "split_from": ("may_split", frozenset((True,))),
}
RECORDS: Final[Mapping[Record, str]] = {
    Record.DESK: "Orderdeck", Record.CHANNEL: "The channel", Record.LOCATION: "The warehouse",
    Record.ELSEWHERE: "Elsewhere", Record.NOBODY: "Nothing is deciding",
}  # fmt: skip
CONFLICTS: Final[Mapping[Conflict, str]] = {
    Conflict.KEEP_OURS: "Ours stays", Conflict.TAKE_THEIRS: "Theirs is taken over",
    Conflict.ASK: "A person is asked",
}  # fmt: skip
OCCASIONS: Final = (("peak", "Peak season"), ("launch", "Launch"), ("promotion", "Promotion"))


def answer(rules: ChannelRules, field: str) -> str:
    """Return what a channel's row says, in words."""
    value = as_said(rules)[field]
    return said(field, value)


def said(field: str, value: Any) -> str:
    """Return a value of the sheet in words."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if field in CHOICES:
        return dict(CHOICES[field]).get(str(value), str(value))
    if value is None:
        return "No limit"
    noun = ROWS[field].noun
    if field == "split_from":
        return number(int(value)) if value else "Any worth"
    return f"{number(value)} %" if noun[0] == "%" else count_of(int(value), *noun)


def settled(shares: Sequence[Settled]) -> str:
    """Return what a channel's accounts kept of a sale, and of how many orders."""
    return "; ".join(f"{number(x.percent)} % ({number(x.orders)})" for x in shares) or "–"


def settled_in_full(shares: Sequence[Settled]) -> str:
    """Return the same in sentences, and which of both rates counts."""
    return " ".join(
        f"{number(x.percent)} % from {count_of(x.orders, 'settled order')}: "
        + ("this counts." if x.orders >= FEWEST else "too few, what was typed counts.")
        for x in shares
    )


def is_idle(rules: ChannelRules, field: str) -> bool:
    """Return whether an answer has no meaning beside the others."""
    needs = _NEEDS.get(field)
    if needs is not None:
        return as_said(rules)[needs[0]] not in needs[1]
    return as_said(rules)[field] in (0, None)


def is_idle_everywhere(rows: Mapping[str, ChannelRules], field: str) -> bool:
    """Return whether no channel gives an answer that counts."""
    return all(is_idle(rules, field) for rules in rows.values())


def told(units: int | None) -> str:
    """Return a number that a channel is told."""
    return "nothing" if units is None else number(units)
