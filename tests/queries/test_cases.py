"""Does the inbox show what needs a person, the worst and most urgent first?"""

from __future__ import annotations

from app.queries.cases import case_rows, cases_of, count_cases
from app.services.desk import Desk
from tests.queries.brand import NOW


def test_a_case_says_whose_it_is_how_long_and_what_is_at_stake(busy: Desk) -> None:
    (case,) = busy.read(case_rows, query="kind:shortfall", now=NOW)
    assert (case.order_number, case.sku, case.owner) == ("SHORT", "MUG-RED", "Operations")
    assert (case.money_at_risk, case.currency, case.hours_left) == (75000, "USD", 44.0)
    assert case.kind_words == "Not enough stock for an order"
    assert case.ways_out[0] == "receive stock"


def test_the_reason_behind_a_hold_is_shown(busy: Desk) -> None:
    (case,) = busy.read(case_rows, query="order:HELD", now=NOW)
    assert case.reason == "The ZIP 1000 has four digits."


def test_cases_are_found_by_what_people_know_of_them(busy: Desk) -> None:
    for query, found in (
        ("", {"HELD", "SHORT", "NEW-CODE"}),
        ("held", {"HELD"}),
        ("severity:high owner:operations", {"SHORT", "NEW-CODE"}),
        ("channel:walmart", {"NEW-CODE"}),
        ("sku:MUG-*", {"SHORT"}),
        ("-sku:MUG-*", {"HELD", "NEW-CODE"}),
        ("money:>500", {"SHORT"}),
        ("due:<+3d", {"HELD", "SHORT", "NEW-CODE"}),
        ("is:overdue", set()),
        ("%", set()),
    ):
        rows = busy.read(case_rows, query=query, now=NOW)
        assert {row.order_number for row in rows} == found, query
        assert busy.read(count_cases, query=query, now=NOW) == len(found), query


def test_a_solved_case_leaves_the_inbox_but_not_the_order(busy: Desk) -> None:
    busy.run("receive", sku="MUG-RED", location="RENO", quantity=60, reason="")
    assert busy.read(case_rows, query="kind:shortfall", now=NOW) == []
    (case,) = busy.read(cases_of, 3, now=NOW)
    assert (case.state, case.resolution) == ("resolved", "Stock arrived and is reserved.")


def test_cases_are_sorted_as_asked_and_those_without_a_deadline_come_last(busy: Desk) -> None:
    def order(sort: str, *, descending: bool) -> list[str]:
        rows = busy.read(case_rows, now=NOW, sort=sort, descending=descending)
        return [row.order_number for row in rows]

    assert order("money_at_risk", descending=True)[0] == "SHORT"
    assert order("money_at_risk", descending=False)[-1] == "SHORT"
    titles = [row.title for row in busy.read(case_rows, now=NOW, sort="title")]
    assert titles == sorted(titles)


def test_what_is_settled_is_found_when_it_is_asked_for(busy: Desk) -> None:
    busy.run("receive", sku="MUG-RED", location="RENO", quantity=60, reason="")
    (case,) = busy.read(case_rows, query="is:resolved", now=NOW)
    assert (case.order_number, case.resolution) == ("SHORT", "Stock arrived and is reserved.")
    both = busy.read(count_cases, query="is:open OR is:resolved", now=NOW)
    assert both == busy.read(count_cases, now=NOW) + 1
