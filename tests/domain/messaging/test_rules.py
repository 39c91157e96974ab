"""No buyer of a marketplace is written to; the own store's buyers are."""

from __future__ import annotations

import pytest

from app.domain.messaging.events import Event
from app.domain.messaging.rules import RULES, may_tell, must_be_allowed
from app.errors import RefusedError
from app.services.policies import DEFAULT_CHANNELS

MARKETPLACES = sorted(
    c for c, policy in DEFAULT_CHANNELS.items() if policy["kind"] == "marketplace"
)


def test_every_channel_has_a_rule_with_its_reason_and_source() -> None:
    assert RULES.keys() == DEFAULT_CHANNELS.keys()
    assert all(rule.why and rule.source for rule in RULES.values())


@pytest.mark.parametrize("channel", [*MARKETPLACES, "a channel of tomorrow"])
@pytest.mark.parametrize("event", list(Event))
def test_buyers_of_a_marketplace_are_never_written_to(channel: str, event: Event) -> None:
    assert not may_tell(channel, event)
    with pytest.raises(RefusedError, match="Nothing was sent"):
        must_be_allowed(channel, event)


def test_shopify_tells_of_parcels_itself_and_is_not_doubled() -> None:
    assert not may_tell("shopify", Event.SHIPPED)
    assert may_tell("shopify", Event.DELAYED)


@pytest.mark.parametrize("channel", ["own", "woocommerce"])
def test_the_own_store_tells_of_everything(channel: str) -> None:
    assert all(may_tell(channel, event) for event in Event)
