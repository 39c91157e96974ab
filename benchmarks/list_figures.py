"""What the window promises of a list of a million orders: painting, scrolling, jumping, searching."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from app.domain.roles import SYSTEM
from app.models.database import Store
from app.queries.orders import count_orders, order_rows
from app.services.desk import Desk
from app.ui.lists.list_view import ListView
from app.ui.operations import Operations
from app.ui.pages.orders.page import OrdersPage
from app.ui.start import make_application
from app.ui.theme import Theme
from app.ui.window import Window
from benchmarks.figures import Figure
from benchmarks.million import sample
from benchmarks.raw_list import by_reading, by_words, raw_list

WIDTH, HEIGHT = 1600, 900
_WHEELS, _JUMPS, _ASKED = 300, 40, 25
_WAKING_MS = 2


class OpenDesk:
    """The window on a store, as a person has it open, without a screen."""

    def __init__(self, path: Path) -> None:
        self.application = make_application()
        self.desk = Desk(Store(f"sqlite:///{path}"), SYSTEM)
        self.operations = Operations(self.desk)
        self._bugs: list[str] = []
        self.operations.crashed.connect(self._bugs.append)
        self.window = Window(self.operations, Theme(self.application, "light"))
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self._waker = QTimer()
        self._waker.start(_WAKING_MS)
        self.settle()

    @property
    def page(self) -> OrdersPage:
        """The page Orders."""
        page = self.window.pages["orders"]
        if not isinstance(page, OrdersPage):
            raise TypeError(page)
        return page

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Wait until nothing is under way any more."""
        while self.operations.is_busy or not until():
            self.turn()
            if self._bugs:
                raise RuntimeError(self._bugs[0])

    def turn(self) -> None:
        """Wait for something to happen and deal with it, as the program's own loop does.

        A loop that never waits would take the processor from the very threads that it waits for.
        """
        self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def close(self) -> None:
        """Close as a person does."""
        self.operations.close()
        self.window.close()
        self.window.deleteLater()
        self.application.processEvents()
        self.desk.store.close()


@contextmanager
def opened(path: Path) -> Iterator[OpenDesk]:
    """Open the window on a store for a while."""
    desk = OpenDesk(path)
    try:
        yield desk
    finally:
        desk.close()


