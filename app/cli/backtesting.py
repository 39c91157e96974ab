"""``backtest``: what would have been, had other rules or another policy sheet decided on the past?"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument
from app.cli.promising import HOW_TO_GET_ONE
from app.cli.receipts import receipt
from app.cli.terminal import table
from app.cli.text_files import read_text
from app.cli.wording import counted, money, number
from app.domain.promising.hindsight import Fate, Toll
from app.domain.promising.sheet_file import sheet_from
from app.domain.roles import Permission
from app.errors import RefusedError
from app.services import gate
from app.services.backtesting import proving
from app.services.backtesting.buffers import backtest_buffers, sweep_buffer
from app.services.backtesting.comparing import BufferTest, Sweep
from app.services.backtesting.rules import Backtest, Outcome, backtest_rules

SHOWN = 30
MOST_VALUES = 51
FATES = {Fate.FILLED: "sent", Fate.OVERSOLD: "not there", Fate.NOT_SOLD: "not sold"}


def day(text: str) -> datetime:
    """Read a day, or a moment with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no day; write it as 2026-03-01") from error
    return found.astimezone(UTC)


def span(text: str) -> tuple[str, range]:
    """Read an answer of the sheet with its values: ``buffer_units=0..10``."""
    found = re.fullmatch(r"(\w+)=(\d+)\.\.(\d+)", text)
    values = range(int(found[2]), int(found[3]) + 1) if found else range(0)
    if found is None or not 0 < len(values) <= MOST_VALUES:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no span; write it as buffer_units=0..10, at most {MOST_VALUES} values"
        )
    return found[1], values


def backtest(call: Call) -> Answer:
    """Replay the orders since a day under the rules or the sheet of a file, or sweep one answer."""
    if call.args.rules is not None:
        return _rules(call)
    if call.args.buffers is None and call.args.sweep is None:
        raise RefusedError("Nothing was named to try; nothing was replayed.",
                           "Name a file with --rules or --buffers, or a --sweep.")  # fmt: skip
    return _sweep(call) if call.args.sweep else _buffers(call)


# ---- rules ----------------------------------------------------------------------------------------


def _rules(call: Call) -> Answer:
    text = read_text(call.args.rules, "Name a text file that holds rules.")
    found = call.desk.read(backtest_rules, text=text, since=call.args.since, now=call.desk.now())
    _keep(call, call.desk.read(proving.of_rules, text, found))
    return Answer({**_document(found)}, lambda: _lines(found))


def _keep(call: Call, verdict: Mapping[str, Any]) -> None:
    """Keep a verdict for the gate, where the owner has one."""
    if call.desk.actor.may(Permission.WORK) and call.desk.read(gate.is_gated):
        call.desk.run("keep_backtest", **verdict)


def backtest_gate(call: Call) -> Answer:
    """Say whether a draft has to be back-tested before it may count."""
    return receipt(call.desk.run("set_backtest_gate", is_on=call.args.gate == "on"))


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


# ---- the policy sheet ------------------------------------------------------------------------------


def _buffers(call: Call) -> Answer:
    channels, calendar = sheet_from(read_text(call.args.buffers, HOW_TO_GET_ONE))
    found = call.desk.read(
        backtest_buffers, channels=channels, calendar=calendar, since=call.args.since,
        now=call.desk.now(),
    )  # fmt: skip
    _keep(call, call.desk.read(proving.of_sheet, channels, calendar, found))
    document = {
        "since": found.since, "until": found.until, "orders": found.orders, "lines": found.lines,
        "currency": found.currency, "saved": found.saved, "active": _toll(found.active),
        "draft": _toll(found.draft), "avoided": found.avoided, "lost": found.lost,
        "changed": found.changed, "by_channel": found.by_channel, "by_sku": found.by_sku,
        "blank_days": found.blank, "listing_days": found.listing_days,
        "reproduced": found.alike, "unlike": found.unlike,
    }  # fmt: skip
    return Answer(document, lambda: _buffer_lines(found))


def _toll(found: Toll) -> dict[str, object]:
    return {**asdict(found), "harm": found.harm}


