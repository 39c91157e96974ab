"""What do rules ask of an order, and who said so?"""

from __future__ import annotations

from hypothesis import given

from app.domain.rulebook.effects import Barred, Effects, Otherwise
from app.domain.rulebook.facts import OrderFacts
from tests.domain.rulebook.builders import line, order, runner
from tests.domain.rulebook.strategies import ORDERS, books

POTS = order(line("POT-1", 2), channel="etsy", tags=("rush",))


def test_no_rules_ask_nothing() -> None:
    assert runner("").run(POTS) == Effects()


def test_the_first_rule_to_answer_counts_and_what_adds_up_adds_up() -> None:
    found, steps = runner("""
        rule Pots
          if sku:POT-*
          ship STUDIO, else RENO, else wait
          never AUSTIN
          tag fragile
        rule Etsy
          if channel:etsy
          ship AUSTIN
          tag handmade
          never @3pl
    """).trace(POTS)
    assert found.tiers == ((1,), (2,))
    assert (found.tiers_by, found.otherwise) == ("Pots", Otherwise.WAIT)
    assert found.never == (Barred(3, "Pots"), Barred(2, "Etsy"))
    assert found.deeds.tags == ("fragile", "handmade")
    assert steps[1].left == (("ship AUSTIN, else anywhere", "Pots"),)
    assert steps[1].did == ("tag handmade", "never @3pl")


def test_a_rule_reads_the_order_as_the_rule_before_left_it() -> None:
    found = runner("""
        rule Mark
          if channel:etsy
          tag gift
          untag rush
        rule Gifts
          if tag:gift -tag:rush
          service Two-day
        rule Fast
          if service:two-day
          priority 5
    """).run(POTS)
    assert found.rules == ("Mark", "Gifts", "Fast")
    assert (found.service, found.priority) == ("Two-day", 5)
    assert (found.deeds.tags, found.deeds.untags) == (("gift",), ("rush",))


def test_stop_ends_it_and_the_trace_says_so() -> None:
    found, steps = runner("""
        rule First
          if always
          parcels 1
          stop
        rule Second
          if always
          hold Why?
    """).trace(POTS)
    assert (found.max_parcels, found.hold) == (1, "")
    assert steps[1].unmet == "“First” stopped before it"


def test_a_rule_that_is_off_or_cannot_be_read_is_not_asked() -> None:
    found = runner(
        "rule A\n off\n if always\n tag a\nrule B\n if flavour:mint\n tag b\nrule C\n tag c"
    )
    assert found.rules == ()


def test_a_location_that_is_gone_is_left_out_of_a_rule() -> None:
    found = runner("rule A\n if always\n ship GONE, else RENO\n never GONE").run(POTS)
    assert (found.tiers, found.never) == (((2,),), ())


def test_what_was_done_once_is_not_done_again() -> None:
    deeds = runner("rule A\n if always\n tag a b\n hold Why?\n note Hm.").run(POTS).deeds
    left = deeds.without(frozenset(("tag a", "hold Why?")))
    assert (left.tags, left.hold, left.notes) == (("b",), "", ("Hm.",))
    assert deeds.without(frozenset(deeds.words)).words == ()


@given(books(), ORDERS)
def test_a_trace_asks_what_a_run_asks(text: str, facts: OrderFacts) -> None:
    rules = runner(text)
    found, steps = rules.trace(facts)
    assert found == rules.run(facts)
    assert tuple(step.rule for step in steps if step.is_met) == found.rules
    assert len(steps) == len(rules.rules)
