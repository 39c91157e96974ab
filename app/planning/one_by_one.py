"""What becomes of the orders if each, in order of arrival, takes what is cheapest for itself?"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.routing.choosing import choose
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Option
from app.domain.routing.shelves import Shelves


def one_by_one(network: Network, orders: Sequence[Wanted], shelves: Shelves) -> dict[int, Option]:
    """Return each order's option by its id; the shelves keep account."""
    in_turn = sorted(orders, key=lambda order: order.turn)
    return {order.id: choose(network, order, shelves) for order in in_turn}
