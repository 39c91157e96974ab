"""How does a pick list look?"""

from __future__ import annotations

from datetime import datetime

from app.domain.papers import PickLine, PickList, PickMode
from app.ui.printing.barcodes import barcode
from app.ui.printing.sheet import Bars, Cell, Frame, Page, Paper, Writer, mm
from app.ui.words import count_of, moment, number, visible

TITLES = {
    PickMode.SINGLE: "Pick list",
    PickMode.BATCH: "Pick list for a batch",
    PickMode.WAVE: "Pick list for a wave",
}
_MODULE = 0.25
_TALL = 9.0  # millimetres of a stop with a barcode


def lay_out_picks(
    picks: PickList, paper: Paper, now: datetime, *, with_barcodes: bool
) -> list[Page]:
    """Return the pages of one walk through one location."""
    return _Picks(picks, paper, now, with_barcodes=with_barcodes).pages()


class _Picks:
    """Writes one pick list."""

    def __init__(
        self, picks: PickList, paper: Paper, now: datetime, *, with_barcodes: bool
    ) -> None:
        self._picks, self._paper, self._now = picks, paper, now
        self._is_narrow = paper.is_narrow
        self._has_bars = with_barcodes
        self._to = Writer(paper, f"{TITLES[picks.mode]}, {visible(picks.location)}")
        self._size = 9.0 if paper.is_narrow else 10.5

    def pages(self) -> list[Page]:
        """Write everything and return it."""
        self._head()
        self._totes()
        self._stops()
        self._end()
        return self._to.pages()

    def _head(self) -> None:
        to, picks = self._to, self._picks
        what = count_of(len(picks.orders), "order")
        title = f"{TITLES[picks.mode]} · {what}"
        if picks.mode is PickMode.SINGLE:
            title = f"Pick order {visible(picks.orders[0])}"
        start = to.y
        half = to.width * 0.6
        to.y = to.cell(to.left, Cell(title, self._size + 4, is_bold=True), half)
        place = f"{visible(picks.location)}, {count_of(picks.units, 'unit')}"
        to.y = to.cell(to.left, Cell(place, self._size + 1), half)
        printed = f"Printed {moment(self._now, self._now)}"
        to.y = to.cell(to.left, Cell(printed, 8.5, is_quiet=True), half)
        end, to.y = to.y, start
        if picks.mode is PickMode.SINGLE and self._has_bars:
            self._bars(picks.orders[0], to.left + half, to.width - half, 11, is_right=True)
            to.space(12)
        to.y = max(end, to.y)
        to.space(2)
        to.rule(is_strong=True)

    def _bars(
        self, text: str, x: float, width: float, tall: float, *, is_right: bool = False
    ) -> None:
        """Put a barcode into a column."""
        code = barcode(text)
        if code is None:
            return
        wide = min(width - mm(4), code.columns * mm(_MODULE))
        if code.is_square:
            wide = min(mm(tall), code.columns * mm(0.5))
        height = wide if code.is_square else mm(tall)
        at = x + width - wide if is_right else x
        self._to.put(Bars(at, self._to.y, wide, height, code))

    def _totes(self) -> None:
        """Say which tote is whose, before the walk begins."""
        if self._picks.mode is not PickMode.WAVE:
            return
        each = [f"{at}: {visible(order)}" for at, order in enumerate(self._picks.orders, 1)]
        self._to.paragraph(f"Totes   {'   '.join(each)}", self._size - 1)
        self._to.space(1)
        self._to.rule()

    # ---- the walk -------------------------------------------------------------------------------

    def _widths(self) -> tuple[float, ...]:
        if self._is_narrow:
            return (0.08, 0.2, 0.57, 0.15)
        if self._has_bars:
            return (0.05, 0.15, 0.37, 0.33, 0.1)
        return (0.05, 0.18, 0.65, 0.12)

    @property
    def _has_column(self) -> bool:
        """Whether barcodes have a column of their own; a label has no room for one."""
        return self._has_bars and not self._is_narrow

    def _stops(self) -> None:
        self._table_head()
        self._to.repeat(self._table_head)
        for line in self._picks.lines:
            self._stop(line)
            self._to.space(0.8)
            self._to.rule()
        self._to.repeat(None)

    def _table_head(self) -> None:
        titles = ["", "Bin", "Take", *(["Scan"] if self._has_column else []), "Units"]
        cells = [Cell(t, 8, is_quiet=True, is_right=t == "Units") for t in titles]
        self._to.row(cells, self._widths())
        self._to.rule()

    def _stop(self, line: PickLine) -> None:
        to, widths = self._to, self._widths()
        take = "\n".join(visible(t) for t in (line.sku, line.title) if t.strip())
        if line.totes:
            take += "\n" + "   ".join(f"Tote {s.tote}: {number(s.quantity)}" for s in line.totes)
        cells = [
            Cell("", self._size),
            Cell(visible(line.bin) or "–", self._size + 1, is_bold=True),
            Cell(take, self._size),
            *([Cell("", self._size)] if self._has_column else []),
            Cell(number(line.quantity), self._size + 3, is_bold=True, is_right=True),
        ]
        top = to.row(cells, widths, least=mm(_TALL + 1.5) if self._has_column else 0)
        to.put(Frame(to.left, top + mm(0.6), mm(4), mm(4), is_strong=True))
        if self._has_column:
            end, to.y = to.y, top + mm(0.6)
            self._bars(line.code, to.left + to.width * sum(widths[:3]), to.width * widths[3], _TALL)
            to.y = end

    def _end(self) -> None:
        picks = self._picks
        words = f"{count_of(picks.units, 'unit')} in {count_of(len(picks.lines), 'stop')}"
        self._to.paragraph(words, self._size, is_bold=True)
        if picks.mode is PickMode.BATCH:
            self._to.paragraph(
                f"For {', '.join(visible(order) for order in picks.orders)}", 8.5, is_quiet=True
            )
