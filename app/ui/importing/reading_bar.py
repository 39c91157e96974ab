"""How is the file read? Found by itself, and changeable: each choice reads it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.importing import DateOrder, FileKind, ParsedFile, Reading
from app.ui.widgets.controls import across, choice, down
from app.ui.widgets.text import Text
from app.ui.words import number

ENCODINGS = (
    ("utf-8", "UTF-8"), ("cp1252", "Windows, West"), ("cp1250", "Windows, East"),
    ("cp1251", "Windows, Cyrillic"), ("utf-16", "UTF-16"), ("latin-1", "Latin-1"),
    ("shift_jis", "Japanese (Shift JIS)"), ("mac_roman", "Mac, Western"), ("cp850", "DOS, Western"),
)  # fmt: skip
SEPARATORS = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar"))
DECIMALS = (("", "As written"), (".", "Point: 12.50"), (",", "Comma: 12,50"))
DATES = (
    ("", "As written"),
    (DateOrder.DAY_FIRST.value, "Day first: 21/11"),
    (DateOrder.MONTH_FIRST.value, "Month first: 11/21"),
)
HEADERS = 12
Choices = Sequence[tuple[object, str]]


class ReadingBar(QWidget):
    """The choices in one row, under what was found."""

    changed = Signal(object)  # the Reading that is wanted now

    def __init__(self) -> None:
        super().__init__()
        self._reading = Reading()
        self._is_showing = False
        lines = [(line, f"Line {number(line)}") for line in range(1, HEADERS + 1)]
        self._encoding = self._field("Encoding", ENCODINGS)
        self._separator = self._field("Separator", SEPARATORS)
        self._header = self._field("Column names", lines)
        self._dates = self._field("Dates", DATES)
        self._decimal = self._field("Decimal sign", DECIMALS)
        fields = (self._encoding, self._separator, self._header, self._dates, self._decimal)
        self.setLayout(
            across(*(down(Text(x.accessibleName(), quiet=True, step="small"), x, spacing=2)
                     for x in fields), None, spacing=10)
        )  # fmt: skip
        self.setAccessibleName("How the file is read")

    def show_reading(self, parsed: ParsedFile, encoding: str, delimiter: str, line: int) -> None:
        """Show how a file was read; nothing is asked for by that."""
        self._is_showing = True
        self._reading = parsed.reading
        is_workbook = encoding == "xlsx"
        _choose(self._encoding, "xlsx" if is_workbook else encoding, "Excel workbook")
        _choose(self._separator, delimiter, delimiter)
        _choose(self._header, line or 1, f"Line {number(line)}")
        _choose(self._dates, parsed.reading.dates, "")
        is_known = parsed.kind is not FileKind.UNKNOWN
        _choose(self._decimal, parsed.decimal if is_known else parsed.reading.decimal, "")
        for field in (self._encoding, self._separator):
            field.setEnabled(not is_workbook)
        has_money = parsed.kind is not FileKind.STOCK
        self._decimal.setEnabled(has_money)
        self._dates.setEnabled(parsed.kind in (FileKind.ORDERS, FileKind.UNKNOWN))
        self._is_showing = False

    def _field(self, name: str, choices: Choices) -> QComboBox:
        made = choice(name, choices)
        made.setMinimumContentsLength(13)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.activated.connect(lambda _index: self._said(name, made.currentData()))
        return made

    def _said(self, name: str, value: object) -> None:
        field = {"Encoding": "encoding", "Separator": "delimiter", "Column names": "header",
                 "Dates": "dates", "Decimal sign": "decimal"}[name]  # fmt: skip
        said: dict[str, Any] = {field: value}
        wanted = replace(self._reading, **said)
        if not self._is_showing and wanted != self._reading:
            self._reading = wanted
            self.changed.emit(wanted)

    def field(self, name: str) -> QComboBox:
        """Return the control of this name."""
        return next(x for x in self.findChildren(QComboBox) if x.accessibleName() == name)


def _choose(field: QComboBox, value: object, words: str) -> None:
    at = field.findData(value)
    if at < 0 and words:
        field.addItem(words, value)
        at = field.count() - 1
    field.setCurrentIndex(max(0, at))
