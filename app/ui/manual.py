"""The manual, beside the work: headings on the left, the text on the right, a search in it. No network."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.config import document
from app.ui.operations import Operations
from app.ui.overlay import Overlay
from app.ui.widgets.controls import across, button, down, line
from app.ui.widgets.text import Text

CHAPTERS = ("manual.md", "keys.md", "search.md", "command-line.md")
PLACE = Qt.ItemDataRole.UserRole + 1


def read_manual() -> str:
    """Return the chapters that are here, one after the other."""
    paths = [document(name) for name in CHAPTERS]
    return "\n\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())


class Manual(Overlay):
    """Shows the manual as it was shipped with the program."""

    def __init__(self, parent: QWidget, operations: Operations) -> None:
        super().__init__(parent, "Manual")
        self._operations = operations
        self._find = line("Search the manual", placeholder="Search the manual …")
        self._find.setFixedWidth(280)
        self._find.textChanged.connect(lambda _text: self._search(from_start=True))
        self._find.installEventFilter(self)
        self._said = Text(quiet=True, step="small")
        self._headings = QListWidget()
        self._headings.setAccessibleName("Headings of the manual")
        self._headings.setFixedWidth(250)
        self._headings.itemActivated.connect(self._go)
        self._headings.currentItemChanged.connect(lambda item, _before: self._go(item))
        self._text = _Pages()
        self._text.anchorClicked.connect(self._follow)
        close = button("Close", self.close_overlay, hint="Esc")
        head = across(Text("Manual", step="title"), None, self._said, self._find, close)
        body = across(self._headings, self._text, spacing=14)
        body.setStretch(1, 1)
        layout = down(head, body, spacing=12, margins=(24, 18, 20, 18))
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self) -> None:
        """Show it; it is read when it is first wanted."""
        super().open()
        self._find.setFocus()
        if self._text.document().isEmpty():
            self._operations.ask(read_manual, then=self.show_text, slot=(self, "text"))

    def show_text(self, text: str) -> None:
        """Show a manual that is written in Markdown."""
        self._text.setMarkdown(text or "# Manual\n\nThe manual was not installed with this copy.")
        self._headings.clear()
        block = self._text.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if 0 < level < 4:
                item = QListWidgetItem(f"{'   ' * (level - 1)}{block.text()}")
                item.setData(PLACE, block.position())
                self._headings.addItem(item)
            block = block.next()

    @property
    def headings(self) -> list[str]:
        """The headings that are offered."""
        rows = range(self._headings.count())
        return [self._headings.item(row).text().strip() for row in rows]

    @property
    def found(self) -> str:
        """What the search has marked."""
        return self._text.textCursor().selectedText()

    def find_text(self, text: str) -> None:
        """Fill in what to look for."""
        self._find.setText(text)

    def _search(self, *, from_start: bool = False) -> None:
        """Mark the next place; after the last one begin again."""
        text = self._find.text().strip()
        if from_start:
            self._text.moveCursor(QTextCursor.MoveOperation.Start)
        is_found = not text or self._text.find(text)
        if not is_found and not from_start:
            self._text.moveCursor(QTextCursor.MoveOperation.Start)
            is_found = self._text.find(text)
        self._said.say("" if is_found else "Not found")

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show_block(self._text.document().findBlock(item.data(PLACE)))

    def _show_block(self, block: QTextBlock) -> None:
        top = self._text.document().documentLayout().blockBoundingRect(block).top()
        self._text.verticalScrollBar().setValue(round(top))

    def _follow(self, url: QUrl) -> None:
        """Follow a link to another heading; what leads out of the manual is only named."""
        wanted = url.fragment().replace("-", " ").casefold()
        for row, heading in enumerate(self.headings):
            if wanted and heading.casefold() == wanted:
                self._headings.setCurrentRow(row)
                return
        self._said.say(url.toString())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter in the search go to the next place."""
        if watched is self._find and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() == QEvent.Type.KeyPress and is_enter:
                self._search()
                return True
            return False
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Take most of the window."""
        room = self.room()
        wide, tall = min(1180, room.width() - 60), room.height() - 60
        self.setGeometry((room.width() - wide) // 2, 30, wide, tall)


class _Pages(QTextBrowser):
    """The text. Pictures come from the manual's own folder, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Text of the manual")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802 (Qt calls it)
        """Read a picture from the disk, and nothing else from anywhere."""
        url, image_kind = QUrl(name), QTextDocument.ResourceType.ImageResource.value
        if kind != image_kind or url.scheme() not in ("", "file"):
            return None
        folder = document("").resolve()
        path = (folder / url.path()).resolve()
        if not path.is_relative_to(folder):
            return None
        image = QImage(str(path))
        room = max(200, self.viewport().width() - 40)
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaledToWidth(room, smooth) if image.width() > room else image
