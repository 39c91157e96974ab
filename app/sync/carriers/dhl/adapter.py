"""What does an owner enter so that DHL can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.dhl.client import DhlClient
from app.sync.carriers.dhl.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="dhl",
    address="https://api-eu.dhl.com",
    hosts=("api-eu.dhl.com",),
    fields=(
        Entry("api_key", "API key", "of your app on developer.dhl.com, with Shipment Tracking – Unified",
              is_secret=True),
    ),
    make=DhlClient,
    read=parcels,
    houses=frozenset({"dhl_universal", "dhl_express", "dhl_parcel_de"}),
    # What DHL gives at first: 250 questions a day, one in five seconds.
    budgets={Operation.TRACK: Budget(250 / 86_400, 50)},
    together=(Budget(0.2, 1),),
)  # fmt: skip
