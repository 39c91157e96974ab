"""Is every question to a carrier one that its own description knows, and every answer of the loopback too?"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sync.loopback.depot import Seen
from tests.contracts.descriptions import Description
from tests.contracts.exchanges import Exchanges
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.carriers.trade import trade
from tests.sync.live.world import sqlite_url

pytestmark = pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)

DESCRIBED = {
    "ups": (Description("carriers/ups/Tracking.yaml", "/api"),
            Description("carriers/ups/OAuthClientCredentials.yaml")),
    "fedex": (Description("carriers/fedex/track_v1_openapi.json"),),
    # (Its own answers state the local time without a zone.)
    "usps": (Description("carriers/usps/tracking_v3.yaml", "/tracking/v3",
                         contradicted=("eventTimestamp",)),),
}  # fmt: skip
BESIDE = {
    "/oauth/token": "FedEx describes its sign-in apart from tracking",
    "/oauth2/v3/token": "USPS describes its sign-in apart from tracking",
}


@pytest.mark.parametrize("carrier", DESCRIBED)
def test_questions_and_answers_are_as_the_carrier_describes_them(
    tmp_path: Path, carrier: str
) -> None:
    held = Exchanges(DESCRIBED[carrier], BESIDE)
    with trade(sqlite_url(tmp_path), carrier, witness=held) as made:
        known, unknown = made.ship(2)
        made.scan(known, Seen.LABEL, Seen.PICKED_UP, Seen.MOVING, Seen.OUT, Seen.DELIVERED)
        made.later(0)
        assert (made.status(known), made.status(unknown)) == ("delivered", "")
    assert held.problems == []
    assert held.seen == {"sign_in", "track"}
