"""Which rows of a table are data, and which are padding, totals, footers or damage?"""

from __future__ import annotations

from typing import Final

from app.sync.files import limits
from app.sync.files.detection import too_many_columns, unwrapped
from app.sync.files.layout import Layout, column_key
from app.sync.files.record_footer import RecordFooter
from app.sync.files.refusals import DOWNLOAD_AGAIN, UnreadableFileError
from app.sync.files.sheet import CellError, Sheet

_TOTALS: Final = frozenset(
    ("total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "totale")
)


def new_sheet(header: tuple[str, ...], layout: Layout) -> Sheet:
    """Return an empty sheet under the header, with every column that the layout reads in place.

    Raises:
        UnreadableFileError: too wide, or a column that matters is there twice.
    """
    if len(header) > limits.COLUMNS:
        raise too_many_columns(len(header))
    sheet = Sheet(header=header, places={})
    seen: set[str] = set()
    for place, name in enumerate(header):
        key, ours = column_key(name), layout.canonical(name)
        if key and key in seen:
            _take_duplicate(sheet, layout, name, ours)
        elif key and ours not in sheet.places:
            sheet.places[ours] = place
        seen.add(key)
    return sheet


def _take_duplicate(sheet: Sheet, layout: Layout, name: str, ours: str) -> None:
    if layout.reads(ours):
        raise UnreadableFileError(
            "DUPLICATE_COLUMN",
            f"The column “{name.strip()}” is there twice, and which one is right is unknown.",
            "Remove one of the two columns, or download the export again.",
        )
    sheet.notices["DUPLICATE_COLUMN_IGNORED"] = None


class RowSorter:
    """Takes the odd rows of a table one by one; ordinary rows go to the sheet directly.

    A row is odd if its width is not the header's, if its first cell is in ``odd_starts``, or if
    it may hold an oversized cell.
    """

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self._sheet = sheet
        self._layout = layout
        self._keys = [column_key(x) for x in sheet.header]
        self._footer = RecordFooter(sheet) if layout.record_footer else None
        names = {x.strip("\ufeff") for x in sheet.header}
        totals = {y for x in _TOTALS for y in (x, x.title(), x.upper(), x.capitalize())}
        self.odd_starts: frozenset[str] = frozenset(
            {"", *names, *("\ufeff" + x for x in names), *totals, *(x + ":" for x in totals)}
        )
        self.ended_short = False

    def take(self, cells: list[str], line: int) -> None:
        """Put a row where it belongs: into the sheet, or nowhere with a notice."""
        self.ended_short = False
        if not any(map(str.strip, cells)) or self._is_skipped(cells):
            return
        sheet = self._sheet
        if len(cells) == 1 and sheet.delimiter in cells[0]:
            cells = unwrapped(cells[0], sheet.delimiter)
        fault = self._fitted(cells)
        if fault:
            sheet.faults[len(sheet.rows)] = fault
        cells.append("")
        sheet.rows.append(cells)
        sheet.lines.append(line)

    def finish(self) -> None:
        """Check what only the end of the file can tell."""
        if self._footer:
            self._footer.finish()

    def _is_skipped(self, cells: list[str]) -> bool:
        if self._footer and self._footer.takes(cells):
            return True
        if self._is_header(cells):
            self._sheet.notices["REPEATED_HEADER_SKIPPED"] = None
            return True
        if self._is_totals(cells):
            self._sheet.notices["TOTALS_ROW_SKIPPED"] = None
            return True
        return False

    def _is_header(self, cells: list[str]) -> bool:
        if cells[0] not in self.odd_starts:
            return False
        keys = [column_key(x) for x in cells]
        while keys and not keys[-1]:
            keys.pop()
        if keys == self._keys:
            return True
        if set(self._layout.required) <= self._layout.known_names(frozenset(keys)):
            raise UnreadableFileError(
                "HEADER_CHANGED",
                "The file holds a second header with other columns: two exports were joined.",
                "Import the two exports as two files.",
            )
        return False

    def _is_totals(self, cells: list[str]) -> bool:
        filled = [x for x in cells if x.strip()]
        word = filled[0].strip().rstrip(":").casefold()
        if word not in _TOTALS:
            return False
        return len(filled) <= max(2, self._sheet.width // 2)

    def _fitted(self, cells: list[str]) -> CellError | None:
        """Bring the row to the header's width; say what was wrong with it."""
        width = self._sheet.width
        extra = any(map(str.strip, cells[width:]))
        short = len(cells) < width
        self.ended_short = short and not self._layout.pads_short_rows
        was = len(cells)
        del cells[width:]
        cells.extend([""] * (width - len(cells)))
        if extra:
            why = f"the row has {was} cells, the header {width}. {_REPAIR_ROW}"
            return CellError("ROW_TOO_LONG", cells, width, why)
        if self.ended_short:
            why = f"the row has {was} of {width} cells. {_REPAIR_ROW}"
            return CellError("ROW_TOO_SHORT", cells, width, why)
        return _oversized(cells)


_REPAIR_ROW: Final = "Put the missing or surplus separator right, or download the file again."


def _oversized(cells: list[str]) -> CellError | None:
    for place, cell in enumerate(cells):
        if len(cell) > limits.CELL_CHARS:
            why = (
                f"the cell has {len(cell):,} characters; at most {limits.CELL_CHARS:,} are read. "
                "Shorten it."
            )
            return CellError("FIELD_TOO_LONG", cells, place, why)
    return None


def cut_off(where: str) -> UnreadableFileError:
    """Return the refusal of a file whose end is missing."""
    return UnreadableFileError(
        "CUT_OFF", f"The file was cut off while it was downloaded or copied: {where}.",
        DOWNLOAD_AGAIN,
    )  # fmt: skip


def too_many_rows() -> UnreadableFileError:
    """Return the refusal of a file that is longer than can be looked through at once."""
    return UnreadableFileError(
        "TOO_MANY_ROWS",
        f"The file has more than {limits.ROWS:,} rows.",
        "Export a shorter period, or split the file and keep the header in each part.",
    )
