"""What is left of a file once its encoding, delimiter and layout are known? Rows of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.domain.importing import KitRow, ListingRow, Reject, SkuRow, StockRow, TrackingRow
from app.domain.orders import IncomingOrder
from app.domain.payouts.lines import PayoutLine
from app.domain.rate_tables import RateRow


class CellError(Exception):
    """One cell cannot be taken: ``why`` says what is wrong with it and how to put it right.

    ``cells`` is the row itself, so that the reader can find the line; ``place`` the column's.
    """

    def __init__(self, code: str, cells: list[str], place: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.cells = cells
        self.place = place
        self.why = why


@dataclass(slots=True)
class Sheet:
    """The data rows of a file, as text, under the columns of one layout.

    Every row has exactly ``width + 1`` cells. The last is always empty and stands for every
    column that the file does not have, so mappers read optional columns without asking. ``lines``
    are the physical lines (rows, in a workbook) on which the records start; in the second and
    further sheets of a workbook they count on from the sheet before, ``parts`` says where each
    begins, and :meth:`where` names sheet and row. ``faults`` are rows
    that were damaged before anyone looked at their meaning; their orders are rejected.
    """

    header: tuple[str, ...]
    places: dict[str, int]
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    faults: dict[int, CellError] = field(default_factory=dict)
    notices: dict[str, None] = field(default_factory=dict)
    today: date = date.max
    decimal: str = "."
    delimiter: str = ","
    encoding: str = "utf-8"
    unit: Literal["line", "row"] = "line"
    mojibake: bool = False
    parts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.header)

    def where(self, line: int) -> str:
        """Return what people call a line of the file: line 7, or row 7 of a sheet with its name."""
        if len(self.parts) < 2:
            return f"{self.unit} {line}"
        above, name = max(part for part in self.parts if part[0] < line)
        return f"sheet “{name}”, {self.unit} {line - above}"

    def place(self, column: str) -> int:
        """Return where a column is; the place of the empty cell if the file has no such column."""
        return self.places.get(column, self.width)

    def has(self, column: str) -> bool:
        """Say whether the file has the column."""
        return column in self.places

    def column_name(self, place: int) -> str:
        """Return a column's heading as the file writes it."""
        return self.header[place].strip("\ufeff ") if place < self.width else ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapper made of a sheet; ``rejected_at`` are the indexes of the rows kept back."""

    orders: tuple[IncomingOrder, ...] = ()
    skus: tuple[SkuRow, ...] = ()
    stock: tuple[StockRow, ...] = ()
    kits: tuple[KitRow, ...] = ()
    listings: tuple[ListingRow, ...] = ()
    payouts: tuple[PayoutLine, ...] = ()
    tracking: tuple[TrackingRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    rejected: tuple[Reject, ...] = ()
    rejected_at: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
