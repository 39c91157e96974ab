"""How are files read in which every row stands for itself: listings, catalogue, stock?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from app.domain.importing import Reject
from app.sync.files.rejection import rejected
from app.sync.files.sheet import CellError, Sheet

Record = TypeVar("Record")
Read = tuple[tuple[Record, ...], tuple[Reject, ...], tuple[int, ...]]


def read_records(
    sheet: Sheet, label_at: int, build: Callable[[list[str], int], Iterable[Record]]
) -> Read[Record]:
    """Build the records of every row; return them, the rejects, and where these are.

    ``build`` gets a row and its physical line and returns none, one or several records.
    """
    records: list[Record] = []
    refused: list[Reject] = []
    refused_at: list[int] = []
    for at, cells in enumerate(sheet.rows):
        try:
            if at in sheet.faults:
                raise sheet.faults[at]
            records.extend(build(cells, sheet.lines[at]))
        except CellError as error:
            refused.append(rejected(sheet, cells[label_at].strip(), (at,), error))
            refused_at.append(at)
    return tuple(records), tuple(refused), tuple(refused_at)
