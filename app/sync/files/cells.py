"""What does one cell mean: a quantity, an amount, a code, a moment?

Every reading is remembered by its text, for a file repeats the same few thousand. A cell that
cannot be taken raises :class:`CellError` with a sentence that says how to put it right.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

from app.sync.files import limits
from app.sync.files.amounts import rounded, split_line, ten_thousandths
from app.sync.files.moments import EARLIEST, LATEST_AHEAD, Parse
from app.sync.files.sheet import CellError, Sheet

MOST_UNITS: Final = 99_999
_WHOLE: Final = re.compile(r"(-?)([0-9]+)(?:\.0+)?")
SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+")
_PLAIN_ID: Final = re.compile(r"[#A-Za-z0-9_-]{1,100}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_RETYPE: Final = "Take it from the channel or download the file again without opening it in Excel."


class Cells:
    """Reads the cells of one sheet by its decimal sign and its today."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.quantities: dict[str, int] = {}
        self.codes: dict[str, str] = {}
        self._currencies: dict[str, str] = {}
        self._prices: dict[tuple[str, str], int] = {}
        self._amounts: dict[tuple[str, str], int] = {}
        self._latest = min(sheet.today, sheet.today.max - LATEST_AHEAD) + LATEST_AHEAD

    def quantity(self, cells: list[str], place: int) -> int:
        """Return 1 to 99,999 units: ASCII digits, optionally “.0”."""
        text = cells[place]
        known = self.quantities.get(text)
        if known is None:
            known = self.quantities[text] = _positive(cells, place)
        return known

    def units(self, cells: list[str], place: int, *, signed: bool = False) -> int:
        """Return a count that may be zero, and below it where the channel oversold."""
        sign, digits = _whole(cells, place)
        if sign and not signed:
            why = "stock cannot be below zero. Write the units that are there."
            raise CellError("QTY_NOT_POSITIVE", cells, place, why)
        return -int(digits) if sign else int(digits)

    def amount(self, cells: list[str], place: int, currency: str) -> int:
        """Return minor units; an empty cell is nothing (shipping, tax, discounts)."""
        text = cells[place]
        if not text or text == "0.00":
            return 0
        key = (text, currency)
        known = self._amounts.get(key)
        if known is None:
            exact = 0 if text.isspace() else self._exact(cells, place)
            known = self._amounts[key] = rounded(exact, currency)
        return known

    def stated(self, cells: list[str], place: int, currency: str) -> int | None:
        """Return minor units, or ``None`` where the file does not say."""
        return self.amount(cells, place, currency) if cells[place].strip() else None

    def unit_price(
        self, cells: list[str], place: int, currency: str, quantity: int
    ) -> tuple[int, int]:
        """Return a unit price and the discount that keeps fractions of a cent exact."""
        known = self._prices.get((cells[place], currency))
        if known is not None:
            return known, 0
        exact = self._exact(cells, place)
        unit = rounded(exact, currency)
        if rounded(exact * MOST_UNITS, currency) == unit * MOST_UNITS:
            self._prices[cells[place], currency] = unit
        total = rounded(exact * quantity, currency)
        self._note_zero(unit)
        return (unit, 0) if unit * quantity == total else split_line(total, quantity)

    def line_price(
        self, cells: list[str], place: int, currency: str, quantity: int
    ) -> tuple[int, int]:
        """Return unit price and discount of a line whose total is stated."""
        total = rounded(self._exact(cells, place), currency)
        self._note_zero(total)
        return split_line(total, quantity)

    def code(self, cells: list[str], place: int) -> str:
        """Return a SKU or id: outer blanks off, NFC, otherwise as written; may be empty."""
        text = cells[place]
        known = self.codes.get(text)
        if known is None:
            known = self.codes[text] = _code(cells, place)
        return known

    def identity(self, cells: list[str], place: int) -> str:
        """Return the id of an order; it may not be empty."""
        code = cells[place]
        if _PLAIN_ID.fullmatch(code):  # ids are mostly unique: no use in remembering them
            return code
        code = self.code(cells, place)
        if not code:
            why = "the id is empty. Fill it in or remove the row."
            raise CellError("ID_INVALID", cells, place, why)
        return code

    def currency(self, cells: list[str], place: int) -> str:
        """Return an ISO 4217 code."""
        known = self._currencies.get(cells[place])
        if known:
            return known
        text = cells[place].strip().upper()
        if not _CURRENCY.fullmatch(text):
            why = "this is no currency code. Write three letters, such as USD."
            raise CellError("CURRENCY_INVALID", cells, place, why)
        self._currencies[cells[place]] = text
        return text

    def moment(self, cells: list[str], place: int, parse: Parse) -> datetime:
        """Return a time in UTC, no earlier than 1995 and at most two days ahead of today."""
        moment = _moment(cells, place, parse)
        if not EARLIEST <= moment.date() <= self._latest:
            why = (
                f"the date lies before {EARLIEST.year} or more than {LATEST_AHEAD.days} days "
                "ahead. Correct the date."
            )
            raise CellError("DATE_OUT_OF_RANGE", cells, place, why)
        return moment

    def later(self, cells: list[str], place: int, parse: Parse) -> datetime | None:
        """Return a deadline, which may lie ahead; ``None`` where the file names none."""
        return _moment(cells, place, parse) if cells[place].strip() else None

    def _exact(self, cells: list[str], place: int) -> int:
        amount = ten_thousandths(cells[place], self._sheet.decimal)
        if amount is None:
            sign = self._sheet.decimal
            why = (
                f"this is no amount. Write digits with up to 4 decimals, such as 12{sign}50, "
                "without a plus or minus sign."
            )
            raise CellError("AMOUNT_INVALID", cells, place, why)
        return amount

    def _note_zero(self, price: int) -> None:
        if not price:
            self._sheet.notices["ZERO_PRICE"] = None


