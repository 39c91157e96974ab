"""What does an owner enter so that UPS can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.ups.client import UpsClient
from app.sync.carriers.ups.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="ups",
    address="https://onlinetools.ups.com",
    hosts=("onlinetools.ups.com", "wwwcie.ups.com"),
    fields=(
        Entry("client_id", "Client ID", "of your app on developer.ups.com, with Tracking added to it",
              is_secret=True),
        Entry("client_secret", "Client secret", "from the same page", is_secret=True),
    ),
    make=UpsClient,
    read=parcels,
    houses=frozenset({"ups"}),
    budgets={Operation.SIGN_IN: Budget(0.1, 5), Operation.TRACK: Budget(2.0, 20)},
)  # fmt: skip
