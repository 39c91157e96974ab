"""How do the rows of a rate file become the tables of services?

``service, row, zone_1 … zone_9``: a row is “up to 450” (grams), “further 1000” or “days”. Prices are decimals of
the desk's currency, days whole. A service with a bad row is kept back whole.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.rate_tables import HEADER, RateRow, Row, labelled
from app.sync.files.cells import Cells
from app.sync.files.layout import Layout
from app.sync.files.orders import group_rows
from app.sync.files.rejection import rejected
from app.sync.files.sheet import CellError, Mapped, Sheet

RATES = Layout(
    required=HEADER,
    money=HEADER[2:],
    spellings={f"zone {zone}": f"zone_{zone}" for zone in range(1, 10)},
)


def rates_from_rows(sheet: Sheet) -> Mapped:
    """Map the rows of a rate file."""
    read, place = Cells(sheet), sheet.place
    rows, refused, refused_at = [], [], []
    for group in group_rows(sheet, place("service")):
        try:
            for at in group.at:
                if at in sheet.faults:
                    raise sheet.faults[at]
            rows.extend([_row(read, sheet.rows[i], place, sheet.lines[i]) for i in group.at])
        except CellError as error:
            refused.append(rejected(sheet, group.label, group.at, error))
            refused_at.extend(group.at)
    return Mapped(rates=tuple(rows), rejected=tuple(refused), rejected_at=tuple(sorted(refused_at)))


def _row(read: Cells, cells: list[str], place: Callable[[str], int], line: int) -> RateRow:
    service = read.identity(cells, place("service"))
    try:
        row, grams = labelled(cells[place("row")])
    except ValueError as error:
        raise CellError("UNREADABLE_ROW", cells, place("row"), f"{error}.") from error
    zones = [place(name) for name in HEADER[2:]]
    if row is Row.DAYS:
        values = tuple(read.units(cells, each) for each in zones)
    else:
        values = tuple(read.amount(cells, each, "USD") for each in zones)
    return RateRow(service, row, grams, values, line)
