"""What is on a page of paper? Lines of text, boxes and bars at fixed places, the same everywhere.

A page is laid out once, in 1/1200 inch, and is then only painted: small on the screen, sharp in a PDF
and on a printer. What comes from buyers is drawn letter by letter; nothing here reads markup.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPageSize,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)

from app.ui.printing.barcodes import Barcode
from app.ui.tokens import PAPER_INK, PAPER_QUIET, PAPER_RULE
from app.ui.words import paragraphs

DPI = 1200  # what QPdfWriter counts in; with fewer, letters drift apart and words are not found
_FAR = 10_000_000.0


def mm(length: float) -> float:
    """Return millimetres as units of a page."""
    return length * DPI / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper; all in millimetres."""

    key: str
    name: str
    width: float
    height: float
    margin: float

    @property
    def is_narrow(self) -> bool:
        """Whether it is a label rather than a sheet."""
        return self.width < 150

    @property
    def page_size(self) -> QPageSize:
        """The size as Qt hands it to printers and PDFs."""
        size = QSizeF(self.width, self.height)
        return QPageSize(size, QPageSize.Unit.Millimeter, self.name,
                         QPageSize.SizeMatchPolicy.FuzzyMatch)  # fmt: skip


LETTER = Paper("letter", "Letter, 8½ × 11 in", 215.9, 279.4, 14)
A4 = Paper("a4", "A4, 210 × 297 mm", 210, 297, 14)
LABEL = Paper("label", "Label, 4 × 6 in", 101.6, 152.4, 5)
PAPERS = {paper.key: paper for paper in (LETTER, A4, LABEL)}
# Where offices use Letter (Unicode CLDR, paper size US-Letter).
_LETTER_PLACES = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)


def paper_of(country: str, locale: QLocale) -> Paper:
    """Return the paper that lies in the printers of a country; the locale's own where none is known."""
    code = country or QLocale.territoryToCode(locale.territory())
    return LETTER if code in _LETTER_PLACES else A4


# ---- what can be on a page -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    points: float
    is_bold: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle, drawn as its outline; one without height is a rule."""

    x: float
    y: float
    width: float
    height: float
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode that fills a rectangle."""

    x: float
    y: float
    width: float
    height: float
    code: Barcode


Mark = Line | Frame | Bars
Page = tuple[Mark, ...]


_fonts = threading.local()
# Figures of one width, of another country and joined letters are shapes of their own: a PDF's search
# does not find them.
_SHAPES = ("tnum", "locl", "liga", "clig")


def font(points: float, *, is_bold: bool = False) -> QFont:
    """Return the font of papers, in units of a page; each thread has its own, as Qt wants it."""
    key = f"{points} {is_bold}"
    found: QFont | None = getattr(_fonts, key, None)
    if found is None:
        found = QFont(QGuiApplication.font())
        for feature in _SHAPES:
            found.setFeature(QFont.Tag(feature), 0)
        setattr(_fonts, key, found)
        found.setPixelSize(max(1, round(points * DPI / 72)))
        found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        found.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
    return found


def lines_of(text: str, points: float, width: float, *, is_bold: bool = False) -> list[str]:
    """Return text as the lines that fit into a width; a long code is cut rather than lost."""
    return [
        line
        for paragraph in paragraphs(text).split("\n")
        for line in _wrapped(paragraph, points, width, is_bold=is_bold)
    ]


