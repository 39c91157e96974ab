"""What does an owner enter so that Canada Post can be asked, and how often may it be?"""

from __future__ import annotations

from typing import Final

from app.domain.connecting import Entry
from app.sync.carriers.adapters import Carrier
from app.sync.carriers.canadapost.client import CanadaPostClient
from app.sync.carriers.canadapost.mapper import parcels
from app.sync.live.terms import Budget, Operation

CARRIER: Final = Carrier(
    code="canadapost",
    address="https://soa-gw.canadapost.ca",
    hosts=("soa-gw.canadapost.ca", "ct.soa-gw.canadapost.ca"),
    fields=(
        Entry("username", "API user", "the first half of your key in the Developer Program",
              is_secret=True),
        Entry("password", "API password", "its second half", is_secret=True),
    ),
    make=CanadaPostClient,
    read=parcels,
    houses=frozenset({"canadapost"}),
    budgets={Operation.TRACK: Budget(1.0, 20)},
)  # fmt: skip
