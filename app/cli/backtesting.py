"""``backtest``: what would have been, had other rules decided on the orders of the past?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from app.cli.command import Answer, Call, Command, argument
from app.cli.terminal import table
from app.cli.text_files import read_text
from app.cli.wording import counted, money, number
from app.services.backtesting.rules import Backtest, Outcome, backtest_rules

SHOWN = 30


def day(text: str) -> datetime:
    """Read a day, or a moment with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no day; write it as 2026-03-01") from error
    return found.astimezone(UTC)


def backtest(call: Call) -> Answer:
    """Replay the orders since a day under the rules of a file."""
    found = call.desk.read(
        backtest_rules,
        text=read_text(call.args.rules, "Name a text file that holds rules."),
        since=call.args.since,
        now=call.desk.now(),
    )
    return Answer({**_document(found)}, lambda: _lines(found))


def _document(found: Backtest) -> dict[str, object]:
    return {
        "since": found.since, "orders": found.orders, "currency": found.currency, "extra": found.extra,
        "active": found.active, "draft": found.draft, "changed": found.changed,
        "per_rule": [{"rule": rule, "orders": count, "extra": found.per_rule.get(rule, 0)}
                     for rule, count in found.hits.items()],
        "reproduced": found.alike, "unlike": found.unlike,
    }  # fmt: skip


def _lines(found: Backtest) -> list[str]:
    coin = found.currency
    rows = [
        ("Postage and handling", money(found.active.cost, coin), money(found.draft.cost, coin)),
        *((title, number(getattr(found.active, name)), number(getattr(found.draft, name)))
          for name, title in (("parcels", "Parcels"), ("split", "Orders split"), ("late", "Orders late"),
                              ("short", "Lines without stock"))),
    ]  # fmt: skip
    rules = [
        (rule, number(count), money(found.per_rule.get(rule, 0), coin))
        for rule, count in found.hits.items()
    ]
    changed = [
        (each.number, _said(each.before), _said(each.after), money(each.extra, coin), ", ".join(each.rules))
        for each in found.changed[:SHOWN]
    ]  # fmt: skip
    more = len(found.changed) - SHOWN
    return [
        f"{counted(found.orders, 'order')} decided again; {counted(len(found.changed), 'order')} otherwise.",
        "", *table(("", ">In force", ">These rules"), rows),
        *(["", *table(("Rule", ">Orders", ">Difference"), rules)] if rules else []),
        *(["", *table(("Order", "In force", "These rules", ">Difference", "By"), changed)] if changed else []),
        *([f"… and {number(more)} more."] if more > 0 else []),
        "",
        f"The rules in force, replayed, suggest {number(found.alike)} of these as it really was.",
        *(f"  {each.number}: {each.happened or 'nowhere'}, replayed {each.replayed or 'nowhere'}: {each.why}."
          for each in found.unlike[:SHOWN]),
    ]  # fmt: skip


def _said(each: Outcome) -> str:
    return each.places or "nowhere"


COMMANDS = (
    Command("backtest", "what would have been, had other rules decided since a day",
            "backtest --rules rules.txt --since 2026-03-01", backtest,
            (argument("--rules", type=Path, required=True, metavar="FILE", help="as rules export writes them"),
             argument("--since", type=day, required=True, metavar="DATE", help="orders that came in since then"))),
)  # fmt: skip
