"""How do very many quantities go at once to a channel that works through them by itself?

The bulk is handed in, and each look asks how far it is; nothing waits for it. A number that falls meanwhile
is told by itself at once, because it may be sold; any other waits for the bulk's end. What was told twice is
unknown then, so it is read back. A bulk without an end is given up, and its numbers are told one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from app.domain.outgoing import Offer
from app.domain.syncing import SyncStep
from app.services.cases import open_cases
from app.services.syncing import bulks, offers
from app.services.syncing.bulks import OpenBulk
from app.sync.live.channel import BulkClient
from app.sync.live.refusals import refused_quantities
from app.sync.live.trouble import ChannelError, RejectedError
from app.sync.live.work import Work

# Rows in one write unit, so that the operator's own writes come in between.
_AT_ONCE: Final = 400
_BREATH: Final = 0.005
GIVEN_UP_AFTER: Final = timedelta(minutes=45)


def look(work: Work) -> Mapping[Offer, int]:
    """Settle the bulks that are done, and return what is still being worked through."""
    client = work.client
    with work.store.read() as db:
        waiting = bulks.open_bulks(db, work.id)
    if not waiting or not isinstance(client, BulkClient):
        return {}
    return {
        offer: row for bulk in waiting if not _settled(work, client, bulk)
        for offer, row in bulk.rows.items()
    }  # fmt: skip


def in_bulk(work: Work, stale: Sequence[Offer]) -> Sequence[Offer]:
    """Return what of this goes in bulk, if it is worth one: nothing otherwise."""
    terms = work.traits.bulk
    if terms is None or not isinstance(work.client, BulkClient) or len(stale) < terms.least:
        return ()
    return stale[: terms.most]


def hand_in(work: Work, stale: Sequence[Offer]) -> None:
    """Hand a bulk in; its numbers are worked out right before.

    Raises:
        ChannelError: it was not taken; the numbers are told at the next look.
    """
    client = work.client
    assert isinstance(client, BulkClient)
    rows: dict[Offer, int] = {}
    for part in _parts(stale):
        with work.store.write() as db:
            work.keep_lease(db)
            fresh, begun, _key = offers.begin_push(
                db, work.id, part, actor=work.holder, now=work.now()
            )
        rows |= {offer: begun[offer] for offer in fresh}
        work.clock.wait(_BREATH)
    if not rows:
        return
    work.breaks("bulk.before_send")
    try:
        number = client.hand_in_quantities(list(rows))
    except ChannelError as trouble:
        _give_up(work, rows, trouble.title)
        raise
    work.breaks("bulk.after_send")
    with work.store.write() as db:
        bulks.note_number(db, list(rows.values()), number)
    work.count("quantities_in_bulk", len(rows))


def _settled(work: Work, client: BulkClient, bulk: OpenBulk) -> bool:
    """Look how far a bulk is; write down what became of it once it is done."""
    try:
        refused = client.bulk_outcome(bulk.number)
    except RejectedError as trouble:
        _give_up(work, bulk.rows, trouble.title)
        raise
    if refused is None:
        if work.now() - bulk.sent_at < GIVEN_UP_AFTER:
            return False
        _give_up(work, bulk.rows, f"{work.door.title} has not worked through it for too long.")
        return True
    done = 0
    for part in _parts(list(bulk.rows)):
        rows = {offer: bulk.rows[offer] for offer in part}
        problems = {x: refused[x.sku_text] for x in part if x.sku_text in refused}
        with work.store.write() as db:
            bulks.end_bulk(db, work.id, rows, problems, actor=work.holder, now=work.now())
            open_cases(db, refused_quantities(work.account.name, problems, rows), now=work.now())
        done += len(part)
        work.progress(SyncStep.QUANTITIES, done, len(bulk.rows))
        work.clock.wait(_BREATH)
    work.count("quantities", len(bulk.rows) - len(refused))
    return True


def _give_up(work: Work, rows: Mapping[Offer, int], words: str) -> None:
    for part in _parts(list(rows)):
        told = {offer: rows[offer] for offer in part}
        with work.store.write() as db:
            offers.give_up_push(db, told, words, actor=work.holder, now=work.now())


def _parts(all_of_it: Sequence[Offer]) -> Iterator[list[Offer]]:
    rest = iter(all_of_it)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
