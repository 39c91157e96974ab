"""What is done away from the window's thread: read what is printed, and lay out its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.changes import Skipped
from app.domain.papers import PackingSlip, PaperKind, Pick, PickMode, pick_lists
from app.queries.papers import PrintRow, country_of_the_desk, packing_slips, picks, printed_before
from app.services.desk import Desk
from app.ui.printing.pdf import printers
from app.ui.printing.pick_list import lay_out_picks
from app.ui.printing.sheet import LETTER, Page, Paper
from app.ui.printing.slip import lay_out_slip

Report = Callable[[int, int], object]
_EVERY = 10


@dataclass(frozen=True, slots=True)
class Papers:
    """What is to be printed: slips or picks, what of it was printed before, and on what."""

    kind: PaperKind
    slips: tuple[PackingSlip, ...]
    picks: tuple[Pick, ...]
    left_out: tuple[Skipped, ...]
    before: tuple[PrintRow, ...]
    printers: tuple[str, ...]
    default_printer: str
    country: str = ""  # that the desk ships from

    @property
    def order_ids(self) -> tuple[int, ...]:
        """The orders that something is printed for."""
        source: Sequence[PackingSlip | Pick] = self.slips or self.picks
        return tuple(dict.fromkeys(each.order_id for each in source))


@dataclass(frozen=True, slots=True)
class Options:
    """How it is printed."""

    paper: Paper = LETTER
    mode: PickMode = PickMode.BATCH
    with_prices: bool = False
    with_barcodes: bool = True


def read_papers(desk: Desk, kind: PaperKind, order_ids: Sequence[int]) -> Papers:
    """Read everything that the preview shows."""
    names, default = printers()
    slips: tuple[PackingSlip, ...] = ()
    found: tuple[Pick, ...] = ()
    if kind is PaperKind.SLIP:
        papers = desk.read(packing_slips, order_ids)
        slips, left_out = papers.slips, papers.left_out
    else:
        walks = desk.read(picks, order_ids)
        found, left_out = walks.picks, walks.left_out
    read = Papers(kind, slips, found, left_out, (), tuple(names), default)
    before = desk.read(printed_before, kind.value, read.order_ids)
    country = desk.read(country_of_the_desk)
    return Papers(kind, slips, found, left_out, before, tuple(names), default, country)


class LayingOut:
    """Lays out pages one paper after the other, until somebody wants them otherwise."""

    def __init__(self, papers: Papers, options: Options, now: datetime) -> None:
        self.papers, self.options, self._now = papers, options, now
        self.pages: list[Page] = []
        self.is_cancelled = False

    def run(self, report: Report) -> LayingOut:
        """Lay out everything; what is done can be looked at meanwhile."""
        total = self._total()
        for done, pages in enumerate(self._sheets(), 1):
            if self.is_cancelled:
                break
            self.pages.extend(pages)
            if done == 1 or done % _EVERY == 0:
                report(done, total)
        return self

    def _total(self) -> int:
        papers = self.papers
        return len(papers.slips) or len(pick_lists(papers.picks, self.options.mode))

    def _sheets(self) -> Iterator[list[Page]]:
        options = self.options
        for slip in self.papers.slips:
            yield lay_out_slip(slip.shown(with_prices=options.with_prices), options.paper)
        for walk in pick_lists(self.papers.picks, options.mode):
            yield lay_out_picks(walk, options.paper, self._now, with_barcodes=options.with_barcodes)
