"""What does one field of a channel's payload say? Exactly, or not at all.

For every adapter's payloads: text, whole units, money in minor units, moments. What cannot be taken
raises :class:`NotReadableError` with the field and its value in words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from app.domain.money import exponent
from app.domain.orders import ChannelState, IncomingOrder, MapperHold
from app.sync.files.address_checks import address_holds, missing_sku
from app.sync.live.channel import NotReadableError

MOST_UNITS: Final = 99_999
_MOST_MONEY: Final = Decimal(10) ** 10
_LONGEST_TEXT: Final = 2_000
_DONE: Final = (ChannelState.SHIPPED, ChannelState.CANCELLED)


def text(value: Any, name: str = "text") -> str:
    """Return text without surrounding blanks, NFC; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, (dict, list, bool)):
        raise NotReadableError(f"its {name} is not a text")
    return unicodedata.normalize("NFC", str(value)).strip()[:_LONGEST_TEXT]


def required(value: Any, name: str) -> str:
    """Return text that must be there."""
    found = text(value, name)
    if not found:
        raise NotReadableError(f"its {name} is missing")
    return found


def units(value: Any, name: str = "quantity") -> int:
    """Return whole units, zero allowed."""
    number = _number(value, name)
    if number != number.to_integral_value() or not 0 <= number <= MOST_UNITS:
        raise NotReadableError(f"its {name} “{str(value)[:20]}” is no number of units")
    return int(number)


def minor(value: Any, currency: str, name: str = "amount") -> int:
    """Return money as minor units of its currency, half a unit rounded up; nothing is zero."""
    if value is None or value == "":
        return 0
    number = _number(value, name)
    if abs(number) > _MOST_MONEY:
        raise NotReadableError(f"its {name} “{str(value)[:20]}” is too large")
    return int(number.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))


def currency(value: Any) -> str:
    """Return a currency's ISO code."""
    code = required(value, "currency")
    if len(code) != 3 or not code.isascii() or not code.isupper():
        raise NotReadableError(f"its currency “{code[:10]}” is not known")
    return code


def moment(value: Any, name: str = "time", zone: tzinfo = UTC) -> datetime:
    """Return ISO 8601 as aware UTC; without an offset it is a time of ``zone``."""
    word = required(value, name)
    try:
        found = datetime.fromisoformat(word)
    except ValueError as broken:
        raise NotReadableError(f"its {name} “{word[:30]}” is no time") from broken
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def from_seconds(value: Any, name: str = "time") -> datetime:
    """Return the moment so many seconds after 1970."""
    try:
        return datetime.fromtimestamp(float(_number(value, name)), UTC)
    except (OverflowError, OSError) as broken:
        raise NotReadableError(f"its {name} “{str(value)[:20]}” is no time") from broken


def part(value: Any, *names: str) -> Any:
    """Return what lies deeper in a payload, or ``None`` where the way there ends."""
    for name in names:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def rows(value: Any, name: str = "list") -> Sequence[Mapping[str, Any]]:
    """Return a list of objects; nothing is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise NotReadableError(f"its {name} is not a list")
    return value


def doubts(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Return what must be cleared before such an order may be released; nothing if it never will."""
    if order.state in _DONE or order.fulfilled_by_channel:
        return ()
    return missing_sku(order) + address_holds(order, look_for_mojibake=True)


def _number(value: Any, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise NotReadableError(f"its {name} is no number")
    word = str(value).strip()
    try:
        number = Decimal(word) if word.isascii() and "_" not in word else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise NotReadableError(f"its {name} “{word[:20]}” is no number")
    return number
