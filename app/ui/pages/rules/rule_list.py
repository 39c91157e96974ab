"""The rules in the order in which they are asked; Alt and the arrows move one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from app.domain.rulebook.findings import BLOCKING
from app.domain.rulebook.rules import Rule, Rulebook
from app.services.rules.living import Judged
from app.ui.icons import icon
from app.ui.tokens import Tone
from app.ui.words import count_of


class RuleList(QListWidget):
    """One row a rule: its place, name, and to how many open orders it applies."""

    chosen = Signal(int)
    moving = Signal(int)  # by so many places

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rules")
        self.setAccessibleName("Rules, in the order in which they are asked")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(True)
        self.setIconSize(QSize(16, 16))
        self.setSpacing(2)
        self.currentRowChanged.connect(self.chosen.emit)
        self.installEventFilter(self)

    def fill(self, book: Rulebook, judged: Judged | None, at: int) -> None:
        """Show the rules; the one at a place stays chosen."""
        self.blockSignals(True)
        while self.count() > len(book.rules):
            self.takeItem(self.count() - 1)
        while self.count() < len(book.rules):
            self.addItem(QListWidgetItem())
        for place, rule in enumerate(book.rules):
            _write(self.item(place), place + 1, rule, judged)
        self.setCurrentRow(at)
        self.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with Alt and the arrows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.moving.emit(step)
                return True
        return super().eventFilter(watched, event)


def _write(item: QListWidgetItem, number: int, rule: Rule, judged: Judged | None) -> None:
    found = judged.of(rule.name) if judged else ()
    count = judged.counts.get(rule.name) if judged else None
    said = "off" if not rule.is_on else "cannot be asked yet"
    if count is not None:
        said = count_of(count.applies, "open order")
    if found:
        said += f", {count_of(len(found), 'finding')}"
    item.setText(f"{number}. {rule.name}\n{said}")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Rule {number}: {rule.name}, {said}")
    item.setIcon(_icon(rule, [each.kind in BLOCKING for each in found]))


def _icon(rule: Rule, blocking: list[bool]) -> QIcon:
    if not rule.is_on:
        return icon("minus")
    if blocking:
        return icon("exceptions", Tone.BAD if any(blocking) else Tone.WARN)
    return icon("accept", Tone.GOOD)
