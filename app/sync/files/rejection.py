"""What does the owner read about an order that is kept back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.importing import Reject
from app.sync.files.sheet import CellError, Sheet

_SHOWN: Final = 60


def rejected(sheet: Sheet, label: str, at: Sequence[int], error: CellError) -> Reject:
    """Return the reject: order, physical line, column, value, code and a sentence with the fix."""
    row = next((sheet.lines[i] for i in at if sheet.rows[i] is error.cells), 0)
    row = row or sheet.lines[at[0]]
    column = sheet.column_name(error.place)
    value = error.cells[error.place] if column else ""
    return Reject(label, row, column, value, error.code, _message(sheet, label, row, error))


def _message(sheet: Sheet, label: str, row: int, error: CellError) -> str:
    column = sheet.column_name(error.place)
    where = sheet.where(row)
    if column:
        where += f", column “{column}”, value “{_short(error.cells[error.place])}”"
    return f"{_short(label)}, {where}: {error.why}" if label else f"{where}: {error.why}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
