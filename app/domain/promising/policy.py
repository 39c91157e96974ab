"""What has the owner decided for each channel? One row of the policy sheet a channel, all as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from app.errors import RefusedError


class Decider(StrEnum):
    """Who has the last word on something."""

    DESK = "desk"
    CHANNEL = "channel"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


class Oversell(StrEnum):
    """May more be sold than there is?"""

    NEVER = "never"
    UP_TO = "up_to"
    BACKORDER = "backorder"


class StockMode(StrEnum):
    """How a channel shares the stock with the others."""

    EQUAL = "equal"
    RESERVED = "reserved"
    CAPPED = "capped"


class Backorders(StrEnum):
    """May what is not there follow when it has come in?"""

    NEVER = "never"
    WHOLE = "whole"
    LINES = "lines"


class Incoming(StrEnum):
    """Do units count that are still on their way?"""

    NEVER = "never"
    DUE = "due"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What one channel's row of the sheet says.

    Units are whole units, percentages whole per cent of what is sellable, ``fee_percent`` what the
    channel keeps of a sale until its settlements show it: the dearest channel gives way first.
    ``split_from`` is the least worth of an order, in whole units of the currency, from which it may
    leave in several parcels.
    """

    price_owner: Decider = Decider.DESK
    stock_owner: Decider = Decider.DESK
    promise_owner: Decider = Decider.DESK
    cancel_owner: Decider = Decider.DESK
    fee_percent: int = 3
    stock_mode: StockMode = StockMode.EQUAL
    reserve_units: int = 0
    reserve_percent: int = 0
    cap_units: int | None = None
    oversell: Oversell = Oversell.NEVER
    oversell_units: int = 0
    gives_way_at: int = 0
    buffer_units: int = 0
    buffer_percent: int = 0
    cover_days: int = 0
    buffer_lag: bool = False
    buffer_dynamic: bool = False
    buffer_most: int | None = None
    incoming: Incoming = Incoming.NEVER
    incoming_days: int = 14
    catch_up_minutes: int = 15
    shows_partial: bool = True
    single_confirmation: bool = False
    substitutions: bool = False
    buyer_messages: bool = False
    may_split: bool = True
    most_parcels: int = 3
    split_from: int = 0
    backorders: Backorders = Backorders.NEVER

    @property
    def cap(self) -> int | None:
        """The most that is shown; in the mode equal there is no such limit."""
        return None if self.stock_mode is StockMode.EQUAL else self.cap_units

    @property
    def has_buffer(self) -> bool:
        """Whether anything is held back from this channel."""
        return bool(self.buffer_units or self.buffer_percent or self.cover_days or self.buffer_lag)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The questions that nobody decides."""
        return tuple(name for name in OWNERS if getattr(self, name) is Decider.NOBODY)


OWNERS: Final = ("price_owner", "stock_owner", "promise_owner", "cancel_owner")
CALENDAR_FIELDS: Final = (
    "reserve_units", "reserve_percent", "cap_units", "gives_way_at", "buffer_units",
    "buffer_percent", "cover_days",
)  # fmt: skip
_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    **dict.fromkeys(OWNERS, Decider),
    "oversell": Oversell,
    "stock_mode": StockMode,
    "incoming": Incoming,
    "backorders": Backorders,
}
_FLAGS: Final = frozenset(
    ("buffer_lag", "buffer_dynamic", "shows_partial", "single_confirmation", "substitutions",
     "buyer_messages", "may_split")
)  # fmt: skip
_OPTIONAL: Final = frozenset(("cap_units", "buffer_most"))
_MOST_UNITS: Final = 1_000_000
_MOST: Final[Mapping[str, int]] = {
    "fee_percent": 100, "reserve_percent": 100, "buffer_percent": 100, "cover_days": 365,
    "incoming_days": 365, "catch_up_minutes": 7 * 24 * 60, "most_parcels": 9,
}  # fmt: skip
NAMES: Final = tuple(each.name for each in fields(ChannelRules))
NUMBERS: Final = tuple(name for name in NAMES if name not in _CHOICES and name not in _FLAGS)
"""The answers that are whole numbers."""
OF_NUMBERS: Final = (
    "stock_owner", "stock_mode", "oversell", "oversell_units", "buffer_lag", "buffer_dynamic",
    "buffer_most", "incoming", "incoming_days", *CALENDAR_FIELDS,
)  # fmt: skip
"""The answers that decide how many units a channel is told."""


def rules_from(said: Mapping[str, Any], base: ChannelRules | None = None) -> ChannelRules:
    """Read a channel's row; what it does not say stays as in ``base``.

    Raises:
        RefusedError: a value cannot stand there.
    """
    values = {name: _value(name, said[name]) for name in NAMES if name in said}
    return replace(base or ChannelRules(), **values)


def as_said(rules: ChannelRules) -> dict[str, Any]:
    """Return the row as it is stored: plain words and numbers."""
    return {name: _plain(value) for name, value in asdict(rules).items()}


def check_sheet(sheet: Mapping[str, ChannelRules]) -> None:
    """Refuse a sheet that promises more than all there is to single channels.

    Raises:
        RefusedError: the percentages together are more than 100.
    """
    shares = [row.reserve_percent for row in sheet.values() if row.stock_mode is StockMode.RESERVED]
    if sum(shares) > 100:
        raise RefusedError(
            f"The channels would keep {sum(shares)} % of the stock for themselves, and there is "
            "only 100 %. Nothing was changed.",
            "Lower one of the reserved percentages.",
        )


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _value(name: str, said: Any) -> Any:
    if name in _CHOICES:
        return _choice(name, said)
    if name in _FLAGS:
        return _flag(name, said)
    if name in _OPTIONAL and said in (None, ""):
        return None
    return _whole(name, said)


def _choice(name: str, said: Any) -> StrEnum:
    kind = _CHOICES[name]
    try:
        return kind(str(said))
    except ValueError:
        raise _refused(name, said, f"Write one of {', '.join(kind)}.") from None


def _flag(name: str, said: Any) -> bool:
    if isinstance(said, bool):
        return said
    known = {"yes": True, "true": True, "no": False, "false": False}
    if str(said).lower() not in known:
        raise _refused(name, said, "Write yes or no.")
    return known[str(said).lower()]


def _whole(name: str, said: Any) -> int:
    most = _MOST.get(name, _MOST_UNITS)
    try:
        value = int(str(said))
    except ValueError:
        raise _refused(name, said, f"Write a whole number from 0 to {most:,}.") from None
    if isinstance(said, bool) or not 0 <= value <= most:
        raise _refused(name, said, f"Write a whole number from 0 to {most:,}.")
    return value


def _refused(name: str, said: Any, advice: str) -> RefusedError:
    return RefusedError(f"“{said}” cannot stand at {name}; nothing was changed.", advice)
