"""How does a list become a file? In the background, with the columns that are shown, cancelled at will."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from app.errors import RefusedError
from app.services.desk import Desk
from app.services.saving import save_over
from app.ui.lists.columns import Column
from app.ui.lists.copying import Ids, selected_in_order, shown_columns
from app.ui.lists.sources import Order, Source
from app.ui.operations import Problem
from app.ui.words import count_of, number, visible

if TYPE_CHECKING:  # the page has its export, and the export is that of the page
    from app.ui.lists.list_page import ListPage

CHUNK = 500
KINDS = "Spreadsheet, any program (*.csv);;Excel workbook (*.xlsx)"


class StoppedError(Exception):
    """Somebody cancelled; nothing was written."""


@dataclass(slots=True)
class Export:
    """One file on its way; runs on the job thread with everything it needs in it."""

    path: Path
    desk: Desk
    source: Source
    order: Order
    ids: Ids
    columns: Sequence[Column]
    tell: Callable[[int, int], object]
    is_cancelled: bool = field(default=False)

    def write(self) -> int | None:
        """Write the file and return how many rows it has; none if somebody cancelled.

        Raises:
            RefusedError: the disk does not take it.
        """
        ids = self.ids(self.source, self.order)
        if self.desk.exporter is None:
            raise RefusedError(
                "No file was written: this desk writes none.",
                "Close the window and start Orderdeck again.",
            )
        header = [visible(column.words) for column in self.columns]
        kind = self.path.suffix.lstrip(".").lower()
        try:
            save_over(self.path, self.desk.exporter.table(kind, header, self._rows(ids)))
        except StoppedError:
            return None
        except OSError as error:
            raise RefusedError(
                f"{self.path.name} was not written ({error.strerror}).",
                "Choose another folder; the list can be exported again at any time.",
            ) from error
        return len(ids)

    def _rows(self, ids: Sequence[int]) -> Iterator[list[str]]:
        for at in range(0, len(ids), CHUNK):
            if self.is_cancelled:
                raise StoppedError
            self.tell(at, len(ids))
            for row in self.source.rows(ids[at : at + CHUNK]):
                yield [visible(column.text(row)) for column in self.columns]


class ListExport:
    """Exports what a page lists: the selected rows, or all that match."""

    def __init__(self, page: ListPage) -> None:
        self._page = page
        self._export: Export | None = None

    def choose(self) -> None:
        """Let the person choose where the file goes."""
        name = f"{self._page.title.lower()}-{self._page.operations.now().astimezone():%Y-%m-%d}.csv"
        chosen, kind = QFileDialog.getSaveFileName(
            self._page, "Export list", str(Path.home() / name), KINDS
        )
        if chosen:
            self.write(with_kind(Path(chosen), kind))

    def write(self, path: Path) -> None:
        """Write the selected rows, or all of them where no more than one is selected."""
        page, asked = self._page, self._page.model.asked()
        if asked is None or self._export is not None:
            return
        source, order = asked
        export = Export(
            path, page.operations.desk, source, order, self._ids(), shown_columns(page.list),
            lambda done, total: page.operations.report(partial(self._tell, done, total)),
        )  # fmt: skip
        self._export = export
        self._tell(0, 0)
        page.operations.job(export.write, then=partial(self._done, path), otherwise=self._refused)

    def _ids(self) -> Ids:
        if self._page.list.selected_count > 1:
            return selected_in_order(self._page.list)
        return lambda source, order: source.ids(*order)

    def cancel(self) -> None:
        """Stop after the rows that are being read."""
        if self._export is not None:
            self._export.is_cancelled = True

    def _tell(self, done: int, total: int) -> None:
        if self._export is not None:
            words = f"Exporting {number(done)} of {number(total)} …" if total else "Exporting …"
            self._page.foot.say_progress(words, self.cancel)

    def _done(self, path: Path, rows: int | None) -> None:
        self._over()
        if rows is None:
            self._page.shell.say("The export was cancelled", "Nothing was written.")
        else:
            self._page.shell.say(f"Exported {count_of(rows, *self._page.noun)}", f"In {path}")

    def _refused(self, problem: Problem) -> None:
        self._over()
        if not problem.details:
            self._page.shell.complain(problem.title, problem.advice)

    def _over(self) -> None:
        self._export = None
        self._page.foot.say_over()


def with_kind(path: Path, kind: str) -> Path:
    """Return the path with the ending of what was chosen, unless it has one of ours."""
    if path.suffix.lower() in (".csv", ".xlsx"):
        return path
    return path.with_name(path.name + (".xlsx" if "xlsx" in kind else ".csv"))
