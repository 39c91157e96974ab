"""How does a row of a settlement file become payout lines, checked to the cent?

Amounts carry signs here, in every way that a channel writes one: -1.00, -$1.00, (1.00), 1.00-.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from app.domain.money import to_decimal
from app.domain.payouts.lines import LineType, PayoutLine
from app.sync.files.amounts import rounded, ten_thousandths
from app.sync.files.cells import Cells
from app.sync.files.posting_times import posted_at
from app.sync.files.records import read_records
from app.sync.files.sheet import CellError, Mapped, Sheet

_NOTHING: Final = frozenset({"", "-", "--", "---", "–", "—", "n/a", "N/A"})
# A minus stands before the first digit or after the last one.
_MINUS: Final = re.compile(r"^([^0-9]*)[-−–]|[-−–]([^0-9]*)$")
_CURRENCY: Final = re.compile("[A-Z]{3}")
Part = tuple[LineType, str, int]


def lines_from_rows(
    sheet: Sheet, label_at: int, build: Callable[[list[str], int], Iterable[PayoutLine]]
) -> Mapped:
    """Build the lines of every row; a row that does not add up is kept back whole."""
    lines, refused, at = read_records(sheet, label_at, build)
    return Mapped(payouts=lines, rejected=refused, rejected_at=at)


@dataclass(slots=True)
class Booking:
    """Reads the cells of a settlement file."""

    sheet: Sheet
    _known: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def text(self, cells: list[str], column: str) -> str:
        """Return a cell without outer blanks; what stands for nothing is empty."""
        text = cells[self.sheet.place(column)].strip()
        return "" if text in _NOTHING else text

    def code(self, cells: list[str], column: str) -> str:
        """Return an order number or another code of the channel, as written."""
        if not self.text(cells, column):
            return ""
        return Cells(self.sheet).code(cells, self.sheet.place(column))

    def currency(self, cells: list[str], said: str = "") -> str:
        """Return what the row is in: what another row ``said`` for it, its own word, or else dollars."""
        code = said or self.text(cells, "currency").upper() or "USD"
        if not _CURRENCY.fullmatch(code):
            why = "this is no currency code. Write three letters, such as USD."
            raise CellError("CURRENCY_INVALID", cells, self.sheet.place("currency"), why)
        return code

    def amount(self, cells: list[str], column: str, currency: str) -> int | None:
        """Return a signed amount in minor units; ``None`` where the file says nothing."""
        return self.amount_at(cells, self.sheet.place(column), currency)

    def amount_at(self, cells: list[str], place: int, currency: str) -> int | None:
        """Return the signed amount of one cell."""
        key = (cells[place], currency)
        if key not in self._known:
            self._known[key] = self._signed(cells, place, currency)
        return self._known[key]

    def _signed(self, cells: list[str], place: int, currency: str) -> int | None:
        text = cells[place].strip()
        if text in _NOTHING:
            return None
        bare, minuses = _MINUS.subn(r"\1\2", text.lstrip("+"))
        in_brackets = bare.startswith("(") and bare.endswith(")")
        exact = ten_thousandths(bare.strip("()").strip(), self.sheet.decimal)
        if exact is None or minuses > 1:
            why = "this is no amount. Write digits with up to 4 decimals, such as -12.50."
            raise CellError("AMOUNT_INVALID", cells, place, why)
        value = rounded(exact, currency)
        return -value if minuses or in_brackets else value

    def moment(self, cells: list[str], column: str, zone: tzinfo) -> datetime:
        """Return when something was booked."""
        place = self.sheet.place(column)
        return Cells(self.sheet).moment(cells, place, lambda text: posted_at(text, zone))

    def perhaps(self, cells: list[str], column: str, zone: tzinfo) -> datetime | None:
        """Return a time, or nothing where the file does not say it."""
        if not self.text(cells, column):
            return None
        place = self.sheet.place(column)
        return Cells(self.sheet).later(cells, place, lambda text: posted_at(text, zone))

    def must_add_up(
        self,
        cells: list[str],
        column: str,
        parts: Iterable[Part],
        stated: int | None,
        currency: str,
    ) -> None:
        """Refuse a row whose parts are not its own total, to the cent."""
        total = sum(amount for _type, _label, amount in parts)
        if stated is None or total == stated:
            return
        why = (
            f"the amounts of this row add up to {_plain(total, currency)}, and not to what stands "
            "here. Download the file again; if it says the same, ask the channel."
        )
        raise CellError("ROW_DOES_NOT_ADD_UP", cells, self.sheet.place(column), why)


def _plain(minor: int, currency: str) -> str:
    return f"{to_decimal(minor, currency)} {currency}"
