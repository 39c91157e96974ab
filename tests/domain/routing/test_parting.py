"""Is what parcels from several places cost at the least known without a search, and never too high?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.domain.inventory import StockPool
from app.domain.reservation import Claim
from app.domain.routing import Reach, Request, judge
from app.domain.routing.parting import UNKNOWN, apart
from tests.builders import a_pool, a_reach, a_request, a_site

Stock = dict[int, dict[int, int]]
SKUS, SITES = (1, 2, 3), (1, 2, 3)
LINES = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 4)), min_size=1, max_size=4)
STOCK = st.fixed_dictionaries(
    {sku: st.fixed_dictionaries({site: st.integers(0, 6) for site in SITES}) for sku in SKUS}
)
PLACES = st.tuples(*(st.tuples(st.integers(1, 8), st.integers(0, 900)) for _site in SITES))


def the_order(lines: Sequence[tuple[int, int]]) -> Request:
    claims = (Claim(number, sku, units) for number, (sku, units) in enumerate(lines, start=1))
    return a_request(*claims, may_split=True)


def the_sites(places: Sequence[tuple[int, int]]) -> list[Reach]:
    return [
        a_reach(a_site(site, f"S{site}", handling=handling), zone)
        for site, (zone, handling) in zip(SITES, places, strict=True)
    ]


def every_way(request: Request, reaches: Sequence[Reach], pool: StockPool) -> Mapping[int, int]:
    """Return the least cost by number of parcels, every line tried at every site."""
    found: dict[int, int] = {}
    for chosen in product(reaches, repeat=len(request.claims)):
        shares: dict[int, list[Claim]] = {}
        for at, claim in zip(chosen, request.claims, strict=True):
            shares.setdefault(at.site.id, []).append(claim)
        by_site = {at.site.id: at for at in chosen}
        parcels = [judge(request, by_site[site], part, pool) for site, part in shares.items()]
        if all(parcel.missing is None for parcel in parcels):
            cost = sum(parcel.cost for parcel in parcels)
            cost += request.parcel_worth * (len(parcels) - 1)
            found[len(parcels)] = min(cost, found.get(len(parcels), cost))
    return found


@given(LINES, STOCK, PLACES)
def test_no_way_to_ship_apart_costs_less_than_what_is_known_without_a_search(
    lines: Sequence[tuple[int, int]], stock: Stock, places: Sequence[tuple[int, int]]
) -> None:
    request, reaches, pool = the_order(lines), the_sites(places), a_pool(stock)
    known = apart(request, reaches, [(claim,) for claim in request.claims], pool)
    ways = [cost for count, cost in every_way(request, reaches, pool).items() if count > 1]
    assert all(known.least <= cost for cost in ways)


def test_an_order_of_very_many_lines_is_searched() -> None:
    request = the_order([(1, 1)] * 7)
    lines = [(claim,) for claim in request.claims]
    assert apart(request, the_sites([(1, 0)] * 3), lines, a_pool({1: {1: 9}})) == UNKNOWN
