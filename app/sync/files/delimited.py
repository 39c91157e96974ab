"""Which rows does a delimited text hold? Strictly: a lost quote never glues rows together."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import Final

from app.sync.files import limits
from app.sync.files.detection import Found, unwrapped
from app.sync.files.refusals import UnreadableFileError
from app.sync.files.rows import RowSorter, cut_off, new_sheet, too_many_rows
from app.sync.files.sheet import Sheet

# The csv module's own limit (131,072) would end the whole file at one oversized cell. It can only
# be set for the process; the size of the file bounds a cell already.
csv.field_size_limit(limits.FILE_BYTES)


class _Quoted(csv.excel):
    """RFC 4180, strictly."""

    strict = True


class _RawTabs(_Quoted):
    """Amazon's flat files: a quote in them is an inch sign."""

    quoting = csv.QUOTE_NONE


_MOST_RECORDS: Final = limits.ROWS * 3  # blank lines included


def read_rows(text: str, found: Found) -> Sheet:
    """Read the rows below the header.

    Raises:
        UnreadableFileError: a quote is open or misplaced, the end is missing, or it is too long.
    """
    sheet = new_sheet(found.header.cells, found.format.layout)
    sheet.delimiter = found.header.delimiter
    sorter = RowSorter(sheet, found.format.layout)
    raw_tabs = sheet.delimiter == "\t" and not found.format.layout.quoted_tabs
    _sort(text, sorter, sheet, raw_tabs, found.header.at)
    if sorter.ended_short and not text.endswith(("\n", "\r")):
        raise cut_off(f"its last row, on line {sheet.lines[-1]}, breaks off")
    sorter.finish()
    return sheet


def _sort(text: str, sorter: RowSorter, sheet: Sheet, raw_tabs: bool, header_at: int) -> None:
    """Hand every record on with the physical line that it starts on. The hot loop of reading."""
    buffer = io.StringIO(text, newline="")
    any_long = max(map(len, buffer), default=0) > limits.CELL_CHARS
    buffer.seek(0)
    end = above = header_at + 1
    for _ in range(above):
        buffer.readline()
    reader = csv.reader(
        buffer, dialect=_RawTabs if raw_tabs else _Quoted, delimiter=sheet.delimiter
    )
    width, odd_starts, take = sheet.width, sorter.odd_starts, sorter.take
    add_row, add_line = sheet.rows.append, sheet.lines.append
    try:
        for cells in islice(reader, _MOST_RECORDS):
            start, end = end + 1, above + reader.line_num
            if len(cells) != width or any_long or start != end or cells[0] in odd_starts:
                take(cells, start)
                continue
            sorter.ended_short = False
            cells.append("")
            add_row(cells)
            add_line(start)
    except csv.Error as error:
        raise _quote_refusal(error, text, end, sheet) from None
    if len(sheet.rows) > limits.ROWS or (reader.line_num and next(reader, None) is not None):
        raise too_many_rows()


def _quote_refusal(error: csv.Error, text: str, end: int, sheet: Sheet) -> UnreadableFileError:
    """Tell a missing quote in the middle from a file that ends inside a quoted cell."""
    below = islice(io.StringIO(text, newline=""), end + 1, None)
    swallows = any(len(unwrapped(x, sheet.delimiter)) * 2 >= sheet.width for x in below)
    line = end + 1
    if "unexpected end" in str(error) and not swallows:
        return cut_off(f"it ends inside the quoted cell that opens on line {line}")
    return UnreadableFileError(
        "OPEN_QUOTE",
        f"A quote on line {line} is not closed where its cell ends, so the rows below it cannot "
        "be told apart.",
        f"Put the quote on line {line} right, or download the file again.",
    )
