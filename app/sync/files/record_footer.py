"""Does an eBay orders report hold as many sales records as its footer says?

The footer stands at the end, or in the middle where reports were joined: “17,record(s)
downloaded,from … to …”, then “Seller ID : name”. It counts sales records, not rows; the count may
be missing.
"""

from __future__ import annotations

from app.sync.files.refusals import DOWNLOAD_AGAIN, UnreadableFileError
from app.sync.files.sheet import Sheet


class RecordFooter:
    """Recognises footer rows and compares their count with the rows since the last footer."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._start = 0

    def takes(self, cells: list[str]) -> bool:
        """Say whether the row is part of a footer, and check its count.

        Raises:
            UnreadableFileError: the footer counts other records than there are.
        """
        words = " ".join(x.strip() for x in cells[:3]).casefold()
        if "record(s) downloaded" in words or "records downloaded" in words:
            self._check(cells)
            return True
        return words.startswith(("seller id :", "seller id:"))

    def finish(self) -> None:
        """Accept rows without a footer: many exports have none."""
        self._start = len(self._sheet.rows)

    def _check(self, cells: list[str]) -> None:
        rows = self._sheet.rows[self._start :]
        self._start = len(self._sheet.rows)
        said = "".join(x for x in cells[0] if x.isascii() and x.isdigit())
        if not said or int(said[:9]) in self._counts(rows):
            return
        present = len(self._distinct(rows, "sales record number") or rows)
        raise UnreadableFileError(
            "FOOTER_COUNT",
            f"The file's last lines speak of {said} records, but {present} are in the file: "
            "it is incomplete.",
            DOWNLOAD_AGAIN,
        )

    def _counts(self, rows: list[list[str]]) -> set[int]:
        records = self._distinct(rows, "sales record number")
        if records:
            return {len(records), len(self._distinct(rows, "order number"))}
        return {len(rows), len(self._distinct(rows, "order number"))}

    def _distinct(self, rows: list[list[str]], column: str) -> set[str]:
        place = self._sheet.place(column)
        return {x[place].strip() for x in rows} - {""}
