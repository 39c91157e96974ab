"""The least that a list over a million rows costs: a bare table view on SQLite, and bare searches."""

from __future__ import annotations

import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from app.domain.folding import fold

_PAGE, _KEPT = 200, 64
_SHOWN = ("number", "channel", "ship_by", "status", "buyer_name", "ship_city", "ship_state",
          "units", "total", "placed_at")  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


class RawModel(QAbstractTableModel):
    """Ten columns of the orders, the newest first, by pages of OFFSET."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._db = sqlite3.connect(path)
        self._pages: OrderedDict[int, list[Any]] = OrderedDict()
        (self._count,) = self._db.execute("SELECT count(*) FROM orders").fetchone()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many orders there are."""
        return 0 if parent.isValid() else int(self._count)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (the same)
        """Return how many columns are shown."""
        return 0 if parent.isValid() else len(_SHOWN)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, reading its page if it is not here."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        number, at = divmod(index.row(), _PAGE)
        if number not in self._pages:
            self._pages[number] = self._db.execute(
                f"SELECT {', '.join(_SHOWN)} FROM orders ORDER BY placed_at DESC, id DESC"
                f" LIMIT {_PAGE} OFFSET {number * _PAGE}"
            ).fetchall()
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        return str(self._pages[number][at][index.column()])


def raw_list(path: Path) -> QTableView:
    """Return a bare view of the orders."""
    view = QTableView()
    view.setModel(RawModel(path))
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(22)
    return view


def by_words(path: Path, asked: list[str]) -> Iterator[float]:
    """Search SQLite's own index for phrases; yield the seconds that each first fifty took."""
    with closing(sqlite3.connect(path)) as db:
        for text in asked:
            phrase = '"' + fold(text).replace('"', '""') + '"'
            start = time.perf_counter()
            db.execute(
                "SELECT number, buyer_name, ship_city FROM order_words JOIN orders ON orders.id ="
                " order_words.rowid WHERE order_words MATCH ? ORDER BY order_words.rowid DESC"
                " LIMIT 50", (phrase,),
            ).fetchall()  # fmt: skip
            yield time.perf_counter() - start


def by_reading(path: Path, text: str) -> float:
    """Search by reading every order; return the seconds."""
    columns = ("number", "external_id", "buyer_name", "ship_name", "buyer_email", "ship_city")
    like = " OR ".join(f"{column} LIKE ?" for column in columns)
    with closing(sqlite3.connect(path)) as db:
        start = time.perf_counter()
        db.execute(f"SELECT id FROM orders WHERE {like}", [f"%{text}%"] * len(columns)).fetchall()
        return time.perf_counter() - start