def listing(path: Path) -> Iterator[Figure]:
    """Measure the list of all orders beside a bare view of the same rows."""
    raw = _Raw(path)
    with opened(path) as desk:
        before = memory()
        first = _first_paint(desk)
        yield _within("list: first paint", first, raw.first_paint(), 0.150)
        view = desk.page.list
        ours, theirs = _wheel(desk.application, view), _wheel(desk.application, raw.view)
        yield _within("list: wheel, p50", ours[len(ours) // 2], theirs[len(theirs) // 2], 0.033)
        yield _within("list: wheel, p99", _p99(ours), _p99(theirs), 0.033)
        ours, theirs = _page_down(desk.application, view), _page_down(desk.application, raw.view)
        yield _within("list: page down, p99", _p99(ours), _p99(theirs), 0.033)
        ours = _jump(desk, view, lambda: _is_here(view))
        theirs = _jump(desk, raw.view, lambda: True)
        yield _within("list: jump to real rows, p50", ours[len(ours) // 2],
                      theirs[len(theirs) // 2], 0.080)  # fmt: skip
        yield _within("list: jump to real rows, p99", _p99(ours), _p99(theirs), 0.080)
        grown = memory() - before
    raw.view.close()
    yield Figure("list: memory", f"{grown:.0f} MB", "–", 0.0, "at most 250 MB", grown <= 250)


class _Raw:
    """The bare view, shown in the same size."""

    def __init__(self, path: Path) -> None:
        self._application = make_application()
        self._path = path
        self.view: QTableView

    def first_paint(self) -> float:
        """Return the seconds until it is painted."""
        start = time.perf_counter()
        self.view = raw_list(self._path)
        self.view.resize(WIDTH - 620, HEIGHT - 120)
        self.view.show()
        self._application.processEvents()
        self.view.viewport().repaint()
        return time.perf_counter() - start


def _first_paint(desk: OpenDesk) -> float:
    start = time.perf_counter()
    desk.window.go("orders")
    desk.page.show_view(desk.page.view_of("all"))
    view = desk.page.list
    while not (desk.page.model.is_ready and view.isVisible() and _is_here(view)):
        desk.turn()
    view.viewport().repaint()
    taken = time.perf_counter() - start
    desk.settle()
    return taken


def _is_here(view: ListView) -> bool:
    first, last = view.visible_rows()
    return all(view.rows.peek(n) is not None for n in (first, (first + last) // 2, last))


def _wheel(application: QApplication, view: QTableView) -> list[float]:
    bar = view.verticalScrollBar()
    bar.setValue(0)
    return sorted(_step(application, view, bar.value() + 3) for _ in range(_WHEELS))


def _page_down(application: QApplication, view: QTableView) -> list[float]:
    bar = view.verticalScrollBar()
    return sorted(_step(application, view, bar.value() + bar.pageStep()) for _ in range(60))


def _step(application: QApplication, view: QTableView, value: int) -> float:
    start = time.perf_counter()
    view.verticalScrollBar().setValue(value)
    view.viewport().repaint()
    application.processEvents()
    return time.perf_counter() - start


def _jump(desk: OpenDesk, view: QTableView, is_here: Callable[[], bool]) -> list[float]:
    rng, bar = random.Random(9), view.verticalScrollBar()
    taken = []
    for _ in range(_JUMPS):
        start = time.perf_counter()
        bar.setValue(rng.randrange(bar.maximum()))
        while not is_here():
            desk.turn()
        view.viewport().repaint()
        taken.append(time.perf_counter() - start)
        for _ in range(20):
            desk.turn()
    return sorted(taken)


def searching(path: Path) -> Iterator[Figure]:
    """Measure the first page of each kind of search beside SQLite's own index and beside reading."""
    store, now = Store(f"sqlite:///{path}"), datetime.now(UTC)
    try:
        for kind, asked in _asked(path).items():
            ours, counts = [], []
            for text in ["warm", *asked]:
                with store.read() as db:
                    start = time.perf_counter()
                    order_rows(db, query=_quoted(text), now=now, sort="placed_at", descending=True,
                               limit=50)  # fmt: skip
                    ours.append(time.perf_counter() - start)
                    start = time.perf_counter()
                    count_orders(db, query=_quoted(text), now=now)
                    counts.append(time.perf_counter() - start)
            theirs = sorted(by_words(path, asked)) if len(asked[0]) > 2 else [_read(path, asked[0])]
            yield _within(f"search: {kind}, p95", _p95(sorted(ours[1:])), _p95(theirs), 0.100)
            yield _within(f"search: {kind}, p95 of its count", _p95(sorted(counts[1:])),
                          _p95(theirs), 0.100)  # fmt: skip
        surname = _asked(path)["surname"][0]
        reading = by_reading(path, surname)
        yield Figure("search: by reading every order", "–", f"{1000 * reading:.0f} ms", 0.0,
                     "to compare with", True)  # fmt: skip
    finally:
        store.close()


def _read(path: Path, text: str) -> float:
    return by_reading(path, text)


def _asked(path: Path) -> dict[str, list[str]]:
    rows = list(sample(path, _ASKED, 21))
    return {
        "3 letters": [row["buyer_name"].split()[1][:3] for row in rows],
        "surname": [row["buyer_name"].split()[1] for row in rows],
        "full name": [row["buyer_name"] for row in rows],
        "city": [row["ship_city"] for row in rows],
        "ZIP": [row["ship_postcode"] for row in rows],
        "last 5 of the number": [row["number"][-5:] for row in rows],
        "whole number": [row["number"] for row in rows],
        "e-mail": [row["buyer_email"] for row in rows],
        "SKU": [row["code"] for row in rows],
        "tracking": [row["tracking"] for row in rows if row["tracking"]],
        "nothing found": [f"qx{row['number'][-5:]}zj" for row in rows],
    }


def _quoted(text: str) -> str:
    return f'"{text}"'


def _within(name: str, ours: float, reference: float, most: float) -> Figure:
    """Hold a figure, in seconds, to its bound, however busy the machine is; the reference says that."""
    return Figure(
        name, f"{1000 * ours:.1f} ms", f"{1000 * reference:.1f} ms",
        round(ours / max(reference, 1e-6), 2), f"at most {1000 * most:.0f} ms", ours <= most,
    )  # fmt: skip


def _p99(ranked: Sequence[float]) -> float:
    return ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)]


def _p95(ranked: Sequence[float]) -> float:
    return ranked[min(len(ranked) - 1, len(ranked) * 95 // 100)]


def memory() -> float:
    """Return the memory in use now, in MB; 0 where the system does not say it this way."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
