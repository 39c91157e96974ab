"""Is every number that an account was told the one that the stock and the sheet give, and in order?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.models.catalogue import skus
from app.models.inventory import stock_movements
from app.models.kits import kits_with
from app.models.orders import channel_accounts
from app.models.promising.sheet import Market, market, sheet
from app.models.published import observed_quantities, published_quantities, stale_quantities
from app.services import availability
from app.services.checks.check import MOST, Check, answer
from app.services.promising.planning import Progress, newest_of, progress

# So far the clocks of two desks may be apart before the order of their times says something.
_APART: Final = timedelta(minutes=5)
_AT_ONCE: Final = 5_000
_STATES: Final = frozenset(
    ("withheld", "held", "queued", "sent", "acknowledged", "replaced", "dropped")
)
_LEFT: Final = frozenset(("sent", "acknowledged"))
_pub, _obs = published_quantities.c, observed_quantities.c
_YIELD: Final = {"yield_per": 2_000}


def told(db: Connection) -> Check:
    """Hold every number against the one that is worked out now, and its times against its state."""
    faults = [*_first(_misplaced(db)), *_doubled(db), *_first(_others(db))]
    count = db.execute(select(func.count()).select_from(published_quantities)).scalar_one()
    return answer("quantities told", f"Each of {count:,} numbers told is the right one.", faults)


def shown(db: Connection) -> Check:
    """Look for observations that are no news, or out of order."""
    names = _named()
    query = select(*names, _obs.quantity, _obs.first_seen_at, _obs.last_seen_at)
    rows = db.execute(_joined(query, observed_quantities).order_by(
        _obs.sku_id, _obs.account_id, _obs.id
    )).all()  # fmt: skip
    faults = [f"{_of(row)} was last seen before it was first seen" for row in rows
              if _is_before(row.last_seen_at, row.first_seen_at)]  # fmt: skip
    for one, other in pairwise(rows):
        if (one.sku, one.account) != (other.sku, other.account):
            continue
        if one.quantity == other.quantity:
            faults.append(f"{_of(other)} is kept twice as {other.quantity:,}")
        if _is_before(other.first_seen_at, one.last_seen_at):
            faults.append(f"{_of(other)} was seen before what stands ahead of it")
    return answer("quantities shown", f"Each of {len(rows):,} observations is news.", faults)


def marks(db: Connection) -> Check:
    """Look for marks that say nothing, and for progress ahead of what there is."""
    begun = progress(db)
    newest = int(db.execute(select(func.max(stock_movements.c.id))).scalar() or 0)
    faults = []
    if begun.movement > newest:
        faults.append(f"numbers are said to be worked out up to movement {begun.movement:,}, "
                      f"but there are only {newest:,}")  # fmt: skip
    if begun.policy > sheet(db).version:
        faults.append(f"numbers are said to follow sheet {begun.policy}, which never was")
    said = stale_quantities.c
    count = db.execute(select(func.count()).select_from(stale_quantities)).scalar_one()
    query = select(skus.c.code).join(stale_quantities, said.sku_id == skus.c.id)
    silent = db.execute(query.where(func.trim(said.why) == "").order_by(skus.c.code))
    faults += [f"nothing says why {code} is to be worked out" for code in silent.scalars()]
    return answer("quantities to work out", f"{count:,} SKUs wait to be worked out.", faults)


def _misplaced(db: Connection) -> Iterator[str]:
    """Find rows whose state, number and times do not go together."""
    query = select(*_named(), *_pub).order_by(_pub.id)
    rows = db.execute(_joined(query, published_quantities), execution_options=_YIELD)
    for row in rows:
        if row.state not in _STATES:
            yield f"{_of(row)} is “{row.state}”, which says nothing"
        elif not _fits(row):
            yield f"{_of(row)} is {row.state}, but its number or its times say otherwise"
        elif not _is_in_order((row.computed_at, row.queued_at, row.sent_at, row.acknowledged_at)):
            yield f"{_of(row)} was told before it was worked out"
        elif row.observed_at and (not row.sent_at or _is_before(row.observed_at, row.sent_at)):
            yield f"{_of(row)} was seen before it was told"


def _fits(row: Any) -> bool:
    has_left = row.state in _LEFT
    return (
        (row.after is None) == (row.state == "withheld")
        and has_left == (row.sent_at is not None) == bool(row.destination)
        and (row.state == "acknowledged") == (row.acknowledged_at is not None)
        and (row.queued_at is None or row.state not in ("held", "withheld"))
        and (row.queued_at is not None or row.state not in ("queued", *_LEFT))
        and (row.observed is None) == (row.observed_at is None)
        and (row.export_file_id is None or row.destination == f"file:{row.export_file_id}")
    )


def _doubled(db: Connection) -> list[str]:
    """Find numbers that wait twice: only the newest may."""
    query = select(*_named()).where(_pub.state.in_(("queued", "held")))
    twice = _joined(query, published_quantities).group_by(skus.c.code, channel_accounts.c.name,
                                                          _pub.account_id)  # fmt: skip
    rows = db.execute(twice.having(func.count() > 1).order_by(skus.c.code)).fetchmany(MOST)
    return [f"{_of(row)} waits twice" for row in rows]


def _others(db: Connection) -> Iterator[str]:
    """Find numbers that are not what is worked out now, of SKUs that do not wait for that anyway."""
    begun = progress(db)
    if not begun.at or begun.policy != sheet(db).version:
        return
    there = market(db, now=datetime.fromisoformat(begun.at))
    waits = _waits(db, begun)
    query = select(_pub.sku_id).distinct().order_by(_pub.sku_id)
    settled = [sku for sku in db.execute(query).scalars() if sku not in waits]
    for start in range(0, len(settled), _AT_ONCE):
        yield from _wrong(db, settled[start : start + _AT_ONCE], there)


def _wrong(db: Connection, sku_ids: Sequence[int], there: Market) -> Iterator[str]:
    right = availability.told(db, sku_ids, there)
    codes = dict(db.execute(select(skus.c.id, skus.c.code)).all())
    names = {each.id: each.name for each in there.accounts}
    for (sku, account), row in newest_of(db, sku_ids, with_dropped=True).items():
        units = right.get(account, {}).get(sku)
        if row.state != "dropped" and row.after != units:
            who = f"{codes[sku]} on {names.get(account, '(no account)')}"
            yield f"{who} is told {_units(row.after)}, and {_units(units)} would be right"


def _waits(db: Connection, begun: Progress) -> set[int]:
    """Return the SKUs that are worked out again anyway, with the kits that they are in."""
    move = stock_movements.c
    found = set(db.execute(select(stale_quantities.c.sku_id)).scalars())
    found |= set(db.execute(select(move.sku_id).where(move.id > begun.movement)).scalars())
    return found | kits_with(db, found)


def _named() -> tuple[Any, Any]:
    return skus.c.code.label("sku"), channel_accounts.c.name.label("account")


def _joined(query: Any, table: Any) -> Any:
    return (
        query.select_from(table)
        .join(skus, skus.c.id == table.c.sku_id)
        .join(channel_accounts, channel_accounts.c.id == table.c.account_id)
    )


def _is_in_order(times: Sequence[datetime | None]) -> bool:
    known = [each for each in times if each is not None]
    return not any(_is_before(later, earlier) for earlier, later in pairwise(known))


def _is_before(one: datetime, other: datetime) -> bool:
    return one < other - _APART


def _first(faults: Iterable[str]) -> list[str]:
    return [fault for fault, _n in zip(faults, range(MOST), strict=False)]


def _of(row: Any) -> str:
    return f"the number of {row.sku} on {row.account}"


def _units(number: int | None) -> str:
    return "nothing" if number is None else f"{number:,}"
