"""What is known of a SKU when somebody asks how many may be promised? Units by place, and its pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from app.domain.promising.keeping import Kept, Settled, kept_of_a_sale
from app.domain.promising.policy import ChannelRules


class Place(NamedTuple):
    """Units of one SKU at one location; ``is_shared`` is false for a channel's own warehouse."""

    code: str
    name: str
    on_hand: int = 0
    allocated: int = 0
    unavailable: int = 0
    safety_stock: int = 0
    is_shared: bool = True

    @property
    def free(self) -> int:
        """Units that no decision has taken yet; negative where stock is."""
        return self.on_hand - self.unavailable - self.allocated


class Arrival(NamedTuple):
    """Units on their way; ``due`` is unknown where nobody has said."""

    units: int
    due: date | None = None


BANDS: Final = ("A", "B", "C", "D")
_BAND_FROM: Final = (("A", 28), ("B", 4), ("C", 1))  # units sold in four weeks


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a SKU sells: ``sold`` units in ``days`` days; ``lead_days`` until more can come."""

    sold: int = 0
    days: int = 28
    lead_days: int | None = None
    own_band: str = ""

    @property
    def band(self) -> str:
        """A sells every day, B every week, C now and then, D not at all; or as the owner says."""
        if self.own_band:
            return self.own_band
        in_four_weeks = self.sold * 28
        return next((band for band, least in _BAND_FROM if in_four_weeks >= least * self.days), "D")


@dataclass(frozen=True, slots=True)
class Stock:
    """A SKU that is kept in stock; without any place nobody has ever counted it."""

    sku: str
    places: tuple[Place, ...] = ()
    reserved: int = 0
    arrivals: tuple[Arrival, ...] = ()
    pace: Pace = Pace()

    @property
    def is_known(self) -> bool:
        """Whether anybody knows how many there are."""
        return bool(self.places)


@dataclass(frozen=True, slots=True)
class Kit:
    """A SKU that is sold as one and packed as several: each part and its units in one kit."""

    sku: str
    parts: tuple[tuple[Stock, int], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anybody knows how many can be made."""
        return bool(self.parts) and all(stock.is_known for stock, _each in self.parts)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One account that may sell: its channel's row of the sheet, and how long a number takes there.

    ``settled`` is what its settlements show that it keeps of a sale, if there are any.
    """

    id: int
    channel: str
    name: str
    rules: ChannelRules
    lag_seconds: int = 0
    settled: Settled | None = None

    @property
    def kept(self) -> Kept:
        """What it keeps of a sale: the dearest gives way first."""
        return kept_of_a_sale(self.rules.fee_percent, self.settled)

    @property
    def rank(self) -> tuple[int, str, int]:
        """Who comes first when there is not enough: the cheapest channel."""
        return (self.kept.percent, self.channel, self.id)
