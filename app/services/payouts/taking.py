"""Take settlement files in: each line once, however many files state it, and back again whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from app.domain.importing import ParsedFile
from app.domain.payouts.lines import LineType, PayoutLine, line_keys
from app.models.bulk import insert_rows
from app.models.identity import Identity
from app.models.payouts import payout_lines, payouts
from app.models.sets import among
from app.services.foreseeing import chunks
from app.services.importing import account_of
from app.services.payouts import facts
from app.services.payouts.checking import look_at
from app.services.payouts.linking import link_orders

RUNNING: Final = ("etsy-statement",)  # statements of an account, not of one payment
Payout = tuple[str, str]


def plan_lines(db: Connection, parsed: ParsedFile) -> dict[int, str]:
    """Say of each row of a file whether it is new, updated (paid out since) or here already."""
    account_id = account_of(db, parsed.channel)
    known = _known(db, account_id, line_keys(parsed.payouts)) if account_id else {}
    states: dict[int, str] = {}
    for line, key in zip(parsed.payouts, line_keys(parsed.payouts), strict=True):
        state = _state(line, known.get(key))
        before = states.get(line.source_line, "unchanged")
        states[line.source_line] = min(state, before, key=_ORDER.index)
    return states


_ORDER: Final = ("new", "updated", "unchanged")


def _state(line: PayoutLine, row: Any) -> str:
    if row is None or not row.is_live:
        return "new"
    return "updated" if line.payout and row.payout != line.payout else "unchanged"


def take_lines(
    db: Connection, *, parsed: ParsedFile, account_id: int, file_id: int, now: datetime
) -> None:
    """Keep the lines of a file; what is here already stays, but goes to the payout that it is in now."""
    keys = line_keys(parsed.payouts)
    known = _known(db, account_id, keys)
    where = _payouts(db, parsed, account_id, now)
    ids = Identity(db, payout_lines)
    new: list[dict[str, Any]] = []
    for line, key in zip(parsed.payouts, keys, strict=True):
        state = _state(line, known.get(key))
        if state == "unchanged":
            continue
        payout_id = where[line.payout, line.currency]
        if key in known:
            again = {"payout_id": payout_id, "is_live": True}
            if state == "new":
                again |= {"import_file_id": file_id, "raw_line": line.source_line}
            db.execute(payout_lines.update().where(_here(account_id, key)).values(**again))
        else:
            row = _row(line, key, account_id, payout_id, file_id)
            new.append({"id": ids.take(payout_lines), **row})
    insert_rows(db, payout_lines, new)
    link_orders(db)
    facts.learn_fees(db, account_id)
    look_at(db, _orders_of(db, file_id), list(where.values()), now=now)


def _orders_of(db: Connection, file_id: int) -> list[int]:
    """Return the orders that the lines of a file are about."""
    query = select(payout_lines.c.order_id).where(
        payout_lines.c.import_file_id == file_id, payout_lines.c.order_id.is_not(None)
    )
    return list(db.execute(query.distinct()).scalars())


def withdraw_lines(db: Connection, file_id: int, *, now: datetime) -> list[int]:
    """Take back what a file brought; return which lines that were."""
    mine = (payout_lines.c.import_file_id == file_id, payout_lines.c.is_live)
    ids = list(db.execute(select(payout_lines.c.id).where(*mine)).scalars())
    paid = list(db.execute(select(payout_lines.c.payout_id).where(*mine).distinct()).scalars())
    about = _orders_of(db, file_id)
    accounts = db.execute(select(payout_lines.c.account_id).where(*mine).distinct()).scalars().all()
    db.execute(payout_lines.update().where(*mine).values(is_live=False))
    for account_id in accounts:
        facts.learn_fees(db, account_id)
    look_at(db, about, paid, now=now)
    return ids


def _here(account_id: int, key: str) -> Any:
    return (payout_lines.c.account_id == account_id) & (payout_lines.c.key == key)


def _row(
    line: PayoutLine, key: str, account_id: int, payout_id: int, file_id: int
) -> Mapping[str, Any]:
    return {
        "account_id": account_id, "payout_id": payout_id, "order_id": None,
        "order_ref": line.order_ref, "item_ref": line.item_ref, "type": line.type.value,
        "label": line.label, "ref": line.ref, "amount": line.amount, "currency": line.currency,
        "posted_at": line.posted_at, "key": key, "import_file_id": file_id,
        "raw_line": line.source_line, "is_live": True,
    }  # fmt: skip


def _known(db: Connection, account_id: int, keys: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in chunks(keys):
        found.update(
            (row.key, row) for row in db.execute(_BY_KEY, {"account": account_id, "keys": part})
        )
    return found


_BY_KEY: Final = (
    select(payout_lines.c.key, payout_lines.c.is_live, payouts.c.ref.label("payout"))
    .join(payouts, payouts.c.id == payout_lines.c.payout_id)
    .where(payout_lines.c.account_id == bindparam("account"), among(payout_lines.c.key, "keys"))
)


def _payouts(
    db: Connection, parsed: ParsedFile, account_id: int, now: datetime
) -> dict[Payout, int]:
    """Return the payouts that a file names, making those that are new."""
    paid = _paid_at(parsed.payouts)
    rows = db.execute(select(payouts).where(payouts.c.account_id == account_id)).all()
    where = {(row.ref, row.currency): row.id for row in rows}
    dated = {(row.ref, row.currency): row.paid_at for row in rows}
    ids = Identity(db, payouts)
    basis = "running" if parsed.format in RUNNING else "closed"
    for each in paid.keys() - where.keys():
        where[each] = ids.take(payouts)
        ref, currency = each
        values = {"id": where[each], "account_id": account_id, "ref": ref, "currency": currency,
                  "basis": basis, "paid_at": paid[each], "seen_at": now}  # fmt: skip
        db.execute(payouts.insert(), [values])
    for each, at in paid.items():
        if at and dated.get(each, at) != at:
            here = payouts.c.id == where[each]
            db.execute(payouts.update().where(here).values(paid_at=at))
    return where


def _paid_at(lines: Iterable[PayoutLine]) -> dict[Payout, datetime | None]:
    """Return when each payout left: what its own row says, before what its lines say of it."""
    found: dict[Payout, datetime | None] = {}
    sure: set[Payout] = set()
    for line in lines:
        each, is_sure = (line.payout, line.currency), line.type is LineType.TRANSFER
        found.setdefault(each, None)
        if line.paid_at and (is_sure or each not in sure):
            found[each] = line.paid_at
        if is_sure:
            sure.add(each)
    return found
