"""How is a file's preview and its result said?"""

from __future__ import annotations

import re
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.domain.cases import OF_HOLD
from app.domain.casework.kinds import TEMPLATES
from app.domain.importing import FileKind, ImportReport, PreviewRow, Reject, RowVerdict
from app.domain.orders import HoldCode
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import boxed, down
from app.ui.widgets.text import Text
from app.ui.words import count_of, literal_tooltip, number, sentence, visible

SHOWN_REJECTS = 200
_NOUNS = {
    FileKind.ORDERS: ("order", "orders"), FileKind.STOCK: ("stock level", "stock levels"),
    FileKind.CATALOGUE: ("SKU", "SKUs"), FileKind.KITS: ("kit", "kits"),
    FileKind.LISTINGS: ("listing", "listings"), FileKind.SETTLEMENT: ("row", "rows"),
    FileKind.TRACKING: ("report", "reports"), FileKind.RATES: ("rate row", "rate rows"),
    FileKind.UNKNOWN: ("row", "rows"),
}  # fmt: skip
_DELIMITERS = {",": "separated by commas", ";": "separated by semicolons",
               "\t": "separated by tabs", "|": "separated by bars"}  # fmt: skip
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows (Western)",
              "utf-16": "UTF-16", "latin-1": "Latin-1", "xlsx": ""}  # fmt: skip
_NOTICES = {
    "ENCODING_GUESSED": "The file does not say how its letters are encoded. Look at a few names before you import.",
    "DECIMAL_COMMA": "Amounts are read with a decimal comma.",
    "BIDI_CONTROL": "Some text holds marks that turn the direction of writing. It is kept, and the marks are shown.",
    "ZERO_PRICE": "Some lines are free of charge.",
    "DUPLICATE_ROW_COLLAPSED": "Rows that stand in the file twice are counted once.",
    "SHEETS_JOINED": "All sheets of the workbook that hold this export are read, as one file.",
    "HIDDEN_SHEET_SKIPPED": "A hidden sheet of the workbook looks like an export too. It is left out.",
}  # fmt: skip


def new_count(report: ImportReport) -> int:
    """Return how many things of the file are new here."""
    return report.orders_new if report.kind is FileKind.ORDERS else report.extra.get("new", 0)


def changes_anything(report: ImportReport) -> bool:
    """Say whether importing would store anything."""
    return what_changes(report) > 0


def what_changes(report: ImportReport) -> int:
    """Return how many things of the file would be stored."""
    return new_count(report) + report.updated + report.changed


def verb(report: ImportReport, left_out: int = 0) -> str:
    """Return the words of the button that imports."""
    count = max(0, what_changes(report) - left_out)
    return f"Import {count_of(count, *_NOUNS[report.kind])}"


def notes(report: ImportReport) -> list[QWidget | QLayout]:
    """Say what a person should know of a file before it is imported."""
    parts: list[QWidget | QLayout] = []
    if not changes_anything(report):
        parts.append(
            Banner("Nothing new in this file", "Everything in it is here already.", tone=Tone.INFO)
        )
    parts += _holds(report)
    said = [_NOTICES[code] for code in report.notices if code in _NOTICES]
    return [*parts, *([Banner("Worth knowing", "\n".join(said), tone=Tone.INFO)] if said else [])]


def refused(report: ImportReport) -> Banner:
    """Say why nothing of a file was read."""
    head, _, more = report.message.partition("\n")
    return Banner("This file was not read", f"{head}\n{more}".strip())


def plain_reason(row: PreviewRow) -> str:
    """Return what is to be looked at in a row, with the column and the value that it lies in."""
    if row.verdict is not RowVerdict.KEPT_BACK:
        return row.problem
    why = reason(Reject(row.subject, row.line, row.column, row.value, "", row.problem))
    return f"{row.column} “{row.value}”: {why}" if row.column else why


def how_it_was_read(report: ImportReport, title: str) -> str:
    """Say what a file is, and how it was read."""
    words = [f"This is {title}", count_of(report.rows, "row"), _DELIMITERS.get(report.delimiter, ""),
             _ENCODINGS.get(report.encoding.lower(), report.encoding),
             "decimal comma" if report.decimal == "," else "decimal point"]  # fmt: skip
    return " · ".join(word for word in words if word)


def _holds(report: ImportReport) -> list[QWidget | QLayout]:
    if not report.holds:
        return []
    counts = Counter(code for _number, code in report.holds)
    lines = [f"{count_of(count, 'order')}: {_why_held(code)}" for code, count in counts.items()]
    title = f"{count_of(len({n for n, _code in report.holds}), 'order')} will wait on hold"
    return [Banner(title, "\n".join(lines), tone=Tone.WARN)]


def _why_held(code: str) -> str:
    kind = OF_HOLD.get(HoldCode(code)) if code in HoldCode.__members__ else None
    words = TEMPLATES[kind].title if kind else code.replace("_", " ")
    return words[:1].lower() + words[1:] + "."


def rejects(report: ImportReport) -> list[QWidget | QLayout]:
    """Show what is kept back: line, column, value and reason."""
    if not report.rejected:
        return []
    table = QTableWidget(min(len(report.rejected), SHOWN_REJECTS), 4)
    table.setAccessibleName("Rows that are kept back")
    table.setHorizontalHeaderLabels(["Line", "Column", "Value", "What is wrong"])
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    for row, each in enumerate(report.rejected[:SHOWN_REJECTS]):
        for column, text in enumerate((number(each.row), each.column, each.value, reason(each))):
            item = QTableWidgetItem(visible(text))
            item.setToolTip(literal_tooltip(text))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            table.setItem(row, column, item)
    _fit(table)
    orders = len({each.order for each in report.rejected})
    title = Text(
        f"{count_of(orders, _NOUNS[report.kind][0], _NOUNS[report.kind][1])} kept back",
        step="strong",
    )
    note = Text("One wrong row keeps its whole order back; the others go on. Save the rejects, repair "
                "them in a spreadsheet, and import that file.", quiet=True, wraps=True)  # fmt: skip
    return [boxed(down(title, note, table, spacing=5))]


_IN_SHEET = re.compile(r", (sheet “.*”, row \d+), column “")


def reason(reject: Reject) -> str:
    """Return why, without the place, which stands in the columns beside it."""
    place = f"value “{reject.value}”: "
    before, found, after = reject.message.partition(place)
    sheet = _IN_SHEET.search(before)
    if sheet:  # the line counts through all sheets of a workbook
        after = f"{sheet[1]}: {after}"
    return sentence(after) if found else reject.message


def _fit(table: QTableWidget) -> None:
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    head.setHighlightSections(False)
    table.setWordWrap(True)
    table.setColumnWidth(0, 56)
    table.setColumnWidth(1, 120)
    table.setColumnWidth(2, 130)
    head.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setMinimumHeight(min(340, 60 + 44 * table.rowCount()))


def result(report: ImportReport) -> tuple[str, str]:
    """Return what an import did: a title, and what else there is to say."""
    head, _, more = report.message.partition("\n")
    first, _, rest = head.partition(". ")
    return f"{first.rstrip('.')}.", rest if report.rejected else f"{rest}\n{more}".strip()
