"""What does an owner enter so that USPS can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.usps.client import UspsClient
from app.sync.carriers.usps.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="usps",
    address="https://apis.usps.com",
    hosts=("apis.usps.com", "apis-tem.usps.com"),
    fields=(
        Entry("client_id", "Consumer key", "of your app on developers.usps.com, with Tracking",
              is_secret=True),
        Entry("client_secret", "Consumer secret", "from the same page", is_secret=True),
    ),
    make=UspsClient,
    read=parcels,
    houses=frozenset({"usps"}),
    # What USPS gives every app: sixty questions an hour.
    budgets={Operation.SIGN_IN: Budget(0.1, 3), Operation.TRACK: Budget(60 / 3600, 60)},
)  # fmt: skip
