"""Rates travel as a file, are kept in versions, and decide what is suggested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.rate_tables import RateRow, Row, labelled, rows_of, with_rows, written
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, RefusedError
from app.services import policies
from app.services.planning.policy_versions import restore_policy
from app.services.planning.rate_versions import preview_rates, rates_now, save_rates
from app.services.policies import DEFAULT_RATES
from tests.builders import MONDAY, Shop, an_order

OWNER = Actor("owner", Role.OWNER)
NINE = st.lists(st.integers(1, 99_999), min_size=9, max_size=9).map(tuple)


def rows(**changes: int) -> list[dict[str, Any]]:
    """Return Ground as it is, every price of a row (by its grams) replaced."""
    return [
        {"service": each.service, "row": str(each.row), "grams": each.grams,
         "values": [changes.get(f"g{each.grams}", value) if each.row is not Row.DAYS else value
                    for value in each.values]}
        for each in rows_of(DEFAULT_RATES) if each.service == "Ground"
    ]  # fmt: skip


def test_rates_that_are_saved_decide_what_is_suggested_and_go_back(shop: Shop) -> None:
    shop.stocked(TEA=(5, 5))
    shop.takes_in(an_order("1", ("TEA", 1)))
    found = preview_rates(shop.db, rows=rows(g450=999), now=MONDAY)
    assert not found.moved, "both places cost more, so it still ships from the same"
    done = save_rates(shop.db, OWNER, rows=rows(g450=999), now=MONDAY)
    assert (done.done, rates_now(shop.db)[0]) == ((2,), 2)
    assert policies.in_force(shop.db).rates.standard.steps[1] == (450, (999,) * 9)
    assert policies.in_force(shop.db).rates.expedited.name == "Two-day", "others stay as they are"
    restore_policy(shop.db, OWNER, kind="rates", version=1, now=MONDAY)
    assert rates_now(shop.db) == (3, DEFAULT_RATES)


def test_postage_is_counted_in_the_owner_s_currency_and_goes_back(shop: Shop) -> None:
    done = save_rates(shop.db, OWNER, currency="EUR", now=MONDAY)
    assert policies.in_force(shop.db).rates.currency == "EUR"
    assert rates_now(shop.db)[1] == {**DEFAULT_RATES, "currency": "EUR"}
    assert done.undo is not None
    back: dict[str, Any] = done.undo.arguments
    restore_policy(shop.db, OWNER, now=MONDAY, **back)
    assert policies.in_force(shop.db).rates.currency == "USD"
    with pytest.raises(RefusedError, match="is no currency"):
        save_rates(shop.db, OWNER, currency="Euro", now=MONDAY)


def test_a_new_service_is_used_where_a_channel_allows_it(shop: Shop) -> None:
    from app.services.planning.policy_versions import save_routing
    from app.services.planning.problem import open_queue

    cheap = [{**each, "service": "Economy", "values": [1] * 9} for each in rows()]
    limits = {"Economy": {"rank": 1, "most_g": 500, "locations": ["WEST"]}}
    save_rates(shop.db, OWNER, rows=cheap, limits=limits, now=MONDAY)
    save_routing(
        shop.db, OWNER, said={"channels": {"shopify": {"levels": ["Economy"]}}}, now=MONDAY
    )
    shop.stocked(TEA=(5, 5), POT=(5, 5))
    shop.takes_in(an_order("1", ("TEA", 1)), an_order("2", ("POT", 2)),
                  an_order("3", ("TEA", 1), service="Two-day"))  # fmt: skip
    from app.queries.suggestions import open_suggestions

    said = [parcel.sentence for each in (1, 2, 3)
            for parcel in open_suggestions(shop.db, [each])[each].parcels]  # fmt: skip
    assert [" by Economy " in said[0], " by Ground " in said[1], " by Two-day " in said[2]] == [
        True
    ] * 3
    assert said[0].startswith("West")
    assert len(open_queue(shop.db, now=MONDAY).moment.network.services) == 3


def test_a_region_off_the_mainland_has_its_own_prices(shop: Shop) -> None:
    from app.queries.suggestions import open_suggestions
    from app.services.planning.policy_versions import save_routing

    islands = [{**each, "service": "Islands", "values": [2100] * 9} for each in rows()]
    limits = {"Islands": {"areas": ["967", "968"]}, "Ground": {"not_areas": ["967", "968"]}}
    save_rates(shop.db, OWNER, rows=islands, limits=limits, now=MONDAY)
    save_routing(
        shop.db, OWNER, said={"channels": {"shopify": {"levels": ["Islands"]}}}, now=MONDAY
    )
    shop.stocked(TEA=(5, 5))
    home = an_order("1").ship_to
    away = replace(home, city="Honolulu", state="HI", postcode="96813")
    shop.takes_in(an_order("1", ship_to=away), an_order("2"))
    said = [open_suggestions(shop.db, [each])[each].parcels[0].sentence for each in (1, 2)]
    assert " by Islands " in said[0], said
    assert " by Ground " in said[1]


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (lambda each: each["row"] != "days", "days"),
        (lambda each: each["row"] != "further", "further"),
        (lambda each: each["row"] != "up to", "up to"),
    ],
)
def test_a_table_that_is_not_complete_is_refused_whole(shop: Shop, spoilt: Any, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        save_rates(shop.db, OWNER, rows=[each for each in rows() if spoilt(each)], now=MONDAY)
    assert rates_now(shop.db)[0] == 1


def test_only_the_owner_changes_rates_and_nobody_by_accident(shop: Shop) -> None:
    with pytest.raises(NotAllowedError):
        save_rates(shop.db, Actor("ann", Role.APPROVER), rows=rows(), now=MONDAY)
    with pytest.raises(RefusedError, match="meanwhile"):
        save_rates(shop.db, OWNER, rows=rows(g450=1), based_on=9, now=MONDAY)
    assert not save_rates(shop.db, OWNER, rows=rows(), now=MONDAY).done, (
        "the same is no new version"
    )


@given(NINE, NINE, st.integers(1, 30_000), st.integers(1, 5_000))
@settings(max_examples=25)
def test_what_is_written_is_read_again(
    prices: tuple[int, ...], extra: tuple[int, ...], grams: int, further: int
) -> None:
    table = [RateRow("Post", Row.UP_TO, grams, prices), RateRow("Post", Row.FURTHER, further, extra),
             RateRow("Post", Row.DAYS, 0, (3,) * 9)]  # fmt: skip
    body = with_rows(DEFAULT_RATES, table)
    assert [each for each in rows_of(body) if each.service == "Post"] == table
    labels = [line[1] for line in written(body) if line[0] == "Post"]
    assert [labelled(each) for each in labels] == [(each.row, each.grams) for each in table]
