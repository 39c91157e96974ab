"""How do a channel's orders come in, without one getting lost at an edge?

A window begins a little before the cursor, because some changes become visible late; it ends at the
channel's own now, never at this computer's. Pages are read to the channel's own end. The cursor moves
in the write unit that stores what it passed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.syncing import SyncStep
from app.errors import DeskError
from app.services.mismatching.strays import note_asked
from app.services.syncing import states
from app.services.syncing.arriving import Page, take_page
from app.sync.live.channel import OrderPage, SeenOrder, Window
from app.sync.live.terms import Capability
from app.sync.live.trouble import (
    ChannelError,
    LimitError,
    OfflineError,
    RejectedError,
    StaleTokenError,
    TransientError,
)
from app.sync.live.work import AT_ONCE, LostLeaseError, Work, where_of

log: Final = logging.getLogger("orderdeck.sync")
MOST_REPEATS: Final = 3
_BREATH: Final = 0.005
_SECOND: Final = timedelta(seconds=1)


def pull(work: Work) -> None:
    """Take in every order that changed since the cursor.

    Raises:
        ChannelError: the channel did not give them; what came before is in.
        LimitError: the channel's list does not reach back far enough; what it has is in.
    """
    window, unreachable = _window(work)
    try:
        _pages(work, window)
    except StaleTokenError:
        _pages(work, _window(work)[0])
    if unreachable is not None:
        raise _out_of_reach(work, unreachable, window.since)


def take(work: Work, seen: Sequence[SeenOrder], cursor: datetime | None = None) -> None:
    """Take orders in, a part at a time; the cursor moves with the last part."""
    parts = [seen[at : at + AT_ONCE] for at in range(0, len(seen), AT_ONCE)] or [()]
    for part in parts:
        _take_part(work, part, cursor if part is parts[-1] else None)
        work.breaks("pull.after_part")
        work.clock.wait(_BREATH)


def sweep(work: Work, open_orders: Sequence[tuple[int, str]]) -> None:
    """Ask for open orders one by one: some changes show nowhere else.

    Raises:
        ChannelError: some could not be read; the others were.
    """
    size, troubles = work.traits.fetch_size, dict[str, ChannelError]()
    for at in range(0, len(open_orders), size):
        part = open_orders[at : at + size]
        seen, unread = fetched(work, [external_id for _, external_id in part])
        take(work, seen)
        troubles |= unread
        there = {each.external_id for each in seen}
        with work.store.write() as db:
            states.note(db, work.id, swept_to=part[-1][0])
            asked = [(order_id, key in there) for order_id, key in part if key not in unread]
            known = [order_id for order_id, is_there in asked if is_there]
            note_asked(db, [order_id for order_id, _ in asked], known, now=work.now())
        work.progress(SyncStep.OPEN_ORDERS, min(at + size, len(open_orders)), len(open_orders))
    for trouble in troubles.values():
        raise trouble


def fetched(
    work: Work, external_ids: Sequence[str]
) -> tuple[tuple[SeenOrder, ...], dict[str, ChannelError]]:
    """Read single orders, and say which the channel has trouble with: one keeps no other from being read.

    One that it does not even look for (an old file knew it by another number) is one that it does not know.
    """
    try:
        return work.client.fetch(external_ids), {}
    except OfflineError:
        raise
    except (RejectedError, TransientError) as trouble:
        if len(external_ids) == 1:
            is_unknown = isinstance(trouble, RejectedError)
            return (), {} if is_unknown else {external_ids[0]: trouble}
    found = [fetched(work, [each]) for each in external_ids]
    unread = {key: why for _, troubles in found for key, why in troubles.items()}
    return tuple(each for seen, _ in found for each in seen), unread


def turned(work: Work, turns: Counter[str], token: str) -> str:
    """Return the token of the next page, as long as the pages come to an end.

    Raises:
        TransientError: this page was to be the next one too often.
    """
    turns[token] += 1
    if turns[token] > MOST_REPEATS:
        raise TransientError(
            f"{work.door.title} turns its pages without end; stopped after "
            f"{MOST_REPEATS} repeats. Nothing was lost.",
            "The desk tries again by itself.",
        )
    return token


def _window(work: Work) -> tuple[Window, datetime | None]:
    """Return what to ask for, and since when orders are out of reach, if some are."""
    with work.store.read() as db:
        cursor = states.progress(db, work.id).cursor
    settle = work.traits.settle
    # Clocks tell whole seconds: what was placed just now may lie in the second that has begun.
    until = work.channel_now() - (settle or -_SECOND)
    first = work.account.since
    since = first if cursor is None else max(first, min(cursor, until) - work.traits.overlap)
    reach = work.traits.reach
    if reach is not None and since < until - reach:
        return Window(until - reach + timedelta(minutes=1), until), since if cursor else None
    return Window(min(since, until), until), None


def _pages(work: Work, window: Window) -> None:
    token, turns, done = "", Counter[str](), 0
    while True:
        page = _page(work, window, token)
        cursor = None
        if page.reached is not None:
            cursor = min(page.reached, work.channel_now() - work.traits.settle)
        take(work, page.orders, cursor)
        done += len(page.orders)
        work.progress(SyncStep.ORDERS, done, max(page.total, done) if page.total else 0)
        work.breaks("pull.after_page")
        if not page.next:
            return
        token = turned(work, turns, page.next)


def _page(work: Work, window: Window, token: str) -> OrderPage:
    try:
        return work.client.pull(window, token)
    except RejectedError as refused:
        if token and not isinstance(refused, StaleTokenError):
            raise StaleTokenError(refused.title, refused.advice, code=refused.code) from refused
        raise


def _take_part(work: Work, part: Sequence[SeenOrder], cursor: datetime | None) -> None:
    """Take a part in at once; if one of it cannot be, one at a time, and keep that one raw."""
    try:
        _write(work, part, cursor)
    except (DeskError, LostLeaseError):
        raise
    except Exception as why:  # noqa: BLE001 - whatever it is, the others go on
        log.warning("a part of a page is taken in one by one: %s", where_of(why))
        for each in part:
            _take_one(work, each)
        _write(work, (), cursor)


def _take_one(work: Work, each: SeenOrder) -> None:
    try:
        _write(work, (each,), None)
    except (DeskError, LostLeaseError):
        raise
    except Exception as why:  # noqa: BLE001 - whatever it is, the others go on
        words = f"this version of Orderdeck cannot take it in ({type(why).__name__})"
        _write(work, (replace(each, order=None, problem=words),), None)


def _write(work: Work, part: Sequence[SeenOrder], cursor: datetime | None) -> None:
    account = work.account
    page = Page(
        work.id, account.name, part, cursor, work.traits.takes(Capability.ACKNOWLEDGE),
        account.since, work.traits.joins_orders,
    )  # fmt: skip
    with work.store.write() as db:
        work.keep_lease(db)
        before = states.progress(db, work.id).cursor
        if cursor is not None and before is not None and cursor < before:
            page = replace(page, cursor=before)
        came = take_page(db, work.actor, page=page, now=work.now())
        work.breaks("pull.before_commit")
    for word, count in came.counts.items():
        work.count(word, count)


def _out_of_reach(work: Work, since: datetime, reached: datetime) -> LimitError:
    first, last = (f"{x.day} {x:%B}" for x in (since, reached))
    return LimitError(
        f"Orders that changed before {last} cannot be fetched from {work.door.title}.",
        f"Import a file of {first} to {last}; everything later is here.",
    )