def _moment(cells: list[str], place: int, parse: Parse) -> datetime:
    try:
        return parse(cells[place])
    except (ValueError, OverflowError):
        why = "there is no such date, or it is written in another way than this export does. "
        why += "Correct the date, for instance to 2025-11-21."
        raise CellError("DATE_INVALID", cells, place, why) from None


def _whole(cells: list[str], place: int) -> tuple[str, str]:
    match = _WHOLE.fullmatch(cells[place].strip())
    if not match:
        why = "this is not a whole number. Write digits only, such as 1."
        raise CellError("QTY_INVALID", cells, place, why)
    digits = match[2].lstrip("0") or "0"
    if len(digits) > 9:
        why = f"more than {MOST_UNITS:,} units are not plausible. Correct the quantity."
        raise CellError("QTY_IMPLAUSIBLE", cells, place, why)
    return match[1], digits


def _positive(cells: list[str], place: int) -> int:
    sign, digits = _whole(cells, place)
    number = int(digits)
    if sign or not number:
        why = "a quantity must be 1 or more. Correct it, or remove the order's rows."
        raise CellError("QTY_NOT_POSITIVE", cells, place, why)
    if number > MOST_UNITS:
        why = f"more than {MOST_UNITS:,} units are not plausible. Correct the quantity."
        raise CellError("QTY_IMPLAUSIBLE", cells, place, why)
    return number


def _code(cells: list[str], place: int) -> str:
    text = cells[place].strip()
    if text.isalnum() and text.isascii() and len(text) <= limits.ID_CHARS:
        return text
    if SCIENTIFIC.fullmatch(text):
        why = f"Excel has rounded this code and its digits are lost. {_RETYPE}"
        raise CellError("SCI_NOTATION_ID", cells, place, why)
    if len(text) > limits.ID_CHARS:
        why = f"a code has at most {limits.ID_CHARS} characters, this has {len(text):,}. {_RETYPE}"
        raise CellError("ID_INVALID", cells, place, why)
    if "\n" in text or "\r" in text or "\t" in text:
        raise CellError("ID_INVALID", cells, place, f"a code is one line. {_RETYPE}")
    return unicodedata.normalize("NFC", text)
