"""Is what is suggested really the best of all ways, whatever the order, the shelves and the promises?

Every line is tried at every site, and what comes of it is measured by the words of the specification; the
order of the sites decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing import Reach, Request, RoutingSuggestion, judge, reach, suggest
from app.domain.routing.reaching import LATE
from app.domain.rulebook.effects import Barred, Effects
from tests.builders import MONDAY, RATES, a_pool, a_site

TODAY = MONDAY.date()
SKUS, SITES = (1, 2, 3), (1, 2, 3)
Line = Sequence[tuple[int, int]]
Shares = Mapping[int, Sequence[Claim]]


class Promise(NamedTuple):
    """In how many days the order is to leave and to arrive, and what it costs if it does not."""

    leave: int | None = None
    arrive: int | None = None
    late_ship: int = 0
    late_delivery: int = 0
    late_day: int = 0


class Offer(NamedTuple):
    """What a site offers: its zone, its handling, and in how many days it hands over."""

    zone: int
    handling: int = 0
    leaves: int = 0


class Asked(NamedTuple):
    """What contract and rules say: parcels at most, a site that is barred, a site that is preferred."""

    parcels: int = 3
    barred: int = 0
    preferred: int = 0


PART = st.tuples(st.sampled_from(SKUS), st.integers(1, 3))
LINES = st.lists(  # a kit names each of its parts once
    st.lists(PART, min_size=1, max_size=2, unique_by=lambda part: part[0]), min_size=1, max_size=4
)
STOCK = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from((0, 0, 0, 2))), min_size=9, max_size=9
)
OFFER = st.builds(Offer, st.integers(1, 8), st.integers(0, 900), st.sampled_from((0, 0, 1, 2)))
PROMISE = st.builds(
    Promise, st.none() | st.integers(-1, 1), st.none() | st.integers(0, 7),
    st.sampled_from((0, 400, 2500)), st.sampled_from((0, 500)), st.sampled_from((0, 150)),
)  # fmt: skip
ASKED = st.builds(Asked, st.integers(1, 3), st.integers(0, 3), st.integers(0, 3))


def the_order(lines: Sequence[Line], promise: Promise, asked: Asked) -> Request:
    claims = tuple(
        Claim(number, sku, units) for number, line in enumerate(lines, 1) for sku, units in line
    )
    leave, arrive = (
        None if days is None else TODAY + timedelta(days)
        for days in (promise.leave, promise.arrive)
    )
    effects = Effects(
        never=(Barred(asked.barred, "a rule"),) if asked.barred else (),
        prefer=(asked.preferred,) if asked.preferred else (), rules=("a rule",),
    )  # fmt: skip
    return Request(claims, RATES.standard, leave, arrive, asked.parcels > 1, asked.parcels, effects,
                   50, promise.late_ship, promise.late_delivery, promise.late_day)  # fmt: skip


def the_sites(offers: Sequence[Offer]) -> list[Reach]:
    return [
        reach(a_site(site, f"S{site}", handling=offer.handling), offer.zone,
              TODAY + timedelta(offer.leaves), RATES.standard)
        for site, offer in zip(SITES, offers, strict=True)
    ]  # fmt: skip


def the_pool(stock: Sequence[tuple[int, int]]) -> StockPool:
    cells = dict(zip(product(SKUS, SITES), stock, strict=True))
    there = {sku: {site: cells[sku, site][0] for site in SITES} for sku in SKUS}
    safety = {sku: {site: cells[sku, site][1] for site in SITES} for sku in SKUS}
    return a_pool(there, safety=safety)


def standing(request: Request, sites: Mapping[int, Reach], shares: Shares) -> tuple[int, ...]:
    """Return by what a way stands before others: cost with what is late, parcels, ranks, days, sites."""
    parcels = [judge(request, sites[site], claims, a_pool({})) for site, claims in shares.items()]
    cost = sum(each.cost for each in parcels) + request.parcel_worth * (len(parcels) - 1)
    if request.ship_by is not None and any(each.ships_on > request.ship_by for each in parcels):
        cost += LATE + request.late_ship
    if request.deliver_by is not None:
        days = (max(each.arrives_on for each in parcels) - request.deliver_by).days
        cost += LATE + request.late_delivery + request.late_day * days if days > 0 else 0
    wished = request.asked.prefer
    ranks = sum(
        (0 if each.site_id in wished else 100 * len(wished)) + each.zone for each in parcels
    )
    days_together = sum(each.ships_on.toordinal() for each in parcels)
    return (cost, len(parcels), ranks, days_together, *sorted(shares))


def ways(
    request: Request, reaches: Sequence[Reach], pool: StockPool, *, with_safety: bool
) -> Iterator[Shares]:
    numbers = sorted({claim.line_id for claim in request.claims})
    open_sites = [at.site.id for at in reaches if not request.asked.bars(at.site.id)]
    for chosen in product(open_sites, repeat=len(numbers)):
        at = dict(zip(numbers, chosen, strict=True))
        shares: dict[int, list[Claim]] = {}
        needed: dict[tuple[int, int], int] = {}
        for claim in request.claims:
            site = at[claim.line_id]
            shares.setdefault(site, []).append(claim)
            needed[claim.sku_id, site] = needed.get((claim.sku_id, site), 0) + claim.quantity
        fits = all(
            pool.at[sku][site] - (0 if with_safety else pool.safety[sku][site]) >= units
            for (sku, site), units in needed.items()
        )
        if fits and len(shares) <= request.most_parcels:
            yield shares


def best_way(request: Request, reaches: Sequence[Reach], pool: StockPool) -> tuple[int, ...] | None:
    """Return the best standing; safety stock is used only where the order could not go, or not in time."""
    sites = {at.site.id: at for at in reaches}
    plain, all_of_it = (
        min((standing(request, sites, way) for way in ways(request, reaches, pool, with_safety=also)),
            default=None)
        for also in (False, True)
    )  # fmt: skip
    if all_of_it is not None and (plain is None or plain[0] >= LATE > all_of_it[0]):
        return all_of_it
    return plain


def standing_of(
    answer: RoutingSuggestion, request: Request, reaches: Sequence[Reach]
) -> tuple[int, ...] | None:
    if not answer.is_complete:
        return None
    shares = {parcel.candidate.site_id: parcel.claims for parcel in answer.parcels}
    return standing(request, {at.site.id: at for at in reaches}, shares)


@settings(max_examples=150)
@given(LINES, STOCK, st.tuples(OFFER, OFFER, OFFER), PROMISE, ASKED)
@example(  # two lines both lie at the second site, but together want more than it has
    [[(1, 1)], [(1, 1)], [(1, 3)], [(3, 1)]],
    [(5, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (1, 0)],
    (Offer(1), Offer(1, 1), Offer(1)), Promise(), Asked(),
)  # fmt: skip
@example(  # late from everywhere; but one day late in two parcels costs less than three in one
    [[(1, 1)], [(2, 1)]],
    [(1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (1, 0), (0, 0), (0, 0), (0, 0)],
    (Offer(1), Offer(1), Offer(1, 0, 2)), Promise(arrive=0, late_day=5000), Asked(),
)  # fmt: skip
@example(  # to arrive late is one broken promise, to leave late as well are two
    [[(1, 1)]],
    [(1, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)],
    (Offer(1, 0, 1), Offer(1, 900), Offer(1)), Promise(leave=0, arrive=0), Asked(),
)  # fmt: skip
@example(  # of equals the one that leaves first
    [[(1, 1)]],
    [(1, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)],
    (Offer(1, 0, 1), Offer(1), Offer(1)), Promise(), Asked(),
)  # fmt: skip
def test_no_way_to_ship_an_order_is_better_than_the_suggested_one(
    lines: Sequence[Line], stock: Sequence[tuple[int, int]], offers: Sequence[Offer],
    promise: Promise, asked: Asked,
) -> None:  # fmt: skip
    request, reaches = the_order(lines, promise, asked), the_sites(offers)
    best = best_way(request, reaches, the_pool(stock))
    for in_some_order in (reaches, reaches[::-1]):
        answer = suggest(request, in_some_order, the_pool(stock))
        assert standing_of(answer, request, reaches) == best
