"""Which order is a payout line about? The one of its channel that the channel calls so."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from app.models.bulk import update_rows
from app.models.orders import channel_accounts, orders
from app.models.payouts import payout_lines


def link_orders(db: Connection) -> int:
    """Find the orders of lines that have none yet, by external id before number; return how many."""
    found: dict[int, int] = {}
    for query in (_BY_NUMBER, _BY_EXTERNAL_ID):
        found.update((row.line, row.order) for row in db.execute(query))
    rows = [{"line": line, "order": order} for line, order in found.items()]
    update_rows(db, _LINK, rows)
    return len(rows)


_line, _theirs, _ours = payout_lines.c, channel_accounts.alias("theirs"), orders.c
_LOOSE = (
    select(_line.id.label("line"), _ours.id.label("order"))
    .join(_theirs, _theirs.c.id == _line.account_id)
    .where(_line.order_id.is_(None), _line.order_ref != "")
    .order_by(_ours.id)
)
_BY_EXTERNAL_ID: Final = _LOOSE.join(
    orders,
    (_ours.external_id == _line.order_ref)
    & _ours.account_id.in_(
        select(channel_accounts.c.id)
        .where(channel_accounts.c.channel == _theirs.c.channel)
        .scalar_subquery()
    ),
)
_BY_NUMBER: Final = _LOOSE.join(
    orders, (_ours.number == _line.order_ref) & (_ours.channel == _theirs.c.channel)
)
_LINK: Final = (
    payout_lines.update()
    .where(payout_lines.c.id == bindparam("line"))
    .values(order_id=bindparam("order"))
)
