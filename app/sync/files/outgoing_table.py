"""What does a file for a channel consist of, before it is bytes?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.files.writing import Cell, csv_bytes, xlsx_bytes


class FileType(StrEnum):
    """How a table is written; the value is the file's extension."""

    CSV = "csv"
    TAB = "txt"
    XLSX = "xlsx"


MEDIA_TYPES: Final = {
    FileType.CSV: "text/csv",
    FileType.TAB: "text/tab-separated-values",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Header and rows; ``above`` are lines before the header that the channel's template has."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    above: tuple[tuple[str, ...], ...] = ()
    title: str = ""


# A maker of a table gets what is to be told and the name of the desk's time zone.
ConfirmationTable = Callable[[Sequence[ShippedParcel], str], Table]
QuantityTable = Callable[[Sequence[Offer], str], Table]
CancellationTable = Callable[[Sequence[CancelledOrder], str], Table]


def encode(table: Table, file_type: FileType) -> bytes:
    """Return the table as the bytes of a file."""
    first, *rest = (*table.above, table.header)
    rows = (*rest, *table.rows)
    if file_type is FileType.XLSX:
        return xlsx_bytes(first, rows, title=table.title)
    if file_type is FileType.TAB:
        return csv_bytes(first, rows, delimiter="\t", quoted=False)
    return csv_bytes(first, rows)