def _wrapped(text: str, points: float, width: float, *, is_bold: bool) -> list[str]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, font(points, is_bold=is_bold))
    layout.setTextOption(option)
    layout.beginLayout()
    units, found = text.encode("utf-16-le", "surrogatepass"), []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        found.append(units[start:end].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return found or [""]


def width_of(text: str, points: float, *, is_bold: bool = False) -> float:
    """Return how wide a line of text is."""
    return QFontMetricsF(font(points, is_bold=is_bold)).horizontalAdvance(text)


def line_height(points: float) -> float:
    """Return how far apart two lines of text are."""
    return points * 1.32 * DPI / 72


# ---- writing pages -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a column of a table."""

    text: str
    points: float = 10
    is_bold: bool = False
    is_quiet: bool = False
    is_right: bool = False


class Writer:
    """Writes from top to bottom, and goes on with a new page where there is no room."""

    def __init__(self, paper: Paper, foot: str) -> None:
        self.paper, self._foot = paper, foot
        self.left = self.top = mm(paper.margin)
        self.width = mm(paper.width - 2 * paper.margin)
        self.bottom = mm(paper.height - paper.margin - 5)
        self.y = self.top
        self._pages: list[list[Mark]] = [[]]
        self._again: Callable[[], object] | None = None

    def repeat(self, head: Callable[[], object] | None) -> None:
        """Write this at the top of each new page from now on: the head of a table."""
        self._again = head

    def put(self, *marks: Mark) -> None:
        """Put marks on the page that is being written."""
        self._pages[-1].extend(marks)

    def need(self, height: float) -> None:
        """Begin a new page unless there is as much room."""
        if self.y + height > self.bottom and self._pages[-1]:
            self._pages.append([])
            self.y = self.top
            if self._again is not None:
                self._again()

    def space(self, height: float) -> None:
        """Leave room (in millimetres)."""
        self.y += mm(height)

    def rule(self, *, is_strong: bool = False) -> None:
        """Draw a line across the page."""
        self.put(Frame(self.left, self.y, self.width, 0, is_strong))
        self.space(1.2)

    def paragraph(self, text: str, points: float = 10, *, is_bold: bool = False,
                  is_quiet: bool = False) -> None:  # fmt: skip
        """Write text across the page, a line at a time."""
        for line in lines_of(text, points, self.width, is_bold=is_bold):
            self.need(line_height(points))
            self._line(self.left, line, Cell(line, points, is_bold, is_quiet))
            self.y += line_height(points)

    def height_of(self, cells: Sequence[Cell], widths: Sequence[float]) -> float:
        """Return how tall a row will be."""
        return max(
            line_height(cell.points)
            * len(lines_of(cell.text, cell.points, self.width * share, is_bold=cell.is_bold))
            for cell, share in zip(cells, widths, strict=True)
        )

    def row(self, cells: Sequence[Cell], widths: Sequence[float], *, least: float = 0) -> float:
        """Write a row of a table; ``widths`` are shares of the page. Return its top."""
        height = max(least, self.height_of(cells, widths))
        self.need(height)
        top, x = self.y, self.left
        for cell, share in zip(cells, widths, strict=True):
            self.cell(x, cell, self.width * share - mm(2))
            x += self.width * share
        self.y = top + height
        return top

    def cell(self, x: float, cell: Cell, width: float) -> float:
        """Write text in a column from the current height down, and return where it ends."""
        y, before = self.y, self.y
        for line in lines_of(cell.text, cell.points, width, is_bold=cell.is_bold):
            room = width - width_of(line, cell.points, is_bold=cell.is_bold) if cell.is_right else 0
            self.y = y
            self._line(x + room, line, cell)
            y += line_height(cell.points)
        self.y = before
        return y

    def _line(self, x: float, text: str, cell: Cell) -> None:
        baseline = self.y + cell.points * DPI / 72
        if text:
            self.put(Line(x, baseline, text, cell.points, cell.is_bold, cell.is_quiet))

    def pages(self) -> list[Page]:
        """Return what was written; several pages say which one each is."""
        total = len(self._pages)
        if total > 1:
            for at, marks in enumerate(self._pages, 1):
                text = f"{self._foot}, page {at} of {total}"
                y = mm(self.paper.height - self.paper.margin)
                marks.append(Line(self.left, y, paragraphs(text), 8, is_quiet=True))
        return [tuple(marks) for marks in self._pages]


# ---- painting ------------------------------------------------------------------------------------


def paint(page: Page, painter: QPainter) -> None:
    """Draw a page; one unit of the painter is 1/1200 inch."""
    for mark in page:
        if isinstance(mark, Line):
            painter.setPen(QColor(PAPER_QUIET if mark.is_quiet else PAPER_INK))
            painter.setFont(font(mark.points, is_bold=mark.is_bold))
            painter.drawText(QPointF(mark.x, mark.y), mark.text)
        elif isinstance(mark, Frame):
            _frame(mark, painter)
        else:
            _bars(mark, painter)


def _frame(mark: Frame, painter: QPainter) -> None:
    pen = QPen(QColor(PAPER_INK if mark.is_strong else PAPER_RULE))
    pen.setWidthF(mm(0.35 if mark.is_strong else 0.2))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if mark.height:
        painter.drawRect(QRectF(mark.x, mark.y, mark.width, mark.height))
    else:
        painter.drawLine(QPointF(mark.x, mark.y), QPointF(mark.x + mark.width, mark.y))


def _bars(mark: Bars, painter: QPainter) -> None:
    ink = QColor(PAPER_INK)
    across, along = mark.width / mark.code.columns, mark.height / mark.code.rows
    for bar in mark.code.bars:
        painter.fillRect(
            QRectF(mark.x + bar.x * across, mark.y + bar.y * along, bar.width * across, along), ink
        )
