"""How long is the window's thread ever away while an account syncs for the first time?

    python -m benchmarks.sync_heartbeat --orders 20000

The marketplace runs in a process of its own, as a real one would. A timer in the window's thread ticks every
5 ms; the longest time between two ticks is the figure, beside the orders a second and how soon a stop is
answered. On a machine that others use as well, a gap is also what they take: so beside it stands the longest
gap less the time that the window's own thread was ready to run and had no processor, as the kernel counts it
(Linux only), and how much processor time this program used within any gap. At last a stop is asked for in
the middle of an answer that drips a byte at a time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from sqlalchemy import func, select

from app.domain.importing import SkuRow
from app.domain.orders import Address
from app.domain.roles import Actor, Role
from app.models.orders import orders as order_table
from app.services import catalogue
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.sync.live.engine import SyncEngine
from app.sync.loopback.dialects import all_dialects
from app.sync.loopback.faults import Does
from app.sync.loopback.marketplace import Marketplace
from app.sync.loopback.server import serving
from app.sync.loopback.shopify import LOCATION
from app.ui.operations import Operations
from app.ui.start import make_application
from app.ui.syncing import SyncWatch
from app.ui.theme import Theme
from app.ui.window import Window

TOKEN = "bench"
SKUS = 200


def serve(orders: int) -> None:
    """Be the marketplace: print the address, and answer until the pipe closes."""

    class Time:
        now = staticmethod(utc_now)

    market = Marketplace(Time(), all_dialects())
    shop = market.open_shop("bench", "shopify")
    shop.secrets["access_token"] = TOKEN
    home = Address("Ada Byron", "", "12 Mill Lane", "", "", "Springfield", "IL", "62701", "US")
    for at in range(SKUS):
        shop.offer(f"SKU-{at:03}", f"Thing {at}", orders)
    for at in range(orders):
        shop.place([(f"SKU-{at % SKUS:03}", 1), (f"SKU-{at * 7 % SKUS:03}", 1)], home, buyer="Ada")
    with serving(market) as address:
        sys.stdout.write(f"{address}/bench\n")
        sys.stdout.flush()
        if sys.stdin.readline():  # from now on every answer drips
            shop.faults.add(Does.DRIP, "", seconds=0.5, count=1_000_000)
            sys.stdin.read()


class Kept:
    """The key to the bench's account."""

    def read(self) -> dict[str, str]:
        """Return it."""
        return {"access_token": TOKEN}

    def write(self, secrets: object) -> None:
        """Nothing is renewed here."""


def waited() -> float:
    """Return the seconds that this thread was ready to run and had no processor; 0 where nobody counts."""
    try:
        return int(_COUNTED.read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


_COUNTED = Path("/proc/thread-self/schedstat")


class Heart:
    """Ticks in the window's thread, and knows the time between two ticks, and what was used in it."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.own: list[float] = []
        self.used: list[float] = []
        self.rest()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def beat_until(self, done: Callable[[], bool], most: float) -> list[float]:
        """Let the window live until something is done; return the gaps in milliseconds, sorted."""
        self.gaps, self.own, self.used = [], [], []
        self.rest()
        end = time.perf_counter() + most
        while time.perf_counter() < end and not done():
            QCoreApplication.processEvents()
            time.sleep(0.001)
        return sorted(gap * 1000 for gap in self.gaps) or [0.0]

    def rest(self) -> None:
        """Count no gap for what the measuring itself took."""
        self._last, self._worked = time.perf_counter(), time.process_time()
        self._waited = waited()

    def _tick(self) -> None:
        gap = time.perf_counter() - self._last
        self.gaps.append(gap)
        self.own.append(gap - (waited() - self._waited))
        self.used.append(time.process_time() - self._worked)
        self.rest()


def a_desk(address: str, orders: int, folder: Path) -> tuple[Desk, SyncEngine]:
    """Open a desk with a catalogue, connected with the marketplace."""
    desk = Desk(
        open_ready_store(f"sqlite:///{folder / 'bench.db'}", now=utc_now()),
        Actor("Owner", Role.OWNER),
    )
    rows = [SkuRow(f"SKU-{at:03}", title=f"Thing {at}") for at in range(SKUS)]
    desk.write(lambda db: catalogue.save_skus(db, rows, now=utc_now()))
    for row in rows:
        desk.run("receive", sku=row.sku, location="MAIN", quantity=orders, reason="Bench")
    desk.run("connect_account", channel="shopify", address=address, settings={"location": LOCATION},
             since=utc_now() - timedelta(days=7))  # fmt: skip
    engine = desk.sync = SyncEngine(desk, lambda _account: Kept())
    return desk, engine


def timed(does: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


def measure(address: str, orders: int, folder: Path, drip: Callable[[], None]) -> dict[str, float]:
    """Open a window, let the account sync, and watch the window's thread."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    (desk, engine), application = a_desk(address, orders, folder), make_application()
    operations = Operations(desk)
    window = Window(operations, Theme(application, "light"))
    window.resize(1440, 900)
    window.show()
    window.go("orders", "")
    heart, watch = Heart(), SyncWatch(operations)
    heart.beat_until(lambda: False, 2)
    idle = heart.beat_until(lambda: False, 5)
    count = select(func.count()).select_from(order_table)
    looked = [time.perf_counter(), 0.0]

    def all_here() -> bool:
        if time.perf_counter() - looked[0] > 2:
            looked[1] = desk.read(lambda db: float(db.execute(count).scalar_one()))
            looked[0] = time.perf_counter()
            heart.rest()
        return looked[1] >= orders

    watch.start()
    begun = time.perf_counter()
    gaps = heart.beat_until(all_here, 3600)
    seconds = time.perf_counter() - begun
    own, used = max(heart.own), max(heart.used)
    drip()
    engine.sync_now()
    heart.beat_until(lambda: False, 4)  # the next look has begun, and its answer drips
    stopped = timed(watch.stop)
    operations.close()
    window.close()
    desk.store.close()
    return {
        "orders": looked[1], "seconds": round(seconds, 1),
        "orders a second": round(looked[1] / seconds),
        "longest gap ms": round(gaps[-1], 1), "longest gap ms, idle before": round(idle[-1], 1),
        "longest gap ms, less the wait for a processor": round(own * 1000, 1),
        "most processor time within a gap ms": round(used * 1000, 1),
        "99.9 % below ms": round(gaps[int(len(gaps) * 0.999)], 1),
        "stop in a slow drip answered in ms": round(stopped * 1000, 1),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    if args.serve:
        serve(args.orders)
        return 0
    command = [
        sys.executable,
        "-m",
        "benchmarks.sync_heartbeat",
        "--serve",
        "--orders",
        str(args.orders),
    ]
    with (
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as market,
        tempfile.TemporaryDirectory(prefix="orderdeck-bench-") as folder,
    ):
        assert market.stdout is not None
        address = market.stdout.readline().strip()
        pipe = market.stdin

        def drip() -> None:
            assert pipe is not None
            pipe.write("drip\n")
            pipe.flush()

        for name, value in measure(address, args.orders, Path(folder), drip).items():
            sys.stdout.write(f"{name}: {value}\n")
        market.communicate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
