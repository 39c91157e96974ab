"""What are Amazon's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.amazon.client import ROLES, AmazonClient
from app.sync.channels.amazon.listings import FBA_PLACE
from app.sync.live.adapters import Adapter
from app.sync.live.terms import Budget, Bulk, Capability, Operation, Traits

ADAPTER: Final = Adapter(
    channel="amazon",
    title="Amazon",
    traits=Traits(
        capabilities=frozenset(Capability) - {Capability.ACKNOWLEDGE},
        # Amazon's usage plans as published; a cancellation, a bulk and a report are three calls each.
        budgets={
            Operation.SIGN_IN: Budget(0.2, 5),
            Operation.CHECK: Budget(0.016, 15),
            Operation.ORDERS: Budget(0.0056, 20),
            Operation.ORDER: Budget(0.5, 30),
            Operation.CONFIRM: Budget(2.0, 10),
            Operation.CANCEL: Budget(0.025, 15),
            Operation.QUANTITY: Budget(5.0, 5),
            Operation.READ_QUANTITY: Budget(5.0, 5),
            Operation.BULK: Budget(0.025, 15),
            Operation.LISTINGS: Budget(0.05, 10),
        },
        overlap=timedelta(minutes=5),
        settle=timedelta(minutes=2),
        push_size=20,
        bulk=Bulk(200, 10_000),  # one by one, 200 take forty seconds
        fetch_size=10,
        keeps=frozenset((FBA_PLACE,)),
    ),
    address="https://sellingpartnerapi-{region}.amazon.com",
    hosts=(
        "sellingpartnerapi-na.amazon.com",
        "sellingpartnerapi-eu.amazon.com",
        "sellingpartnerapi-fe.amazon.com",
        "api.amazon.com",
        "*.amazonaws.com",
    ),
    fields=(
        Entry("region", "Region", "na for America, eu for Europe, fe for the Far East", default="na"),
        Entry("seller_id", "Merchant token", "in Seller Central under Account Info"),
        Entry("marketplace_id", "Marketplace", "such as ATVPDKIKX0DER for amazon.com",
              default="ATVPDKIKX0DER"),
        Entry("client_id", "Client identifier", "of your own application, under Develop Apps",
              is_secret=True),
        Entry("client_secret", "Client secret", "from the same page", is_secret=True),
        Entry("refresh_token", "Refresh token", "from Authorise app, on the same page",
              is_secret=True),
    ),
    permits=ROLES,
    make=AmazonClient,
    notice="Amazon does not allow a program on a desk to be connected unless the seller has an "
    "approved application of their own. Everybody else works with Amazon's files: order reports in, "
    "confirmations out. Buyers' data must be gone thirty days after an order has left.",
)  # fmt: skip
