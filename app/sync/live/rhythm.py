"""Which numbers go to a channel now, and which wait for their band's rhythm?

What is less than a channel shows goes at once, whatever its rhythm: it may be sold. What is more, of goods that
sell slowly, may wait, so that they go together.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.outgoing import Offer
from app.domain.promising.goods import BANDS
from app.domain.syncing import due_bands
from app.services.syncing import offers, states
from app.sync.live.work import Work


def in_rhythm(work: Work, stale: Sequence[Offer]) -> list[Offer]:
    """Return what of this is told now, and remember the bands of which all is told."""
    rhythms = work.account.rhythms
    if not rhythms:
        return list(stale)
    with work.store.read() as db:
        bands = offers.bands(db, {each.sku_id for each in stale}, now=work.now())
        told_at = states.progress(db, work.id).bands_told
    due = due_bands(BANDS, rhythms, told_at, work.now())
    if newly := {band for band in due if band in rhythms}:
        told = {**told_at, **dict.fromkeys(newly, work.now())}
        with work.store.write() as db:
            said = {band: at.isoformat() for band, at in told.items()}
            states.note(db, work.id, bands_told=said)
    return [x for x in stale if _is_less(x) or bands.get(x.sku_id, BANDS[0]) in due]


def _is_less(offer: Offer) -> bool:
    return offer.shown is None or offer.quantity < offer.shown
