"""What are Shopify's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.shopify.client import SCOPES, ShopifyClient
from app.sync.live.adapters import Adapter
from app.sync.live.terms import Budget, Capability, Traits

ADAPTER: Final = Adapter(
    channel="shopify",
    title="Shopify",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        budgets={},
        # A question costs points, and each answer says how many are left: that is kept to exactly
        # (graphql.py). This only keeps a loop from running away.
        together=(Budget(10.0, 20),),
        reach=timedelta(days=60),
        push_size=200,
        fetch_size=10,
    ),
    address="https://{shop}",
    hosts=("*.myshopify.com",),
    fields=(
        Entry("shop", "Store address", "your-store.myshopify.com"),
        Entry("access_token", "Admin API access token", "from the app that you made in the store's "
              "settings under Apps", is_secret=True),
    ),
    permits=SCOPES,
    make=ShopifyClient,
)  # fmt: skip
