"""A person overrides the same thing three times; the desk drafts the rule, and the fourth goes by itself."""

from __future__ import annotations

from app.queries.cases import case_rows
from app.services.rules.learning import drafted_lessons
from tests.builders import an_order
from tests.journeys.driver import DeskDriver

WHY = "The shop adds a tasting card to these."


def open_kinds(shop: DeskDriver) -> list[str]:
    rows = shop.desk.read(case_rows, query="is:open", now=shop.clock)
    return [row.kind for row in rows]


def test_what_is_overridden_three_times_becomes_a_rule_and_the_fourth_goes_by_itself(
    shop: DeskDriver,
) -> None:
    for number in ("1001", "1002", "1003"):
        shop.takes_in(an_order(number, ("MUG-BLUE", 1)))
        assert shop.order(number).suggested == "STUDIO"
        shop.overrides(number, to="SHOP", reason=WHY)
    assert open_kinds(shop) == ["rule_review"]
    (lesson,) = shop.desk.read(drafted_lessons, now=shop.clock)
    assert lesson.rule.condition == "channel:shopify sku:MUG-BLUE"
    assert [each.line for each in lesson.rule.actions] == ["ship SHOP, else anywhere"]
    assert lesson.rule.about == f"Drafted from 3 overrides: {WHY}"
    assert lesson.extra > 0
    assert all(each.extra_days and each.extra_days > 0 for each in lesson.overrides)
    shop.desk.run("learn", pattern=lesson.pattern, in_force=True)
    assert open_kinds(shop) == []
    shop.takes_in(an_order("1004", ("MUG-BLUE", 1)), an_order("1005", ("TEA-001", 1)))
    assert shop.order("1004").suggested == "SHOP"
    assert shop.order("1005").suggested == "STUDIO"  # what the rule does not mean stays as it was
    shop.accepts("1004")
    assert shop.order("1004").decided == "accepted"


def test_what_people_want_to_decide_is_not_drafted_again(shop: DeskDriver) -> None:
    for number in ("1001", "1002", "1003"):
        shop.takes_in(an_order(number, ("MUG-BLUE", 1)))
        shop.overrides(number, to="SHOP", reason=WHY)
    (lesson,) = shop.desk.read(drafted_lessons, now=shop.clock)
    done = shop.desk.run("dismiss_lesson", pattern=lesson.pattern)
    assert open_kinds(shop) == []
    shop.takes_in(an_order("1004", ("MUG-BLUE", 1)))
    shop.overrides("1004", to="SHOP", reason=WHY)
    assert open_kinds(shop) == []
    assert done.undo is not None
    shop.desk.undo(done.undo)
    assert open_kinds(shop) == ["rule_review"]


def test_overruling_the_same_rule_again_and_again_names_the_rule(shop: DeskDriver) -> None:
    shop.desk.run("save_rules", text="rule Mugs here\n  if sku:MUG-*\n  ship STUDIO\n")
    shop.desk.run("activate_rules")
    for number in ("1001", "1002", "1003"):
        shop.takes_in(an_order(number, ("MUG-BLUE", 1)))
        shop.overrides(number, to="SHOP", reason=WHY)
    (lesson,) = shop.desk.read(drafted_lessons, now=shop.clock)
    assert lesson.overruled == "Mugs here"
    shop.desk.run("learn", pattern=lesson.pattern, in_force=True)
    shop.takes_in(an_order("1004", ("MUG-BLUE", 1)))
    assert shop.order("1004").suggested == "SHOP"
