"""Where the owner wants it, a draft counts only once a back-test has not shown it to be worse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.roles import SYSTEM, Actor, Role
from app.errors import NotAllowedError, RefusedError
from app.models.governance import audit_entries
from app.models.promising.sheet import sheet
from app.services import gate
from app.services.backtesting import proving
from app.services.backtesting.buffers import backtest_buffers
from app.services.backtesting.rules import backtest_rules
from app.services.promising import sheets
from app.services.rules import rulebooks
from tests.builders import MONDAY, Shop, an_order

SINCE = MONDAY - timedelta(days=1)
DEAR = "rule Tea from the west\n  if sku:TEA\n  ship WEST, else anywhere\n"
FREE = "rule Nothing new\n  if sku:POT\n  ship WEST, else anywhere\n"


@pytest.fixture
def gated(shop: Shop) -> Shop:
    shop.stocked(TEA=(9, 9))
    shop.takes_in(*(an_order(str(n), ("TEA", 1)) for n in range(1, 4)))
    gate.set_backtest_gate(shop.db, SYSTEM, is_on=True, now=MONDAY)
    return shop


def later(hours: int = 1) -> datetime:
    return MONDAY + timedelta(hours=hours)


def try_rules(shop: Shop, text: str) -> None:
    found = backtest_rules(shop.db, text=text, since=SINCE, now=later())
    gate.keep_backtest(shop.db, SYSTEM, **proving.of_rules(shop.db, text, found), now=later())


def try_sheet(shop: Shop, **row: object) -> None:
    found = backtest_buffers(shop.db, channels={"shopify": row}, since=SINCE, now=later())
    verdict = proving.of_sheet(shop.db, {"shopify": row}, None, found)
    gate.keep_backtest(shop.db, SYSTEM, **verdict, now=later())


def activate(shop: Shop, text: str, **named: Any) -> None:
    rulebooks.save_rules(shop.db, SYSTEM, text=text, now=later())
    rulebooks.activate_rules(shop.db, SYSTEM, now=later(2), **named)


def save(shop: Shop, hours: int = 2, row: Any = None, **named: Any) -> None:
    channels = {"shopify": row or {"buffer_units": 1}}
    sheets.save_sheet(shop.db, SYSTEM, channels=channels, now=later(hours), **named)


def test_rules_that_were_not_tried_or_came_out_worse_are_not_put_in_force(gated: Shop) -> None:
    with pytest.raises(RefusedError, match="was not back-tested"):
        activate(gated, FREE)
    try_rules(gated, DEAR)
    with pytest.raises(RefusedError, match="makes things worse"):
        activate(gated, DEAR)
    try_rules(gated, FREE)
    activate(gated, FREE)
    rulebooks.retire_rules(gated.db, SYSTEM, now=later(2))
    rulebooks.activate_rules(gated.db, SYSTEM, version=1, now=later(3))  # what was is no draft


def test_the_owner_lets_a_worse_draft_count_with_a_reason_that_is_kept(gated: Shop) -> None:
    with pytest.raises(RefusedError, match="Nobody has said why"):
        activate(gated, DEAR, anyway=True)
    rulebooks.activate_rules(
        gated.db, SYSTEM, anyway=True, reason="They pack better.", now=later(2)
    )
    entry = audit_entries.c
    kept = gated.db.execute(select(entry.reason).where(entry.action == "activate rules")).scalars()
    assert list(kept) == ["They pack better."]


def test_a_sheet_that_tells_other_numbers_is_tried_against_the_one_that_counts(gated: Shop) -> None:
    with pytest.raises(RefusedError, match="was not back-tested"):
        save(gated)
    save(gated, row={"catch_up_minutes": 20})  # tells nobody another number
    try_sheet(gated, buffer_units=1)
    save(gated, row={"fee_percent": 4})  # and now another sheet counts
    with pytest.raises(RefusedError, match="against what counts now"):
        save(gated)
    try_sheet(gated, buffer_units=1)
    save(gated)
    assert sheet(gated.db).row("shopify").buffer_units == 1


def test_a_verdict_does_not_last_for_ever_and_another_draft_has_none(gated: Shop) -> None:
    try_sheet(gated, buffer_units=1)
    with pytest.raises(RefusedError, match="was not back-tested"):
        save(gated, row={"buffer_units": 2})
    with pytest.raises(RefusedError, match="was not back-tested"):
        save(gated, hours=24 * 8)


def test_only_the_owner_opens_the_gate_and_without_it_nothing_is_asked(gated: Shop) -> None:
    with pytest.raises(NotAllowedError):
        gate.set_backtest_gate(gated.db, Actor("Ada", Role.APPROVER), is_on=False, now=MONDAY)
    gate.set_backtest_gate(gated.db, SYSTEM, is_on=False, now=MONDAY)
    activate(gated, DEAR)
    save(gated)


def test_what_a_sheet_says_of_units_on_their_way_is_tried_like_the_rest(gated: Shop) -> None:
    draft = {"buffer_units": 1, "incoming": "due", "incoming_days": 7}
    try_sheet(gated, buffer_units=1)
    with pytest.raises(RefusedError, match="was not back-tested"):
        save(gated, row=draft)
    try_sheet(gated, **draft)
    save(gated, row=draft)
