"""``orderdeck bench``: the program's figures beside the raw SQLite reference of the same run."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.errors import RefusedError
from app.models.database import Store
from app.services.opening import open_ready_store
from benchmarks import desk_day, figures, plans, publishing, routing_cost, workload


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; 0 when every bound holds, 1 when one does not."""
    args = _parser().parse_args(argv)
    if args.workload is not None:
        print(json.dumps(standard_day(args.workload, args.batch, args.limit, args.db)))
        return 0
    if args.publish:
        curve = publishing.report()
        print(json.dumps(curve) if args.json else "\n".join(publishing.lines(curve)))
        return 0
    if args.routing:
        days = routing_cost.report(args.orders or 1000, usual_contracts=args.usual_contracts)
        said = routing_cost.document(days)
        print(json.dumps(said) if args.json else "\n".join(routing_cost.lines(days)))
        return 0 if said["ok"] else 1
    if args.plans:
        return _plans(args.orders or 1000, as_json=args.json)
    found = []
    measured = (
        list_figures(args.orders or 1_000_000)
        if args.list
        else figures.measure(figures.SIZES[args.size])
    )
    for figure in measured:
        found.append(figure)
        if not args.json:
            _print(figure)
    if args.json:
        print(json.dumps({"size": args.size, "figures": [asdict(each) for each in found]}))
    return 0 if all(each.ok for each in found) else 1


def _plans(orders: int, *, as_json: bool) -> int:
    found = []
    for each in plans.report(orders):
        found.append(each)
        if not as_json:
            print(plans.line(each), flush=True)
    if as_json:
        print(json.dumps(plans.document(found)))
    return 0 if all(each.ok for each in found) else 1


def list_figures(orders: int) -> Iterator[figures.Figure]:
    """Measure the window, its list and its search over so many orders.

    The store is made at the first call, and kept for the next.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from benchmarks import list_figures, pace_figures
    from benchmarks.million import store_of

    store = store_of(orders)
    yield pace_figures.starting(store)
    yield from list_figures.listing(store)
    yield from list_figures.searching(store)
    yield from pace_figures.working(store)
    yield from pace_figures.importing()
    yield from pace_figures.indexing()


def standard_day(folder: Path, batch: int, limit: int | None, url: str | None) -> dict[str, object]:
    """Run a workload folder through the services, on a fresh store, and return its figures.

    Raises:
        RefusedError: the folder holds no workload, or the store is not empty.
    """
    if not (folder / "orders.csv").is_file():
        raise RefusedError(
            f"{folder} holds no workload (orders.csv is missing); nothing was run.",
            "Make one with the workload's own generator, or leave --workload out.",
        )
    day = workload.read(folder, limit)
    with TemporaryDirectory(prefix="orderdeck-bench-") as name:
        now = datetime.now(UTC)
        target = url or f"sqlite:///{Path(name) / 'desk.db'}"
        open_ready_store(target, now=now).close()
        store = Store(target, synchronous="NORMAL")
        try:
            return _run(store, day, batch, now)
        finally:
            store.close()


def _run(store: Store, day: workload.Day, batch: int, now: datetime) -> dict[str, object]:
    if desk_day.has_orders(store):
        raise RefusedError(
            "This store has orders already; the benchmark was not run.",
            "Name a database that does not exist yet.",
        )
    accounts = desk_day.prepare(store, day, now)
    figures.settle()
    ready, ignored = desk_day.take_in(store, desk_day.arrivals(day), accounts, batch, now)
    ready.orders = len(day.sales)
    shipped = desk_day.ship_all(store, batch, now)
    return {
        "peer": "app",
        "db": "sqlite" if store.is_sqlite else "postgresql",
        "sync": "NORMAL" if store.is_sqlite else "server",
        "batch": batch,
        "orders": len(day.sales),
        "steps": {"import_route_reserve": ready.data(), "shipped": shipped.data()},
        **desk_day.counts(store),
        "redelivered_ignored": ignored,
    }


def _print(figure: figures.Figure) -> None:
    mark = "ok  " if figure.ok else "MISS"
    print(
        f"{mark} {figure.name:<44} {figure.ours:>16}   raw {figure.reference:>16}"
        f"   ratio {figure.ratio:<6} {figure.bound}",
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("orderdeck bench", description=__doc__)
    parser.add_argument("--size", choices=sorted(figures.SIZES), default="standard")
    parser.add_argument("--list", action="store_true", help="the window, its list and its search")
    parser.add_argument("--routing", action="store_true", help="what routing costs over hindsight")
    parser.add_argument(
        "--usual-contracts", action="store_true", help="with it: some channels are never split"
    )
    parser.add_argument("--plans", action="store_true", help="plans of whole queues: time and gap")
    parser.add_argument("--publish", action="store_true", help="one sale in growing catalogues")
    parser.add_argument("--orders", type=int, help="orders in that list, or a day")
    parser.add_argument("--workload", type=Path, help="run the standard day in this folder")
    parser.add_argument("--batch", type=int, default=100, help="orders a commit (default 100)")
    parser.add_argument("--limit", type=int, help="only the first orders of the workload")
    parser.add_argument("--db", help="a fresh database to use (default: a temporary SQLite file)")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser
