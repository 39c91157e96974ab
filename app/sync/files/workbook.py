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
from typing import Final

from app.domain.importing import FileKind
from app.sync.files import limits
from app.sync.files.address_checks import MOJIBAKE
from app.sync.files.bidi import holds_bidi_controls
from app.sync.files.detection import SEARCHED_ROWS, Candidate, Found, row_candidate
from app.sync.files.layout import Layout, column_key
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


@dataclass(frozen=True, slots=True)
class _Table:
    """One sheet of the workbook."""

    name: str
    is_hidden: bool
    rows: list[_Row]


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
        for number, table in enumerate(self._tables):
            for at, row in enumerate(table.rows[:SEARCHED_ROWS]):
                yield row_candidate(at, row.cells, number)

    def sheet(self, found: Found) -> Sheet:
        """Return the data rows below the header, and those of further sheets of the same export.

        Raises:
            UnreadableFileError: another sheet holds another export.
        """
        layout = found.format.layout
        sheet = new_sheet(found.header.cells, layout)
        sheet.unit, sheet.encoding, sheet.delimiter = "row", "xlsx", ","
        sorter = RowSorter(sheet, layout)
        above = 0
        for each in (found, *self._joined(found, sheet)):
            table = self._tables[each.header.table]
            sheet.parts.append((above, table.name))
            for row in self._data(each):
                _take(row, sheet, sorter, layout, above)
            sorter.finish()
            above += table.rows[-1].number
        if len(sheet.rows) > limits.ROWS:
            raise too_many_rows()
        _note_characters(sheet)
        return sheet

    def _joined(self, found: Found, sheet: Sheet) -> list[Found]:
        """Return the further sheets that are read as well: a sheet is never left out in silence."""
        first = self._tables[found.header.table]
        filled = [x for x in found.others if any(any(row.cells) for row in self._data(x))]
        seen = [x for x in filled if first.is_hidden or not self._tables[x.header.table].is_hidden]
        if len(seen) < len(filled):
            sheet.notices["HIDDEN_SHEET_SKIPPED"] = None
        for other in seen:
            if not _continues(found, other):
                raise _several_exports(found, first, other, self._tables[other.header.table])
            sheet.notices["SHEETS_JOINED"] = None
        return seen

    def _data(self, found: Found) -> list[_Row]:
        return self._tables[found.header.table].rows[found.header.at + 1 :]


def _continues(found: Found, other: Found) -> bool:
    """Say whether a sheet goes on with the same orders export under the same columns.

    Only orders name their row in a sentence of the reader, which can name the sheet as well.
    """
    names, others = ([column_key(x) for x in y.header.cells] for y in (found, other))
    return found.format is other.format and names == others and found.format.kind is FileKind.ORDERS


def _several_exports(
    found: Found, first: _Table, other: Found, second: _Table
) -> UnreadableFileError:
    if found.format is other.format:
        what = f"Sheets “{first.name}” and “{second.name}” are each {found.format.title}"
        if found.format.kind is FileKind.ORDERS:
            what += ", with different columns"
    else:
        what = (
            f"Sheet “{first.name}” is {found.format.title}, and sheet “{second.name}” is "
            f"{other.format.title}"
        )
    fix = "Save each of these sheets as a file of its own, and import the files one by one."
    return UnreadableFileError("SEVERAL_EXPORTS", f"{what}.", fix)


def _take(row: _Row, sheet: Sheet, sorter: RowSorter, layout: Layout, above: int) -> None:
    """Add a row; cells that are left out at its end are empty, not missing."""
    before = len(sheet.rows)
    sorter.take([*row.cells, *[""] * (sheet.width - len(row.cells))], above + row.number)
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


def _tables(data: bytes) -> list[_Table]:
    """Return the sheets, those that a person sees first."""
    import openpyxl  # heavy: loaded with the first workbook

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        if len(book.worksheets) > _MOST_SHEETS:
            raise _too_many_sheets(len(book.worksheets))
        tables = [_Table(x.title, x.sheet_state != "visible", _rows(x)) for x in book.worksheets]
    finally:
        book.close()
    return sorted(tables, key=lambda x: x.is_hidden)


def _too_many_sheets(count: int) -> UnreadableFileError:
    return UnreadableFileError(
        "TOO_MANY_SHEETS",
        f"The workbook has {count:,} sheets; at most {_MOST_SHEETS} are looked through.",
        "Save the sheet that holds the export as a file of its own.",
    )


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
