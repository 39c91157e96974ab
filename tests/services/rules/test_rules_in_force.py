"""Rules in force decide where orders go, once, and leave alone what a person decided."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.changes import Changes
from app.domain.orders import Address
from app.domain.roles import SYSTEM
from app.domain.rulebook.text import parsed, written
from app.errors import NotFoundError, RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, routing_suggestions
from app.models.orders import holds, order_notes, order_tags, orders, reservations
from app.models.rules import rulebooks
from app.services import deciding, holding, tagging, withdrawing
from app.services.rules import answering, looking, previewing
from app.services.rules import rulebooks as books
from tests.builders import Shop, an_order

EAST, WEST = 1, 2
TEA_WEST = "rule Tea from the west\n  if ANY(sku:TEA)\n  ship WEST, else EAST\n"


def in_force(shop: Shop, text: str) -> Changes:
    books.save_rules(shop.db, SYSTEM, text=text, now=shop.now)
    return books.activate_rules(shop.db, SYSTEM, now=shop.now)


def order_id(shop: Shop, number: str = "1001") -> int:
    return int(shop.db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one())


def suggested(shop: Shop, number: str = "1001") -> list[int | None]:
    query = select(reservations.c.suggested_location_id).where(
        reservations.c.order_id == order_id(shop, number)
    )
    return list(shop.db.execute(query.order_by(reservations.c.id)).scalars())


def told(shop: Shop, number: str = "1001") -> dict[str, object]:
    query = select(routing_suggestions.c.explanation).where(
        routing_suggestions.c.order_id == order_id(shop, number),
        routing_suggestions.c.state == "open",
    )
    return dict(shop.db.execute(query).scalar_one())


def asked_again(shop: Shop, *numbers: str) -> Changes:
    ids = [order_id(shop, number) for number in numbers or ("1001",)]
    return answering.apply_rules(shop.db, SYSTEM, order_ids=ids, now=shop.now)


def test_a_new_order_is_suggested_as_the_rules_ask(shop: Shop) -> None:
    in_force(shop, TEA_WEST)
    shop.stocked(TEA=(5, 1), MUG=(5, 5))
    shop.takes_in(an_order("1001"), an_order("1002"), an_order("1003", ("MUG", 1)))
    # The west has one; the next goes on to the second tier, and the third is no tea.
    assert [suggested(shop, n) for n in ("1001", "1002", "1003")] == [[WEST], [EAST], [EAST]]
    assert told(shop)["rules"] == {"version": 1, "met": ["Tea from the west"]}


def test_a_rule_keeps_a_location_out_and_the_suggestion_says_so(shop: Shop) -> None:
    in_force(shop, "rule Not here\n  if channel:shopify\n  never EAST\n")
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"))
    assert suggested(shop) == [WEST]
    (east,) = [each for each in told(shop)["candidates"] if each["location"] == EAST]  # type: ignore[attr-defined]
    assert east["rule"] == "Not here"


def test_an_order_waits_where_the_rules_leave_no_location(shop: Shop) -> None:
    in_force(shop, "rule West alone\n  if always\n  ship WEST, else wait\n")
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001"))
    assert suggested(shop) == [None]
    kinds = shop.db.execute(select(exception_cases.c.kind)).scalars().all()
    assert kinds == ["no_location"]


def test_a_rule_never_widens_what_a_channel_allows_but_may_narrow_it(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0), MUG=(0, 1))
    shop.takes_in(an_order("1001", ("TEA", 1), ("MUG", 1)))
    assert suggested(shop) == [EAST, WEST]
    in_force(shop, "rule In one parcel\n  if always\n  parcels 1\n")
    asked_again(shop)
    assert suggested(shop).count(None) == 1


def test_a_service_that_a_rule_asks_for_goes_with_the_parcel(shop: Shop) -> None:
    in_force(shop, "rule Fast\n  if tag:vip OR total:>5\n  service Two-day\n")
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"))
    assert told(shop)["service"] == "Two-day"
    deciding.accept(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    assert shop.db.execute(select(fulfilment_orders.c.service)).scalar_one() == "Two-day"


def test_a_rule_acts_on_the_order_once(shop: Shop) -> None:
    in_force(
        shop,
        """
        rule Islands
          if is:remote
          tag island
          note Book the ferry.
          hold Ask for the ferry first.
          assign Owner
    """,
    )
    away = Address("Ada", "", "1 Road", city="Honolulu", state="HI", postcode="96801", country="US")
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001", ship_to=away), an_order("1002"))
    tags = select(order_tags.c.order_id, order_tags.c.tag)
    assert shop.db.execute(tags).all() == [(order_id(shop), "island")]
    assert shop.db.execute(select(order_notes.c.text)).scalars().all() == ["Book the ferry."]
    assert shop.db.execute(select(holds.c.code)).scalars().all() == ["BY_RULE"]
    row = shop.db.execute(select(orders).where(orders.c.id == order_id(shop))).one()
    assert (row.is_held, row.assigned_to) == (True, "Owner")
    # What a person takes back stays taken back, however often the rules are asked.
    holding.release(shop.db, SYSTEM, order_ids=[order_id(shop)], reason="Booked.", now=shop.now)
    tagging.untag_orders(shop.db, SYSTEM, order_ids=[row.id], tag="island", now=shop.now)
    asked_again(shop)
    assert shop.db.execute(tags).all() == []
    assert not shop.db.execute(select(orders.c.is_held).where(orders.c.id == row.id)).scalar_one()
    assert len(shop.db.execute(select(order_notes.c.id)).all()) == 1
    assert shop.db.execute(select(exception_cases.c.state)).scalars().all() == ["resolved"]


def test_a_case_that_a_rule_opens_is_settled_by_a_look(shop: Shop) -> None:
    in_force(shop, "rule Look\n  if always\n  case Check the gift card\n")
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"))
    row = shop.db.execute(select(exception_cases)).one()
    assert (row.kind, row.title) == ("rule_asks", "Order 1001: Check the gift card")
    answering.answer_rules(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    assert shop.db.execute(select(exception_cases.c.state)).scalar_one() == "resolved"
    asked_again(shop)
    assert len(shop.db.execute(select(exception_cases.c.id)).all()) == 1


def test_a_preview_writes_nothing_and_says_what_asking_again_then_does(shop: Shop) -> None:
    shop.stocked(TEA=(9, 2), MUG=(9, 9))
    shop.takes_in(*(an_order(str(n)) for n in range(1001, 1005)), an_order("1005", ("MUG", 1)))
    deciding.accept(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    before = shop.db.execute(select(reservations)).all()
    found = previewing.preview(shop.db, text=TEA_WEST, now=shop.now)
    assert shop.db.execute(select(reservations)).all() == before
    assert (found.asked, found.left) == (4, 1)
    assert [(m.number, m.before, m.after) for m in found.moved] == [
        ("1002", "East", "West"), ("1003", "East", "West"),
    ]  # fmt: skip
    assert found.hits == {"Tea from the west": 3}
    in_force(shop, TEA_WEST)
    done = answering.apply_rules(
        shop.db, SYSTEM, order_ids=[*found.order_ids, order_id(shop)], now=shop.now
    )
    assert [suggested(shop, n) for n in ("1002", "1003", "1004")] == [[WEST], [WEST], [EAST]]
    assert done.skipped[0].reason == "it is accepted"
    assert found.extra == sum(
        shop.db.execute(
            select(routing_suggestions.c.cost).where(
                routing_suggestions.c.order_id == each.order_id,
                routing_suggestions.c.state == "open",
            )
        ).scalar_one() - each.cost_before
        for each in found.moved
    )  # fmt: skip
    assert previewing.preview(shop.db, text=TEA_WEST, now=shop.now).moved == ()


def test_one_version_is_in_force_and_any_can_be_put_in_force_again(shop: Shop) -> None:
    first = in_force(shop, TEA_WEST)
    second = in_force(shop, TEA_WEST.replace("WEST, else EAST", "EAST"))
    states = [(row.version, row.state) for row in looking.rulebook_rows(shop.db)]
    assert states == [(2, "active"), (1, "archived")]
    assert second.undo is not None
    assert second.undo.arguments == {"version": 1, "undoes": 2}
    books.activate_rules(shop.db, SYSTEM, now=shop.now, version=1)
    assert looking.version_of(shop.db).version == 1
    assert first.undo is not None
    assert first.undo.operation == "retire_rules"
    books.retire_rules(shop.db, SYSTEM, now=shop.now)
    with pytest.raises(NotFoundError):
        looking.version_of(shop.db)


def test_a_draft_is_kept_changed_and_thrown_away(shop: Shop) -> None:
    books.save_rules(shop.db, SYSTEM, text=TEA_WEST, now=shop.now, reason="Try it")
    changed = books.save_rules(shop.db, SYSTEM, text="rule A\n  tag a\n", now=shop.now)
    assert changed.undo is not None
    assert changed.undo.arguments["text"] == written(parsed(TEA_WEST))
    assert [row.state for row in looking.rulebook_rows(shop.db)] == ["draft"]
    with pytest.raises(RefusedError, match="cannot be put in force") as refused:
        books.activate_rules(shop.db, SYSTEM, now=shop.now)
    assert "A: It says for no order" in refused.value.advice
    books.discard_rules(shop.db, SYSTEM, now=shop.now)
    assert looking.rulebook_rows(shop.db) == ()


def test_an_undo_out_of_order_leaves_what_others_wrote_since(shop: Shop) -> None:
    def undo(done: Changes) -> None:
        assert done.undo is not None
        said: dict[str, Any] = done.undo.arguments
        getattr(books, done.undo.operation)(shop.db, SYSTEM, now=shop.now, **said)

    books.save_rules(shop.db, SYSTEM, text=TEA_WEST, now=shop.now)
    discarded = books.discard_rules(shop.db, SYSTEM, now=shop.now)
    others = books.save_rules(shop.db, SYSTEM, text=TEA_WEST.replace("TEA", "MUG"), now=shop.now)
    with pytest.raises(RefusedError, match="changed since; nothing was undone"):
        undo(discarded)
    active = books.activate_rules(shop.db, SYSTEM, now=shop.now)
    newer = books.save_rules(shop.db, SYSTEM, text=TEA_WEST, now=shop.now)
    with pytest.raises(RefusedError, match="changed since; nothing was undone"):
        undo(others)
    later = books.activate_rules(shop.db, SYSTEM, now=shop.now)
    with pytest.raises(RefusedError, match="Other rules are in force by now"):
        undo(active)
    undo(later)
    undo(active)  # one after the other, everything can be taken back
    assert books.current(shop.db, "active") is None
    with pytest.raises(NotFoundError):
        undo(newer)


def test_a_rule_that_names_what_is_not_there_is_not_put_in_force(shop: Shop) -> None:
    books.save_rules(shop.db, SYSTEM, text="rule A\n  if always\n  ship MOON\n", now=shop.now)
    with pytest.raises(RefusedError) as refused:
        books.activate_rules(shop.db, SYSTEM, now=shop.now)
    assert "There is no location “MOON”." in refused.value.advice


def test_two_versions_cannot_be_in_force_whoever_writes_them(shop: Shop) -> None:
    in_force(shop, TEA_WEST)
    row = {"id": 9, "version": 9, "state": "active", "text": "", "reason": "", "written_by": "x",
           "written_at": shop.now}  # fmt: skip
    with pytest.raises(IntegrityError), shop.db.begin_nested():
        shop.db.execute(rulebooks.insert(), [row])


def test_a_trace_says_what_became_of_each_rule(shop: Shop) -> None:
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"))
    text = TEA_WEST + "rule Mugs\n  if sku:MUG\n  tag mug\n"
    found = looking.trace(shop.db, text=text, number="1001", now=shop.now)
    assert [(s.rule, s.is_met, s.unmet) for s in found.steps] == [
        ("Tea from the west", True, ""), ("Mugs", False, "sku:MUG"),
    ]  # fmt: skip
    assert looking.how_many(shop.db, condition="sku:TEA", now=shop.now) == 1
    assert looking.findings(shop.db, text=text, now=shop.now) == ()


def test_a_claim_is_fulfilled_once_whoever_asks(shop: Shop) -> None:
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"))
    deciding.accept(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    line = shop.db.execute(select(fulfilment_order_lines)).one()
    with pytest.raises(IntegrityError), shop.db.begin_nested():
        shop.db.execute(fulfilment_order_lines.insert(), [{**line._asdict(), "id": 99}])
    withdrawing.withdraw(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    deciding.accept(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    live = select(fulfilment_order_lines.c.is_live).order_by(fulfilment_order_lines.c.id)
    assert shop.db.execute(live).scalars().all() == [False, True]


@pytest.mark.parametrize("retired", [True, False], ids=["retired", "rewritten"])
def test_a_hold_that_no_rule_asks_for_any_more_is_lifted(shop: Shop, retired: bool) -> None:
    in_force(shop, "rule Wait\n  if always\n  hold Ask first.\n")
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001"), an_order("1002"))
    holding.hold(
        shop.db, SYSTEM, order_ids=[order_id(shop, "1002")], reason="By hand", now=shop.now
    )
    assert answering.held_by_rules(shop.db) == [order_id(shop, "1001"), order_id(shop, "1002")]
    if retired:
        books.retire_rules(shop.db, SYSTEM, now=shop.now)
    else:
        other = "rule Tag\n  if always\n  tag seen\n"
        found = previewing.preview(shop.db, text=other, now=shop.now)
        assert "lift the hold" in found.moved[0].did
        in_force(shop, other)
    asked_again(shop, "1001", "1002")
    held = dict(shop.db.execute(select(orders.c.number, orders.c.is_held)).all())
    assert held == {"1001": False, "1002": True}, "what a person holds stays on hold"
    assert answering.held_by_rules(shop.db) == []


def test_an_order_that_looks_like_another_one_is_told_apart_on_whichever_channel(
    shop: Shop,
) -> None:
    in_force(shop, "rule Twice\n  if is:duplicate\n  hold Ask the buyer whether both are meant.\n")
    shop.stocked(TEA=(9, 9), MUG=(9, 9))
    shop.takes_in(an_order("1"), an_order("2", ("MUG", 1)), an_order("3", channel="walmart"))
    shop.takes_in(an_order("4"))
    held = select(orders.c.number).where(orders.c.is_held).order_by(orders.c.number)
    assert list(shop.db.execute(held).scalars()) == ["3", "4"], "of one file, and of another"
    asked_again(shop, "1", "2")
    assert list(shop.db.execute(held).scalars()) == ["1", "3", "4"], "seen from the first too"
    assert looking.how_many(shop.db, condition="is:duplicate", now=shop.now) == 3


def test_a_margin_is_asked_of_the_order_and_of_its_lines(shop: Shop) -> None:
    shop.db.execute(skus.update().where(skus.c.code == "TEA").values(cost=900))
    shop.db.execute(skus.update().where(skus.c.code == "MUG").values(cost=200))
    shop.stocked(TEA=(9, 9), MUG=(9, 9))
    shop.takes_in(an_order("1", ("TEA", 1)), an_order("2", ("TEA", 1), ("MUG", 1)))
    count = {text: looking.how_many(shop.db, condition=text, now=shop.now)
             for text in ("rate:10", "rate:>40", "rate:<40", "ANY(margin:>5)", "tax:0")}  # fmt: skip
    assert list(count.values()) == [1, 1, 1, 1, 2]
