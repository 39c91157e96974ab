"""Does an order add up to the total that its channel states?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.money import exponent, to_decimal
from app.domain.orders import HoldCode, IncomingLine, MapperHold

_TOLERATED_HUNDREDTHS: Final = 2


def lines_total(lines: Iterable[IncomingLine]) -> int:
    """Return what the lines come to, their discounts taken off, in minor units."""
    return sum([x.unit_price * x.quantity - x.discount for x in lines])


def adds_up(stated: int, computed: int, currency: str) -> bool:
    """Say whether two amounts differ by no more than 0.02 of the currency."""
    return stated == computed or abs(stated - computed) * 100 <= _TOLERATED_HUNDREDTHS * int(
        10 ** exponent(currency)
    )


def total_mismatch(
    stated: int | None, computed: int, currency: str, *, source: str = "the file"
) -> tuple[MapperHold, ...]:
    """Hold an order whose stated total is not what its parts come to; both numbers are shown."""
    if stated is None or adds_up(stated, computed, currency):
        return ()
    ours, theirs = to_decimal(computed, currency), to_decimal(stated, currency)
    reason = (
        f"Lines, shipping and tax less discounts come to {ours} {currency}, but {source} states "
        f"{theirs} {currency}. {source.capitalize()}'s figure is kept; check the order at the channel."
    )
    return (MapperHold(HoldCode.TOTAL_MISMATCH, reason),)
