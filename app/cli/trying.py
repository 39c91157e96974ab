"""``demo`` and ``bench``: fill an empty desk to look around in, and measure how fast it is."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.cli.command import Answer, Call, Command, amount_of_rows, argument
from app.cli.doors import WindowWish
from app.cli.program import typed
from app.cli.wording import counted
from app.errors import RefusedError

ORDERS, SEED = 2000, 7


def demo(call: Call) -> Answer:
    """Fill an empty desk with a believable brand, or take that out again."""
    from app.services.demo import fill

    args = call.args
    if args.live:
        return _live(call)
    if args.remove:
        done = call.desk.run("remove_demo")
        return Answer({"removed": True}, lambda: [f"{done.label}: done.", "The desk is as new."])
    counts = fill(call.desk, orders=args.orders, seed=args.seed, progress=_progress)
    _end_progress()
    said = ", ".join(counted(count, name.replace("_", " "), name.replace("_", " "))
                     for name, count in counts.items())  # fmt: skip
    return Answer(counts, lambda: [f"The desk is filled: {said}.", f"Look around: {typed('gui')}"])


def _live(call: Call) -> Answer:
    """Open the window on a desk that practises; without a database of its own, one that is thrown away."""
    if call.args.json:
        raise RefusedError("The window has no JSON to give; nothing was opened.",
                           "Run it without --json.")  # fmt: skip
    wish = WindowWish(demo=True, screenshots=None, theme="", practises=True)
    if call.args.db:
        return Answer(status=call.doors.window(call.desk, wish))
    with (
        TemporaryDirectory(prefix="orderdeck-") as folder,
        call.doors.desk(f"sqlite:///{Path(folder) / 'practice.db'}", "") as desk,
    ):
        return Answer(status=call.doors.window(desk, wish))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} of {total:,} orders")
        sys.stderr.flush()


def _end_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\n")


def bench(call: Call) -> Answer:
    """Run the benchmark of the checkout; it prints its own figures."""
    try:
        run: Any = importlib.import_module("benchmarks.run")
    except ModuleNotFoundError as missing:
        if missing.name not in ("benchmarks", "benchmarks.run"):
            raise
        raise RefusedError(
            "The benchmark is not part of an installed Orderdeck; nothing was measured.",
            "Clone the repository and run: python3 start.py bench",
        ) from missing
    return Answer(status=int(run.main(_passed_on(call.args))))


def _passed_on(args: Any) -> list[str]:
    """Return the arguments as the benchmark takes them."""
    given = {
        "--size": args.size, "--workload": args.workload, "--batch": args.batch,
        "--limit": args.limit, "--db": args.db, "--orders": args.orders,
    }  # fmt: skip
    words = [word for name, value in given.items() if value is not None for word in (name, value)]
    return (
        [str(word) for word in words]
        + ["--json"] * args.json
        + ["--list"] * args.list
        + ["--plans"] * args.plans
        + ["--publish"] * args.publish
        + ["--routing"] * args.routing
        + ["--usual-contracts"] * args.usual_contracts
    )


COMMANDS = (
    Command(
        "demo",
        "fill an empty desk with a believable brand: catalogue, stock, orders, 90 days of history",
        "demo --orders 2000 --seed 7",
        demo,
        (
            argument("--orders", type=amount_of_rows, default=ORDERS, metavar="N", help=f"default: {ORDERS}"),
            argument("--seed", type=amount_of_rows, default=SEED, metavar="S", help="the same seed, the same brand"),
            argument("--live", action="store_true",
                     help="open the window with a marketplace on this computer, where buyers order now and then"),
            argument("--remove", action="store_true", help="take the demo out again; own orders are never lost"),
        ),
    ),
    Command(
        "bench",
        "measure this machine, beside raw SQLite in the same run (needs a checkout)",
        "bench --size small",
        bench,
        (
            argument("--size", choices=("small", "standard", "large"), help="default: standard"),
            argument("--list", action="store_true", help="the window, its list and its search instead"),
            argument("--publish", action="store_true", help="what publishing one sale costs in growing catalogues instead"),
            argument("--plans", action="store_true", help="how long plans of whole queues take, and how near the best they are instead"),
            argument("--routing", action="store_true", help="what routing standard days costs over hindsight instead"),
            argument("--usual-contracts", action="store_true", help="with it: some channels' orders are never split"),
            argument("--orders", type=amount_of_rows, metavar="N",
                     help="orders in that list (default: 1,000,000), or of such a day or queue (default: 1,000)"),
            argument("--workload", metavar="DIR", help="the standard day in this folder instead"),
            argument("--batch", type=amount_of_rows, metavar="B", help="orders a commit"),
            argument("--limit", type=amount_of_rows, metavar="N", help="only the first orders of the workload"),
        ),
    ),
)  # fmt: skip
