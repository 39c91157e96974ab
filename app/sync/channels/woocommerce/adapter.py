"""What are a WooCommerce store's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.woocommerce.client import WooCommerceClient
from app.sync.live.adapters import Adapter
from app.sync.live.terms import Budget, Capability, Traits

ADAPTER: Final = Adapter(
    channel="woocommerce",
    title="WooCommerce",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        budgets={},
        together=(Budget(4.0, 40),),  # the store has no limit of its own; its host may
        push_size=100,
        fetch_size=10,
    ),
    address="https://{shop}",
    hosts=(),
    fields=(
        Entry("shop", "Store address", "shop.example.com"),
        Entry("consumer_key", "Consumer key", "in WooCommerce under Settings, Advanced, REST API; "
              "it needs to read and write", is_secret=True),
        Entry("consumer_secret", "Consumer secret", "shown once, beside the key", is_secret=True),
    ),
    permits={
        "read": "to see orders, products and what the store shows of each",
        "write": "to complete and cancel orders, note tracking numbers, and set stock",
    },
    make=WooCommerceClient,
)  # fmt: skip
