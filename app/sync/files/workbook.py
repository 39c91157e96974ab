"""Which rows does a workbook hold, as text? Numbers only where no digit of theirs is lost."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from itertools import islice
from typing import Final

import openpyxl

from app.sync.files import limits
from app.sync.files.address_checks import MOJIBAKE
from app.sync.files.bidi import holds_bidi_controls
from app.sync.files.detection import SEARCHED_ROWS, Candidate, Found, row_candidate
from app.sync.files.layout import Layout
from app.sync.files.refusals import DOWNLOAD_AGAIN, UnreadableFileError
from app.sync.files.rows import RowSorter, new_sheet, too_many_rows
from app.sync.files.sheet import CellError, Sheet
from app.sync.files.workbook_safety import refuse_unsafe

_EXACT_DIGITS: Final = 15  # a number cell is a double: beyond this its digits are made up
_MOST_SHEETS: Final = 20
# What the zip, XML and workbook layers raise on damaged input.
_DAMAGE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError,
    LookupError, ValueError, TypeError, AttributeError, SyntaxError, NotImplementedError,
    ArithmeticError, AssertionError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's cells as text, and which of them are formulas or numbers without all digits."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    imprecise: frozenset[int] = frozenset()


def is_workbook(data: bytes) -> bool:
    """Say whether the bytes are a zip archive, which every .xlsx is."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


class WorkbookSource:
    """An .xlsx file."""

    def __init__(self, data: bytes) -> None:
        try:
            refuse_unsafe(data)
            with warnings.catch_warnings(action="ignore"):  # what is odd but readable is read
                self._tables = _tables(data)
        except UnreadableFileError:
            raise
        except _DAMAGE:
            raise UnreadableFileError(
                "DAMAGED", "The workbook is damaged, or it is no Excel workbook.", DOWNLOAD_AGAIN
            ) from None

    def candidates(self) -> Iterator[Candidate]:
        """Yield the first rows of every sheet."""
        for table, rows in enumerate(self._tables):
            for at, row in enumerate(rows[:SEARCHED_ROWS]):
                yield row_candidate(at, row.cells, table)

    def sheet(self, found: Found) -> Sheet:
        """Return the data rows below the header."""
        layout = found.format.layout
        sheet = new_sheet(found.header.cells, layout)
        sheet.unit, sheet.encoding, sheet.delimiter = "row", "xlsx", ","
        sorter = RowSorter(sheet, layout)
        for row in self._tables[found.header.table][found.header.at + 1 :]:
            _take(row, sheet, sorter, layout)
        if len(sheet.rows) > limits.ROWS:
            raise too_many_rows()
        sorter.finish()
        _note_characters(sheet)
        return sheet


def _take(row: _Row, sheet: Sheet, sorter: RowSorter, layout: Layout) -> None:
    """Add a row; cells that are left out at its end are empty, not missing."""
    before = len(sheet.rows)
    sorter.take([*row.cells, *[""] * (sheet.width - len(row.cells))], row.number)
    if len(sheet.rows) == before or before in sheet.faults:
        return
    fault = _fault(row, sheet, layout)
    if fault:
        sheet.faults[before] = fault


def _fault(row: _Row, sheet: Sheet, layout: Layout) -> CellError | None:
    cells = sheet.rows[-1]
    for column, place in sheet.places.items():
        if place in row.formulas and layout.reads(column):
            why = "this is a formula, not a value. Replace it by the value."
            return CellError("FORMULA_CELL", cells, place, why)
        if place in row.imprecise and (column in layout.identity or column in layout.ids):
            why = (
                f"a number cell keeps {_EXACT_DIGITS} digits; the others of this id are lost. "
                "Take the id from the channel and format the cell as text."
            )
            return CellError("ID_PRECISION_LOST", cells, place, why)
    return None


def _note_characters(sheet: Sheet) -> None:
    odd = [x for row in sheet.rows for x in row if not x.isascii()]
    sheet.mojibake = any(map(MOJIBAKE.search, odd))
    if any(map(holds_bidi_controls, odd)):
        sheet.notices["BIDI_CONTROL"] = None


def _tables(data: bytes) -> list[list[_Row]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        return [_rows(x) for x in islice(book.worksheets, _MOST_SHEETS)]
    finally:
        book.close()


def _rows(worksheet: object) -> list[_Row]:
    worksheet.reset_dimensions()  # type: ignore[attr-defined]
    found: list[_Row] = []
    for number, cells in enumerate(worksheet.iter_rows(), start=1):  # type: ignore[attr-defined]
        if len(found) > limits.ROWS + SEARCHED_ROWS or number > limits.ROWS * 3:
            raise too_many_rows()
        if cells:
            found.append(_row(number, cells))
    return found


def _row(number: int, cells: tuple[object, ...]) -> _Row:
    values = [getattr(x, "value", None) for x in cells]
    kinds = [getattr(x, "data_type", "n") for x in cells]
    return _Row(
        number,
        tuple(map(_text, values, kinds)),
        frozenset(i for i, kind in enumerate(kinds) if kind == "f"),
        frozenset(i for i, x in enumerate(values) if _imprecise(x)),
    )


def _imprecise(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) >= 10**_EXACT_DIGITS


def _text(value: object, kind: str) -> str:
    """Return a cell as the text that a person sees in an unformatted cell."""
    if kind == "f" and not isinstance(value, str):
        return str(getattr(value, "text", ""))  # an array formula
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value)


def _number(value: float) -> str:
    """Return a number with the 15 digits that Excel shows, never with an exponent."""
    exact = Decimal(value if abs(value) >= 10**_EXACT_DIGITS else f"{value:.15g}")
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
