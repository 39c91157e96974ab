"""How long does a plan for a whole queue take, how far could it be from the best, and what does it save?

Queues of each regime are drawn in the neutral format and solved as ``orderdeck solve`` does, explanations
included. ``python -m benchmarks.plans FOLDER --orders 1000`` writes them down for other solvers and checkers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

from app.planning.neutral.instance import problem_of
from app.planning.neutral.solving import solve
from benchmarks.neutral_queues import REGIMES, draw

SECONDS, FOR, MOST_GAP = 10.0, 1000, 0.5  # seconds are bounded up to so many orders
LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Planned:
    """One queue as planned: seconds on the clock and of the processor, and per cent."""

    queue: str
    orders: int
    seconds: float
    cpu: float
    gap_pct: float
    saved_pct: float  # against one order at a time

    @property
    def ok(self) -> bool:
        """Return whether it is near enough to the best, and in time by the processor's clock."""
        return self.gap_pct <= MOST_GAP and (self.orders > FOR or self.cpu <= SECONDS)


def report(orders: int, seed: int = 1) -> Iterator[Planned]:
    """Plan a queue of each regime."""
    for regime in REGIMES:
        problem = problem_of(draw(orders, regime, seed=seed))
        began, worked = perf_counter(), process_time()
        planned = solve(problem, together=True, seconds=LIMIT).summary
        took, busy = perf_counter() - began, process_time() - worked
        alone = solve(problem, together=False, seconds=LIMIT).summary["cost_cents"]
        saved = 100 * (alone - planned["cost_cents"]) / alone
        yield Planned(
            problem.name,
            orders,
            round(took, 2),
            round(busy, 2),
            planned["gap_pct"],
            round(saved, 2),
        )


def line(found: Planned) -> str:
    """Return a queue's figures as a line."""
    return (
        f"{'ok  ' if found.ok else 'MISS'} {found.queue:<16} {found.seconds:6.2f} s ({found.cpu:.2f} s of work), "
        f"at most {found.gap_pct:.4f} % above the best, {found.saved_pct:.2f} % below one order at a time"
    )


def document(found: Sequence[Planned]) -> dict[str, object]:
    """Return the figures as data."""
    return {"queues": [asdict(each) for each in found], "ok": all(each.ok for each in found)}


def main() -> None:
    """Write the queues of each regime into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for regime in REGIMES:
        found = draw(args.orders, regime, seed=args.seed)
        (args.folder / f"{found['id']}.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
