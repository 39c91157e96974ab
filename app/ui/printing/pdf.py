"""Pages as a PDF, as an image of the screen's sharpness, and on a printer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSize
from PySide6.QtGui import QColor, QImage, QPageLayout, QPainter, QPdfWriter

from app.errors import RefusedError
from app.ui.printing.sheet import DPI, Page, Paper, paint
from app.ui.tokens import PAPER

Progress = Callable[[int, int], object]


def pdf_of(pages: Sequence[Page], paper: Paper, title: str, progress: Progress) -> bytes:
    """Return the pages as a PDF whose text can be searched."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(paper.page_size)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Orderdeck")
    painter = QPainter(writer)
    try:
        for at, page in enumerate(pages):
            if at:
                writer.newPage()
            paint(page, painter)
            progress(at + 1, len(pages))
    finally:
        painter.end()
    return bytes(buffer.data().data())


def image_of(page: Page, paper: Paper, dpi: float) -> QImage:
    """Return a page as an image of so many dots per inch."""
    image = QImage(_pixels(paper, dpi), QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(dpi / DPI, dpi / DPI)
    paint(page, painter)
    painter.end()
    return image


def _pixels(paper: Paper, dpi: float) -> QSize:
    return QSize(round(paper.width / 25.4 * dpi), round(paper.height / 25.4 * dpi))


def printers() -> tuple[list[str], str]:
    """Return the names of this computer's printers, and which one is its default."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return list(QPrinterInfo.availablePrinterNames()), QPrinterInfo.defaultPrinterName()


def send_to(name: str, pages: Sequence[Page], paper: Paper, title: str, progress: Progress) -> None:
    """Print the pages.

    Raises:
        RefusedError: the printer does not take them.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    printer = QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)
    printer.setFullPage(True)
    printer.setPageLayout(
        QPageLayout(paper.page_size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    printer.setDocName(title)
    painter = QPainter()
    if not printer.isValid() or not painter.begin(printer):
        raise RefusedError(
            f"The printer {name} does not answer; nothing was printed.",
            "See whether it is on and has paper, or choose Save as PDF.",
        )
    painter.scale(printer.resolution() / DPI, printer.resolution() / DPI)
    for at, page in enumerate(pages):
        if at:
            printer.newPage()
        paint(page, painter)
        progress(at + 1, len(pages))
    painter.end()
