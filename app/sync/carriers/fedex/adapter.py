"""What does an owner enter so that FedEx can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.fedex.client import AT_ONCE, FedexClient
from app.sync.carriers.fedex.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="fedex",
    address="https://apis.fedex.com",
    hosts=("apis.fedex.com", "apis-sandbox.fedex.com"),
    fields=(
        Entry("client_id", "API key", "of your project on developer.fedex.com, with the Track API",
              is_secret=True),
        Entry("client_secret", "Secret key", "from the same page", is_secret=True),
    ),
    make=FedexClient,
    read=parcels,
    houses=frozenset({"fedex"}),
    budgets={Operation.SIGN_IN: Budget(0.1, 3), Operation.TRACK: Budget(1.0, 10)},
    at_once=AT_ONCE,
)  # fmt: skip
