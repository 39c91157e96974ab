"""What does the linter find, and is it always so?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.rulebook.conditions import compiled, read
from app.domain.rulebook.effects import Effects
from app.domain.rulebook.examples import example
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.findings import NOTHING_KNOWN, Finding, History, References
from app.domain.rulebook.linting import lint
from app.domain.rulebook.logic import implies, is_impossible
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Runner
from tests.domain.rulebook.builders import PLACES, book
from tests.domain.rulebook.strategies import CONDITIONS, ORDERS, books

MANY = settings(max_examples=80)
SEVERAL = st.lists(ORDERS, min_size=1, max_size=15)


def found(text: str, known: References = NOTHING_KNOWN) -> list[tuple[Finding, str, str]]:
    return [(each.kind, each.rule, each.other) for each in lint(book(text), known)]


@pytest.mark.parametrize(
    "condition",
    [
        "state:TN state:AL",
        "qty:>5 qty:<3",
        "sku:MUG-1 NONE(sku:MUG-*)",
        "ALL(sku:MUG-*) ANY(sku:POT-*)",
        "ONLY(qty:1) COUNT>=2(sku:*)",
        "COUNT>=3(sku:A) COUNT<3(sku:A)",
        "channel:amazon -channel:am*",
        "zip:100* zip:9*",
        "is:marketplace is:ownstore",
        "day:sat day:mon",
        "(tag:a OR tag:b) -tag:a -tag:b",
        "shipby:<+2h shipby:>+4h",
        "-(qty:>3 OR qty:<=3)",
    ],
)
def test_a_condition_that_nothing_can_meet_is_known(condition: str) -> None:
    assert is_impossible(read(condition))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("channel:amazon", "channel:amazon,walmart"),
        ("sku:MUG-BLUE", "sku:MUG-*"),
        ("ALL(sku:MUG-*)", "ANY(sku:M*)"),
        ("ONLY(sku:A)", "ALL(sku:A)"),
        ("total:20..30", "total:>10"),
        ("state:NY", "-state:CA"),
        ("COUNT>=3(sku:A*)", "COUNT>=2(sku:A*)"),
        ("tag:vip", "has:tag OR tag:v*"),
    ],
)
def test_one_condition_is_known_to_imply_another(one: str, other: str) -> None:
    assert implies(read(one), read(other))
    assert not implies(read(other), read(one))


@MANY
@given(CONDITIONS, ORDERS)
def test_what_is_called_impossible_no_order_meets(condition: str, facts: OrderFacts) -> None:
    node = read(condition)
    assert not (is_impossible(node) and compiled(node)(facts))


@MANY
@given(CONDITIONS, CONDITIONS, ORDERS)
def test_what_is_implied_holds_for_every_order(one: str, other: str, facts: OrderFacts) -> None:
    a, b = read(one), read(other)
    if implies(a, b) and compiled(a)(facts):
        assert compiled(b)(facts)


@MANY
@given(CONDITIONS)
def test_an_example_meets_its_condition(condition: str) -> None:
    node = read(condition)
    facts = example(node)
    assert facts is None or (compiled(node)(facts) and not is_impossible(node))


def asked(rules: Rulebook, facts: OrderFacts) -> Effects:
    return replace(Runner(rules, PLACES).run(facts), rules=(), tiers_by="", never=())


@MANY
@given(books(), SEVERAL)
def test_taking_out_what_is_named_dead_or_shadowed_changes_nothing(
    text: str, orders: Sequence[OrderFacts]
) -> None:
    rules = book(text)
    for each in lint(rules):
        if each.kind not in (Finding.DEAD, Finding.SHADOWED):
            continue
        rest = Rulebook(tuple(rule for rule in rules.rules if rule.name != each.rule))
        for facts in orders:
            assert asked(rules, facts) == asked(rest, facts)
            assert barred(rules, facts) == barred(rest, facts)


def barred(rules: Rulebook, facts: OrderFacts) -> set[int]:
    return {each.location_id for each in Runner(rules, PLACES).run(facts).never}


@MANY
@given(books(), SEVERAL)
def test_rules_that_are_not_named_unsteady_say_the_same_the_second_time(
    text: str, orders: Sequence[OrderFacts]
) -> None:
    rules = book(text)
    if any(each.kind is Finding.UNSTEADY for each in lint(rules)):
        return
    for facts in orders:
        first = Runner(rules, PLACES).run(facts)
        kept = tuple(tag for tag in facts.tags if tag not in first.deeds.untags)
        assigned = facts.assigned or first.deeds.assign
        again = replace(facts, tags=(*kept, *first.deeds.tags), assigned=assigned)
        second = Runner(rules, PLACES).run(again)
        assert routing_of(first) == routing_of(second)
        assert not (set(second.deeds.tags) - set(again.tags))


def routing_of(found: Effects) -> tuple[object, ...]:
    return (found.tiers, found.never, found.service, found.max_parcels, found.priority, found.hold)


def test_a_blank_condition_or_action_is_named_and_blocks() -> None:
    text = "rule A\n tag x\nrule B\n if always\nrule C\n if always\n tag\nrule D\n if flavour:mint\n stop"
    kinds = [(each.kind, each.rule, each.blocks) for each in lint(book(text))]
    assert kinds == [
        (Finding.BLANK, "A", True), (Finding.BLANK, "B", True), (Finding.BLANK, "C", True),
        (Finding.UNREADABLE, "D", True),
    ]  # fmt: skip


def test_what_a_rule_names_must_be_there() -> None:
    known = References(
        frozenset(("reno", "@3pl")), frozenset(("mug",)), frozenset(("etsy",)),
        frozenset(("ground",)), frozenset(("ann",)),
    )  # fmt: skip
    text = """
        rule Right
          if channel:etsy sku:MUG,TEA-* assigned:ann
          ship RENO, else @3pl
          service Ground
        rule Wrong
          if channel:etzy sku:TEAPOT
          ship MOON
          service Rocket
          assign Bob
          need magic
    """
    said = [each.sentence for each in lint(book(text), known)]
    assert said == [
        "There is no channel “etzy”.", "There is no SKU “TEAPOT”.", "There is no location “MOON”.",
        "There is no service “Rocket”.", "There is no person “Bob”.", "There is no need “magic”.",
    ]  # fmt: skip


def test_a_rule_behind_a_stop_or_an_answer_is_shadowed() -> None:
    assert found("""
        rule Marketplaces
          if channel:amazon,walmart
          ship RENO
          stop
        rule Amazon mugs
          if channel:amazon sku:MUG-*
          service Two-day
        rule Everything
          if always
          ship STUDIO
        rule Etsy
          if channel:etsy
          ship AUSTIN
    """) == [
        (Finding.SHADOWED, "Amazon mugs", "Marketplaces"),
        (Finding.SHADOWED, "Etsy", "Everything"),
    ]


def test_a_stop_that_an_earlier_tag_could_dodge_shadows_nothing() -> None:
    assert found("""
        rule Seen
          if tag:x
          parcels 1
          stop
        rule Mark
          if channel:etsy
          tag x
        rule Marked
          if tag:x
          priority 2
    """) == [(Finding.UNSTEADY, "Seen", "Mark")]


def test_the_special_case_above_the_general_rule_is_no_quarrel() -> None:
    general = "rule All\n if always\n ship RENO\n"
    special = "rule Pots\n if sku:POT-*\n ship STUDIO\n"
    assert found(special + general) == []
    assert found(general + special) == [(Finding.SHADOWED, "Pots", "All")]


def test_two_rules_that_want_different_things_of_some_orders_disagree() -> None:
    (each,) = lint(book("rule A\n if channel:etsy\n ship RENO\nrule B\n if tag:vip\n ship STUDIO"))
    assert (each.kind, each.other) == (Finding.CONTRADICTORY, "A")
    assert "says “ship RENO, else anywhere”" in each.sentence


def test_rules_that_leave_no_location_disagree() -> None:
    text = "rule A\n if channel:etsy\n ship RENO, else wait\nrule B\n if tag:vip\n never RENO"
    assert found(text) == [(Finding.CONTRADICTORY, "B", "A")]
    assert found("rule A\n if always\n ship RENO, else wait\n never RENO") == [
        (Finding.CONTRADICTORY, "A", "A")
    ]


def test_a_rule_that_undoes_its_own_condition_is_unsteady() -> None:
    assert found("rule A\n if -tag:seen\n ship RENO\n tag seen") == [(Finding.UNSTEADY, "A", "A")]
    # It only marks the order, and a mark is put on once anyway.
    assert found("rule A\n if -tag:seen\n tag seen") == []


def test_a_rule_that_no_order_met_is_idle() -> None:
    said = lint(book("rule A\n if tag:a\n parcels 1"), history=History({"A": 0}, 400))
    assert [each.kind for each in said] == [Finding.IDLE]
    assert "400 orders of the last 90 days" in said[0].sentence
    few = lint(book("rule A\n if tag:a\n parcels 1"), history=History({}, 3))
    assert few == ()


GROWN: tuple[tuple[Finding | None, int, str, str, str], ...] = (
    # One family of SKUs each; they stop, so nothing behind them is asked about it.
    (None, 12, "Family {n}", "ALL(sku:F{n}-*)", "ship STUDIO\n  tag f{n}\n  stop"),
    (Finding.SHADOWED, 12, "Late thought {n}", "channel:etsy ONLY(sku:F{n}-9 qty:>{n})",
     "service Two-day"),
    (Finding.DEAD, 11, "Never {n}", "state:NY qty:<{n} (state:AL OR qty:>1{n})", "parcels 1"),
    (None, 6, "Region {n}", "zip:{n}*", "priority 1{n}\n  need signature"),
    (Finding.SHADOWED, 6, "Echo {n}", "zip:{n}* qty:>{n}", "priority 9"),
    # An order of category c1 to a ZIP 0… is meant by both, and neither is the special case.
    (Finding.CONTRADICTORY, 6, "Quarrel {n}", "category:c{n}", "priority 2{n}"),
)  # fmt: skip


def grown() -> tuple[str, dict[Finding, set[str]]]:
    """Return a rulebook that grew to 53 rules, 18 of them alive, and what is wrong with the others."""
    rules: list[str] = []
    wrong: dict[Finding, set[str]] = {}
    for kind, count, name, condition, actions in GROWN:
        names = [name.format(n=n) for n in range(count)]
        rules += [
            f"rule {each}\n  if {condition}\n  {actions}".format(n=n)
            for n, each in enumerate(names)
        ]
        if kind is not None:
            wrong.setdefault(kind, set()).update(names)
    return "\n".join(rules), wrong


def test_a_grown_rulebook_of_53_rules_has_18_alive_and_the_linter_names_the_others() -> None:
    text, wrong = grown()
    rules = book(text)
    assert len(rules.rules) == 53
    named: dict[Finding, set[str]] = {kind: set() for kind in wrong}
    for each in lint(rules):
        named[each.kind].add(each.rule)
    assert named == wrong
    assert 53 - sum(map(len, wrong.values())) == 18
