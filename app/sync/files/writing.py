"""How is a table written so that it opens safely in a spreadsheet and reads back unchanged?

A cell that a spreadsheet would run as a formula gets an apostrophe in front. A file of ours says so
by its last column, :data:`REASON_COLUMN`; reading such a file takes the apostrophes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal

REASON_COLUMN: Final = "orderdeck_reason"
# What starts a formula in some spreadsheet, full-width signs and leading blanks included; any
# apostrophes before it were in the text already and one more keeps them apart from ours.
_FORMULA: Final = re.compile("'*(?:[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_FORBIDDEN_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def original(text: str) -> str:
    """Return what :func:`neutral` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_bytes(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ",",
    quoted: bool = True,
    bom: bool = False,
) -> bytes:
    """Return a CSV in UTF-8 with CRLF line ends (RFC 4180); text is neutralised, numbers are not.

    ``quoted=False`` writes flat files (tab separated without any quoting); separators and line
    ends inside their cells become blanks. ``bom`` lets Excel know that it is UTF-8.
    """
    table = ([_text(x) for x in row] for row in (header, *rows))
    if not quoted:
        flat = ([" ".join(re.split(f"[{delimiter}\r\n]", x)) for x in row] for row in table)
        text = "".join(delimiter.join(row) + "\r\n" for row in flat)
    else:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(table)
        text = buffer.getvalue()
    return text.encode("utf-8-sig" if bom else "utf-8", errors="replace")


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "") -> bytes:
    """Return a workbook of one sheet; text goes into text cells and is neutralised as in CSV."""
    from openpyxl import Workbook  # heavy, and seldom wanted: loaded with the first workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title or "Orderdeck")

    def text_cell(text: str) -> object:
        cell = WriteOnlyCell(sheet, value=_FORBIDDEN_IN_XML.sub("\ufffd", neutral(text)))
        cell.data_type = "s"
        cell.number_format = "@"
        return cell

    sheet.append([text_cell(x) for x in header])
    for row in rows:
        sheet.append([text_cell(x) if isinstance(x, str) else x for x in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _text(cell: Cell) -> str:
    return neutral(cell) if isinstance(cell, str) else format(cell)
