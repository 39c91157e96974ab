"""What does an owner enter so that EasyPost can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.easypost.client import EasyPostClient
from app.sync.carriers.easypost.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="easypost",
    address="https://api.easypost.com",
    hosts=("api.easypost.com",),
    fields=(Entry("api_key", "API key", "the production key from easypost.com", is_secret=True),),
    make=EasyPostClient,
    read=parcels,
    houses=frozenset(),
    budgets={Operation.CHECK: Budget(0.5, 5), Operation.TRACK: Budget(2.0, 20)},
    notice="EasyPost asks many carriers for you, and takes a small fee for each parcel that did not get its "
    "label there. It is asked about the parcels of all carriers that you do not connect themselves.",
)
