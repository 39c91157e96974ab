"""``rates``: what services cost by weight and zone, and where they are offered."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument
from app.cli.program import typed
from app.cli.receipts import receipt
from app.cli.rules import previewed
from app.cli.terminal import table, visible
from app.cli.text_files import write_text
from app.domain.rate_tables import LIMITS, NAMES, services, written
from app.domain.toml_text import read_toml
from app.errors import RefusedError
from app.services.planning.rate_versions import preview_rates, rates_now


def rates(call: Call) -> Answer:
    """Show the rate tables."""
    version, body = call.desk.read(rates_now)
    rows = written(body)
    document = {"version": version, "services": services(body), "currency": body["currency"]}
    return Answer(document, lambda: [
        f"Version {version}, {body['currency']}.", "",
        *table(("Service", "Row", *(f">{zone}" for zone in range(1, 10))), rows[1:]),
        "", f"Change them: {typed('rates', 'export', '--out', 'rates.csv')}, edit, {typed('import', 'rates.csv')}",
    ])  # fmt: skip


def export(call: Call) -> Answer:
    """Write the rate tables to a file that is imported again, or show it."""
    version, body = call.desk.read(rates_now)
    text, target = _csv(written(body)), call.args.out
    if target is not None:
        write_text(target, text)
    document = {"version": version, "file": str(target) if target else None, "text": text}
    return Answer(document, lambda: [f"Version {version} is in {visible(str(target))}."]
                  if target else text.splitlines())  # fmt: skip


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def service(call: Call) -> Answer:
    """Say where a service is offered, and what it takes."""
    args = call.args
    limits = {args.service: dict(_limit(text) for text in args.changes)}
    if args.preview:
        found = call.desk.read(preview_rates, limits=limits, now=call.desk.now())
        return Answer(found, lambda: previewed(found))
    return receipt(call.desk.run("save_rates", limits=limits, reason=args.reason))


def currency(call: Call) -> Answer:
    """Say in which currency postage and handling are counted."""
    return receipt(call.desk.run("save_rates", currency=call.args.currency.upper()))


def _limit(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or name not in LIMITS:
        raise RefusedError(f"“{visible(text)}” is nothing that a service says; nothing was changed.",
                           f"Write NAME=VALUE. Names: {', '.join(LIMITS)}.")  # fmt: skip
    if name in NAMES:
        return name, [each.strip() for each in value.split(",") if each.strip()]
    try:
        return name, read_toml(f"value = {value}")["value"]
    except ValueError:
        return name, value


COMMANDS = (
    Command("rates", "what services cost by weight and zone", "rates", rates),
    Command("rates export", "write the rate tables to a file; “import” takes it in again, as CSV or workbook",
            "rates export --out rates.csv", export,
            (argument("--out", type=Path, metavar="FILE", help="default: show it"),)),
    Command("rates service", "say where a service is offered, how fast it ranks, and what it takes",
            "rates service Ground most_g=30000 takes_hazmat=false --preview", service,
            (argument("service", metavar="SERVICE", help="its name"),
             argument("changes", nargs="+", metavar="NAME=VALUE", help=f"of {', '.join(LIMITS)}"),
             argument("--preview", action="store_true", help="only say which orders would change"),
             argument("--reason", default="", metavar="TEXT", help="kept with the version"))),
    Command("rates currency", "say in which currency postage and handling are counted; the numbers stay",
            "rates currency EUR", currency,
            (argument("currency", metavar="CODE", help="its three letters"),)),
)  # fmt: skip
