"""``solve``: route a problem that comes as a file, with the desk's own decisions and no database."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument
from app.cli.wording import counted
from app.errors import RefusedError

SECONDS = 30.0


def seconds(text: str) -> float:
    """Read how long something may take."""
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds") from error
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is no time that a plan may take")
    return value


def solve(call: Call) -> Answer:
    """Plan an instance file and write the solution file."""
    from app.planning.neutral.instance import read
    from app.planning.neutral.solving import solve as solved

    args = call.args
    problem = read(Path(args.instance))
    found = solved(problem, together=args.mode == "plan", seconds=args.time_limit)
    _write(Path(args.out), found.solution)
    summary = found.summary
    return Answer(summary, lambda: _lines(summary, args.out))


def _write(path: Path, content: object) -> None:
    try:
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    except OSError as problem:
        raise RefusedError(
            f"{path} could not be written; there is no solution.", str(problem.strerror)
        ) from problem


def _lines(summary: dict[str, Any], out: str) -> list[str]:
    counts = ", ".join(f"{number:,} {word}" for word, number in summary["outcomes"].items())
    done = counted(summary["orders"], "order")
    lines = [
        f"{done} routed ({counts}) in {summary['seconds']:.2f} s; the solution is in {out}.",
        f"Cost: {summary['cost_cents']:,} cents.",
    ]
    if summary["bound_cents"] is not None:
        lines.append(
            f"No plan costs less than {summary['bound_cents']:,} cents: "
            f"this one is at most {summary['gap_pct']:.3f} % above the best."
        )
    return lines


COMMANDS = (
    Command(
        "solve",
        "route a problem from a file of the neutral format, and write the solution; no database is touched",
        "solve instance.json --out solution.json --mode plan",
        solve,
        (
            argument("instance", metavar="INSTANCE.json", help="the problem"),
            argument("--out", required=True, metavar="SOLUTION.json", help="where the solution is written"),
            argument("--mode", choices=("single", "plan"), default="plan", help="one order at a time, or all together (default)"),
            argument("--time-limit", type=seconds, default=SECONDS, metavar="S", help=f"seconds for planning; default: {SECONDS:.0f}"),
        ),
    ),
)  # fmt: skip
