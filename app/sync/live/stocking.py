"""How does a channel learn how many units it may sell?

Only what differs is told. The number that the channel shows is read back first, then its newest sales are
taken in, then the number is worked out: so no sale that the channel has made already is given away
again. Where a channel compares before it sets, a sale in between makes it refuse, and it is done anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.domain.outgoing import Offer
from app.domain.syncing import SyncStep, is_due
from app.services.cases import open_cases
from app.services.syncing import offers, states
from app.sync.live import bulking
from app.sync.live.channel import QuantityReceipt
from app.sync.live.pulling import pull, turned
from app.sync.live.refusals import refused_quantities
from app.sync.live.rhythm import in_rhythm
from app.sync.live.terms import Capability
from app.sync.live.trouble import ChannelError, RejectedError
from app.sync.live.work import Work

LIST_EVERY: Final = timedelta(hours=6)
MOST_A_CYCLE: Final = 2_000


def read_listings(work: Work) -> None:
    """Read what the account offers, all of it, now and then."""
    if not work.traits.takes(Capability.LISTINGS):
        return
    with work.store.read() as db:
        listed_at = states.progress(db, work.id).listed_at
    begun = work.now()
    if not is_due(listed_at, LIST_EVERY, begun):
        return
    token, turns = "", Counter[str]()
    while True:
        page = work.client.listings(token)
        with work.store.write() as db:
            work.keep_lease(db)
            offers.take_listings(db, work.id, page.listings, now=work.now())
        if not page.next:
            break
        token = turned(work, turns, page.next)
    with work.store.write() as db:
        offers.forget_unseen(db, work.id, since=begun)
        states.note(db, work.id, listed_at=begun)


def push(work: Work, seen: offers.Seen | None) -> offers.Seen | None:
    """Tell the numbers that have changed; return what is in them, nothing if some are left."""
    in_bulk = bulking.look(work)
    with work.store.read() as db:
        newest = offers.newest(db)
        moved = offers.stale_offers(db, work.id, now=work.now()) if newest != seen else []
    stale = in_rhythm(work, [each for each in moved if _may_go(work, each, in_bulk)])
    if many := bulking.in_bulk(work, stale):
        pull(work)
        bulking.hand_in(work, many)
        return None
    size = work.traits.push_size
    parts = [stale[at : at + size] for at in range(0, min(len(stale), MOST_A_CYCLE), size)]
    if not parts:
        return newest if not in_bulk else None
    shown = _read_back(work, [offer for part in parts for offer in part])
    pull(work)
    is_done = len(stale) <= MOST_A_CYCLE
    for at, part in enumerate(parts):
        fresh = [replace(offer, shown=shown.get(offer, offer.shown)) for offer in part]
        is_done = _push_part(work, fresh) and is_done
        work.progress(SyncStep.QUANTITIES, min((at + 1) * size, len(stale)), len(stale))
    return newest if is_done and not in_bulk else None


def _may_go(work: Work, offer: Offer, in_bulk: Mapping[Offer, int]) -> bool:
    """Say whether a number is told now; of what goes in bulk already, only what would be oversold."""
    if offer.place in work.traits.keeps:
        return False
    told = [x.quantity for x in in_bulk if (x.sku_text, x.place) == (offer.sku_text, offer.place)]
    return not told or offer.quantity < min(told)


def _read_back(work: Work, stale: Sequence[Offer]) -> Mapping[Offer, int | None]:
    if not work.traits.takes(Capability.READ_QUANTITY):
        return {}
    found: dict[Offer, int | None] = {}
    size = work.traits.push_size
    for at in range(0, len(stale), size):
        found.update(work.client.read_quantities(stale[at : at + size]))
    with work.store.write() as db:
        offers.note_shown(db, work.id, found, now=work.now())
    return found


def _push_part(work: Work, part: Sequence[Offer]) -> bool:
    """Tell one part; return whether all of it was taken."""
    with work.store.write() as db:
        work.keep_lease(db)
        fresh, rows, key = offers.begin_push(db, work.id, part, actor=work.holder, now=work.now())
    if not fresh:
        return True
    work.breaks("quantity.before_send")
    try:
        receipts = work.client.push_quantities(fresh, key)
    except RejectedError as refused:
        receipts = tuple(QuantityReceipt(offer, refused.title) for offer in fresh)
    except ChannelError as trouble:
        with work.store.write() as db:
            offers.give_up_push(db, rows, trouble.title, actor=work.holder, now=work.now())
        raise
    work.breaks("quantity.after_send")
    problems = {each.offer: each.problem for each in receipts if each.problem}
    with work.store.write() as db:
        offers.end_push(db, work.id, rows, problems, actor=work.holder, now=work.now())
        open_cases(db, refused_quantities(work.account.name, problems, rows), now=work.now())
    work.count("quantities", len(fresh) - len(problems))
    return not problems
