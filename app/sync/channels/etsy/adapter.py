"""What are Etsy's terms, and what does its owner enter to connect?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.domain.connecting import Entry
from app.sync.channels.etsy.client import SCOPES, EtsyClient
from app.sync.live.adapters import Adapter, SignIn
from app.sync.live.signing_in import REDIRECT
from app.sync.live.terms import Budget, Capability, Operation, Traits

ADAPTER: Final = Adapter(
    channel="etsy",
    title="Etsy",
    traits=Traits(
        capabilities=frozenset(
            (Capability.CONFIRM, Capability.QUANTITY, Capability.READ_QUANTITY, Capability.LISTINGS)
        ),
        budgets={Operation.SIGN_IN: Budget(0.1, 5)},
        # 10 a second; and 10,000 in any 24 hours: 3,000 at once, and 7,000 more as the day goes on.
        together=(Budget(10.0, 10), Budget(7_000 / 86_400, 3_000)),
        overlap=timedelta(minutes=10),
        sweep=timedelta(minutes=60),  # a cancellation does not move an order's time of change
        push_size=20,
        fetch_size=10,
    ),
    address="https://api.etsy.com",
    hosts=("api.etsy.com", "openapi.etsy.com"),
    fields=(
        Entry(
            "client_id",
            "Keystring",
            f"of your own app on etsy.com/developers; its callback address must be {REDIRECT}",
            is_secret=True,
        ),
        Entry("client_secret", "Shared secret", "from the same page", is_secret=True),
    ),
    permits=SCOPES,
    make=EtsyClient,
    sign_in=SignIn(
        "https://www.etsy.com/oauth/connect",
        "https://api.etsy.com/v3/public/oauth/token",
        tuple(SCOPES),
    ),
    notice="Etsy takes no cancellation and no part of an order from a program: an order is confirmed "
    "once, when all of it has left, and is cancelled in Shop Manager.",
)
