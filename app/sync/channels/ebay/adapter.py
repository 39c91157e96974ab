"""What are eBay's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.ebay.client import SCOPES, EbayClient
from app.sync.live.adapters import Adapter
from app.sync.live.terms import Budget, Capability, Operation, Traits

ADAPTER: Final = Adapter(
    channel="ebay",
    title="eBay",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        # Quotas are by the day; a burst is what a catch-up may take of it at once.
        budgets={
            Operation.SIGN_IN: Budget(0.2, 5),
            Operation.CHECK: Budget(0.3, 10),
            Operation.ORDERS: Budget(1.0, 200),
            Operation.ORDER: Budget(2.0, 200),
            Operation.CONFIRM: Budget(2.0, 200),
            Operation.CANCEL: Budget(1.0, 20),
            Operation.QUANTITY: Budget(5.0, 200),
            Operation.READ_QUANTITY: Budget(2.0, 100),
            Operation.LISTINGS: Budget(2.0, 100),
        },
        overlap=timedelta(minutes=5),
        reach=timedelta(days=90),
        push_size=25,
        fetch_size=50,
        joins_orders=True,
    ),
    address="https://api.ebay.com",
    hosts=("api.ebay.com", "apiz.ebay.com"),
    fields=(
        Entry("client_id", "App ID", "of your own keyset on developer.ebay.com", is_secret=True),
        Entry("client_secret", "Cert ID", "from the same keyset", is_secret=True),
        Entry("refresh_token", "User token", "the refresh token that eBay shows after you signed in"
              " for your own application", is_secret=True),
    ),
    permits=SCOPES,
    make=EbayClient,
    notice="eBay gives keys only to an application that takes its notices of deleted accounts, or is "
    "exempt from them. A program on a desk cannot take such notices, so this connection is for "
    "sellers with an approved application of their own. Everybody else works with eBay's files: "
    "nothing is missing there but the speed.",
)  # fmt: skip
