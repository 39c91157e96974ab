"""What are Walmart's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.walmart.client import PERMITS, WalmartClient
from app.sync.live.adapters import Adapter
from app.sync.live.terms import Budget, Bulk, Capability, Operation, Traits

ADAPTER: Final = Adapter(
    channel="walmart",
    title="Walmart",
    traits=Traits(
        capabilities=frozenset(Capability),
        # By the second and in a row; the suppliers' published table, for the marketplace's own is not.
        budgets={
            Operation.SIGN_IN: Budget(100 / 3600, 20),
            Operation.ORDERS: Budget(1.0, 20),
            Operation.ORDER: Budget(1.0, 30),
            Operation.ACKNOWLEDGE: Budget(12.5, 60),
            Operation.CONFIRM: Budget(12.5, 60),
            Operation.CANCEL: Budget(12.5, 60),
            Operation.QUANTITY: Budget(25.0, 100),
            Operation.READ_QUANTITY: Budget(40.0, 100),
            Operation.BULK: Budget(0.5, 20),
            Operation.LISTINGS: Budget(1.0, 10),
        },
        overlap=timedelta(minutes=5),
        reach=timedelta(days=180),
        acknowledge_within=timedelta(hours=4),
        push_size=50,
        bulk=Bulk(500, 5_000),
        fetch_size=10,
    ),
    address="https://marketplace.walmartapis.com",
    hosts=("marketplace.walmartapis.com",),
    fields=(
        Entry("client_id", "Client ID", "from developer.walmart.com, My API Keys", is_secret=True),
        Entry("client_secret", "Client secret", "from the same page", is_secret=True),
        Entry("ship_node", "Ship node", "only if you have several", is_required=False),
    ),
    permits=PERMITS,
    make=WalmartClient,
)
