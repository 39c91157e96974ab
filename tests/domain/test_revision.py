"""What does it mean when a channel states an order again?"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.orders import ChannelState, IncomingOrder, OrderStatus, content_hash
from app.domain.revision import Content, Here, Progress, completed, judge
from tests.builders import an_order


def here(order: IncomingOrder, **asked: str) -> Here:
    return Here(order, OrderStatus.OPEN, order.state, content_hash(order), asked)


def test_the_same_again_is_nothing() -> None:
    assert judge(an_order(), here(an_order())).is_nothing


def test_progress_and_content_are_told_apart() -> None:
    shipped = an_order("1001", ("TEA", 9), state=ChannelState.SHIPPED)
    verdict = judge(shipped, here(an_order("1001", ("TEA", 1))))
    assert (verdict.progress, verdict.content) == (Progress.SHIPPED, Content.CHANGED)


def test_a_cancelled_order_needs_no_decision_on_its_content() -> None:
    cancelled = an_order("1001", ("TEA", 9), state=ChannelState.CANCELLED)
    assert judge(cancelled, here(an_order())).content is Content.SETTLED


def test_a_declined_change_is_not_asked_about_again_but_an_applied_one_is() -> None:
    other = an_order("1001", ("TEA", 9))
    version = content_hash(other)
    assert judge(other, here(an_order(), **{version: "declined"})).content is Content.SETTLED
    assert judge(other, here(an_order(), **{version: "applied"})).content is Content.CHANGED


@given(st.permutations([("TEA", 1), ("MUG", 2), ("TEA", 2)]))
def test_the_order_of_lines_and_their_ids_are_no_change(lines: list[tuple[str, int]]) -> None:
    known = an_order("1001", ("TEA", 1), ("MUG", 2), ("TEA", 2))
    stated = an_order("1001", *lines)
    assert judge(replace(stated, has_line_ids=False), here(known)).is_nothing


def test_made_up_ids_give_way_to_the_ids_that_are_known() -> None:
    known = an_order("1001", ("TEA", 1), ("MUG", 2))
    lines = tuple(replace(x, external_id="?" + x.external_id) for x in reversed(known.lines))
    stated = replace(known, lines=lines, has_line_ids=False)
    assert {x.external_id: x.sku_text for x in completed(stated, known).lines} == {
        "1": "TEA", "2": "MUG",
    }  # fmt: skip