def _buffer_lines(found: BufferTest) -> list[str]:
    coin = found.currency
    said = "would have been spared" if found.saved >= 0 else "more would have been lost"
    rows = [
        (each.number, each.account, each.sku, number(each.units), FATES[each.before],
         FATES[each.after], money(each.worth, coin))
        for each in found.changed[:SHOWN]
    ]  # fmt: skip
    more = len(found.changed) - SHOWN
    asked = f"{counted(found.lines, 'line')} of {counted(found.orders, 'order')}"
    blank = (
        f"On {number(found.blank)} of {number(found.listing_days)} days of a listing it showed 0"
    )
    return [
        f"{asked} asked for again; {money(abs(found.saved), coin)} {said}.",
        "", *table(("", ">In force", ">This sheet"), _tolls(found.active, found.draft, coin)),
        *_shares("Channel", found, "by_channel"), *_shares("SKU", found, "by_sku"),
        *(["", *table(("Order", "Channel", "SKU", ">Units", "In force", "This sheet", ">Worth"), rows)]
          if rows else []),
        *([f"… and {number(more)} more."] if more > 0 else []),
        "",
        f"{blank}: what would have been sold then nobody knows.",
        f"The sheet in force, replayed, ends as it really did for {number(found.alike)} of these lines.",
        *(f"  {each.number}, {each.sku}: {FATES[each.happened]}, replayed {FATES[each.replayed]}: {each.why}."
          for each in found.unlike[:SHOWN]),
    ]  # fmt: skip


def _tolls(before: Toll, after: Toll, coin: str) -> list[tuple[str, str, str]]:
    sides = [_said_toll(each, coin) for each in (before, after)]
    return list(zip(_TOLLS, *sides, strict=True))


_TOLLS = (
    "Orders for what was not there", "Units sold and not there", "Paid for them", "Work on them",
    "Units there and not sold", "Sales lost by that", "Together", "Units held back, a listing",
    "Days of a listing at 0",
)  # fmt: skip


def _said_toll(it: Toll, coin: str) -> tuple[str, ...]:
    return (
        number(it.oversold_orders), number(it.oversold_units), money(it.oversold, coin),
        money(it.work, coin), number(it.unsold_units), money(it.unsold, coin), money(it.harm, coin),
        f"{it.held_back:.2f}", number(it.blank_days),
    )  # fmt: skip


def _shares(head: str, found: BufferTest, name: str) -> list[str]:
    coin = found.currency
    rows = [
        (each.name, number(each.avoided_units), money(each.avoided, coin),
         number(each.unsold_units), money(each.unsold, coin), number(each.blank_days))
        for each in getattr(found, name)[:SHOWN]
    ]  # fmt: skip
    header = (head, ">Not oversold", ">Worth", ">Not sold", ">Worth", ">Days at 0")
    return ["", *table(header, rows)] if rows else []


def _sweep(call: Call) -> Answer:
    name, values = call.args.sweep
    channels, calendar = (
        sheet_from(read_text(call.args.buffers, HOW_TO_GET_ONE)) if call.args.buffers else ({}, None)
    )  # fmt: skip
    found = call.desk.read(
        sweep_buffer, name=name, values=values, channel=call.args.channel, channels=channels,
        calendar=calendar, since=call.args.since, now=call.desk.now(),
    )  # fmt: skip
    document = {
        "name": found.name, "channel": found.channel, "currency": found.currency, "active": _toll(found.now),
        "tried": [{"value": each.value, **_toll(each.toll)} for each in found.tried],
        "knee": found.best.value,
    }  # fmt: skip
    return Answer(document, lambda: _sweep_lines(found))


def _sweep_lines(found: Sweep) -> list[str]:
    coin = found.currency
    rows = [
        (str(each.value) + (" ←" if each == found.best else ""), number(it.oversold_units),
         money(it.oversold + it.work, coin), number(it.unsold_units), money(it.unsold, coin),
         money(it.harm, coin), f"{it.held_back:.2f}")
        for each in found.tried for it in (each.toll,)
    ]  # fmt: skip
    header = (
        f">{found.name}",
        ">Not there",
        ">Cost",
        ">Not sold",
        ">Lost",
        ">Together",
        ">Held back",
    )
    return [*table(header, rows), "", _said_of(found, coin)]


def _said_of(found: Sweep, coin: str) -> str:
    spared = found.now.harm - found.best.toll.harm
    return (
        f"{found.name} = {found.best.value} costs least: {money(found.best.toll.harm, coin)} in all, "
        f"{money(abs(spared), coin)} {'less' if spared >= 0 else 'more'} than the sheet in force."
    )


COMMANDS = (
    Command("backtest", "what would have been, had other rules or another policy sheet decided since a day",
            "backtest --buffers sheet.toml --since 2026-03-01", backtest,
            (argument("--rules", type=Path, metavar="FILE", help="as rules export writes them"),
             argument("--buffers", type=Path, metavar="FILE", help="as policy export writes it"),
             argument("--sweep", type=span, metavar="NAME=A..B",
                      help="try each value of one answer of the sheet: buffer_units=0..10"),
             argument("--channel", default="", metavar="NAME", help="sweep only this channel's answer"),
             argument("--since", type=day, required=True, metavar="DATE", help="orders that came in since then"))),
    Command("gate", "whether a draft has to be back-tested before it may count",
            "gate on", backtest_gate,
            (argument("gate", choices=("on", "off"), help="only drafts that did not come out worse"),)),
)  # fmt: skip
