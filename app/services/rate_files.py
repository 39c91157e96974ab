"""Take in a file of rates: a new version of the rate tables, the services in it in place of the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from app.domain.rate_tables import RateRow, changed, rows_of, with_rows
from app.domain.roles import Actor
from app.services.planning.rate_versions import rates_now, save_rates


def plan_rates(db: Connection, rows: Sequence[RateRow]) -> tuple[dict[int, str], str]:
    """Return which rows are new, updated or unchanged; or why none of them may be taken."""
    _version, body = rates_now(db)
    try:
        after = with_rows(body, rows)
    except ValueError as error:
        return {}, f"{error}. Nothing was stored."
    before = {(each.service, each.label): each.values for each in rows_of(body)}
    states = {row.source_line: _state(row, before) for row in rows}
    names = changed(body, after)
    if names and "new" not in states.values() and "updated" not in states.values():
        states |= {
            row.source_line: "updated" for row in rows if row.service in names
        }  # one is left out
    return states, ""


def _state(row: RateRow, before: dict[tuple[str, str], tuple[int, ...]]) -> str:
    known = before.get((row.service, row.label))
    return "new" if known is None else "unchanged" if known == row.values else "updated"


def take_rates(
    db: Connection, actor: Actor, rows: Sequence[RateRow], source: str, now: datetime
) -> None:
    """Save the tables; only who may change policies may."""
    said = [
        {"service": each.service, "row": each.row, "grams": each.grams, "values": each.values}
        for each in rows
    ]
    save_rates(db, actor, rows=said, reason=f"From {source}.", now=now)
