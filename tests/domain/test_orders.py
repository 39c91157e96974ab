"""Which status may follow which, and what counts as a change of an order?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.orders import (
    TRANSITIONS,
    Address,
    ChannelState,
    OrderStatus,
    OrderVerb,
    content_hash,
    transition,
)
from app.errors import RefusedError
from tests.builders import an_order


@given(st.sampled_from(OrderStatus), st.sampled_from(OrderVerb))
def test_every_step_is_in_the_table_or_refused_with_a_sentence(
    status: OrderStatus, verb: OrderVerb
) -> None:
    if (status, verb) in TRANSITIONS:
        assert transition(status, verb) is TRANSITIONS[status, verb]
        return
    with pytest.raises(RefusedError) as refused:
        transition(status, verb)
    assert "Nothing was changed" in refused.value.advice


def test_a_shipped_order_is_never_cancelled() -> None:
    with pytest.raises(RefusedError):
        transition(OrderStatus.SHIPPED, OrderVerb.CANCEL)


def test_the_channels_own_progress_is_no_change_of_the_order() -> None:
    order = an_order()
    paid = replace(order, state=ChannelState.SHIPPED, buyer_email="new@example.com")
    assert content_hash(order) == content_hash(paid)


@pytest.mark.parametrize(
    "change",
    [
        {"total": 999},
        {"ship_to": Address("Ada Example", line1="2 Other Lane")},
        {"lines": an_order("1001", ("TEA", 2)).lines},
        {"lines": an_order("1001", ("MUG", 1)).lines},
        {"discount": 5},
    ],
)
def test_other_money_lines_or_address_is_a_change(change: dict[str, object]) -> None:
    assert content_hash(an_order()) != content_hash(an_order(**change))  # type: ignore[arg-type]
