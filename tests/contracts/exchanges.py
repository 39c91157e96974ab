"""Every request that an adapter sends, and every answer of the loopback marketplace, held against the
channel's own descriptions as it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from app.domain.importing import ListingRow
from app.domain.outgoing import CancelledOrder, Offer
from app.sync.live.channel import BulkClient, OrderRef, Window
from app.sync.live.terms import Capability
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Shop
from tests.contracts.descriptions import Description
from tests.sync.live.practice import Practice, parcel_of
from tests.sync.live.times import START

Known = Callable[[Asked], bool]


@dataclass
class Exchanges:
    """Holds every exchange against the first description that knows its address.

    ``beside`` are addresses that no description has, each with the reason.
    """

    descriptions: Sequence[Description]
    beside: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __call__(self, _shop: Shop, operation: str, asked: Asked, reply: Reply) -> None:
        self.seen.add(operation)
        if any(asked.path.startswith(x) for x in self.beside):
            return
        told = next((x for x in self.descriptions if x.knows(asked.method, asked.path)), None)
        if told is None:
            self.problems.append(f"no description has {asked.method} {asked.path}")
            return
        query = urlencode(asked.query)
        self.problems += told.problems(asked.method, asked.path, query, asked.headers, asked.body)
        if reply.status < 400:
            path, status = asked.path, reply.status
            self.problems += told.answer_problems(asked.method, path, status, reply.data)


def everything_once(opened: Practice) -> None:
    """Ask and tell a channel everything that it takes."""
    client, traits = opened.client, opened.adapter.traits
    first = opened.sell(("MUG", 2), ("MUG", 1), shipping=490, tax=123, buyer="Ada Byron")
    second = opened.sell(("MUG", 1))
    client.check()
    opened.clock.pass_by(traits.settle.total_seconds() + 1)
    until = opened.clock.now() - traits.settle
    window = Window(until.replace(hour=0), until)
    pages, token = [client.pull(window)], ""
    while token := pages[-1].next:
        pages.append(client.pull(window, token))
    client.fetch([first.id, "999999"])
    for sold in (first, second):
        client.acknowledge(OrderRef(sold.id, sold.number), f"acknowledge:{sold.id}")
    line_ids = {x.external_id.partition("/")[0]: x.external_id for p in pages for o in p.orders
                for x in (o.order.lines if o.order else ())}  # fmt: skip
    parcel = parcel_of(first)
    known = tuple(replace(x, external_id=line_ids[x.external_id]) for x in parcel.lines)
    client.confirm(replace(parcel, lines=known), "ship:1")
    assert client.find_confirmation(parcel) is not None
    if traits.takes(Capability.CANCEL):
        order = CancelledOrder(1, second.id, second.number, "out of stock", START)
        client.cancel(order, "cancel:1")
        assert client.find_cancellation(order) is not None
    _quantities(opened)


def _quantities(opened: Practice) -> None:
    row = next(x for x in _listed(opened) if x.sku_text == "MUG")
    offer = Offer(1, row.sku_text, row.listing_id, row.location, row.title, 5, row.quantity)
    (receipt,) = opened.client.push_quantities([offer], "quantity:1")
    assert receipt.problem == ""
    assert opened.client.read_quantities([offer]) == {offer: 5}
    if isinstance(opened.client, BulkClient):
        _bulk(opened, opened.client, offer)


def _bulk(opened: Practice, client: BulkClient, offer: Offer) -> None:
    number = client.hand_in_quantities([replace(offer, quantity=6)])
    assert client.bulk_outcome(number) is None
    opened.clock.pass_by(60)
    assert client.bulk_outcome(number) == {}
    assert client.read_quantities([offer]) == {offer: 6}


def _listed(opened: Practice) -> list[ListingRow]:
    found: list[ListingRow] = []
    token = ""
    while True:
        page = opened.client.listings(token)
        found += page.listings
        token = page.next
        if not token:
            return found
