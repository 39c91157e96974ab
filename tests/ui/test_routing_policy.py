"""The routing policy on the page Rules: a changed value shows what it would do before it is saved."""

from __future__ import annotations

import pytest

from app.services.planning.drafts import routing_now
from app.services.planning.rate_versions import rates_now
from app.ui.pages.rules.page import RulesPage
from app.ui.pages.rules.routing.view import RoutingView
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


def opened(shown: DeskWindow) -> RoutingView:
    shown.window.go("rules", "routing")
    shown.settle()
    page = shown.window.pages["rules"]
    assert isinstance(page, RulesPage)
    return page.routing


def answer(shown: DeskWindow, here: RoutingView, button: str, **values: object) -> None:
    click(here, button)
    form = here.pane.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    form.submit()
    shown.settle()


def test_the_objectives_read_as_a_sentence_and_are_changed_with_a_preview(
    shown: DeskWindow,
) -> None:
    here = opened(shown)
    assert texts(here).startswith(
        "Keep the promise; then least cost within $0.50; then fewest parcels"
    )
    answer(shown, here, "Tolerance…", value="2.00")
    click(here, "Move Nearest up")
    shown.settle()
    assert "would change" in texts(here.pane)
    click(here, "Save this version")
    shown.settle()
    found = shown.desk.read(routing_now).policy
    assert found.version == 1
    assert found.objectives.as_said() == [
        "promise", "money within 200", "parcels", "distance", "money", "ranking",
    ]  # fmt: skip
    shown.operations.undo()
    shown.settle()
    assert shown.desk.read(routing_now).policy.objectives.within == 50


def test_values_of_channels_and_locations_are_asked_in_their_own_words(shown: DeskWindow) -> None:
    here = opened(shown)
    place = next(iter(shown.desk.read(routing_now).places.values()))
    answer(shown, here, f"{place}, Ships for: All", value="etsy")
    assert not texts(here.pane).startswith("0 open orders")
    answer(shown, here, "Amazon, Leaves late: $25.00", value="30")
    answer(shown, here, f"{place}, Fetched at: 5:00 PM", value="when it suits")
    assert "is no time of day" in texts(here.pane)
    answer(shown, here, f"{place}, Fetched at: 5:00 PM", value="3:30 pm")
    click(here, "Save this version")
    shown.settle()
    policy = shown.desk.read(routing_now).policy
    assert [each.channels for each in policy.places.values()] == [("etsy",)]
    assert policy.channels["amazon"].late_ship == 3000
    assert [f"{each.pickup:%H:%M}" for each in policy.places.values()] == ["15:30"]


@pytest.mark.parametrize("typed", ["much", "-1"])
def test_what_is_no_amount_is_said_at_the_question(shown: DeskWindow, typed: str) -> None:
    here = opened(shown)
    answer(shown, here, "Change the packaging", value=typed)
    assert here.pane.form is not None
    assert "no amount" in texts(here.pane)


def test_a_substitute_is_proposed_and_then_approved(shown: DeskWindow) -> None:
    here = opened(shown)
    answer(shown, here, "Propose a substitute…", sku="MUG-BLUE", substitute="MUG-RED", cost="1.50")
    (row,) = shown.desk.read(routing_now).policy.substitutes
    assert (row.sku, row.substitute, row.cost, row.approved_by) == ("MUG-BLUE", "MUG-RED", 150, "")
    click(here, "Approve MUG-RED for MUG-BLUE")
    shown.settle()
    (row,) = shown.desk.read(routing_now).policy.substitutes
    assert row.approved_by
    click(here, "Remove MUG-RED for MUG-BLUE")
    shown.settle()
    assert not shown.desk.read(routing_now).policy.substitutes


def test_a_price_is_changed_on_the_screen_and_is_a_new_version(shown: DeskWindow) -> None:
    shown.window.go("rules", "rates")
    shown.settle()
    page = shown.window.pages["rules"]
    assert isinstance(page, RulesPage)
    here = page.rates
    click(here, "Ground, Up to 450 g (15.9 oz), zone 3: $5.25")
    assert here.pane.form is not None
    here.pane.form.set_value("value", "much")
    here.pane.form.submit()
    assert "no amount" in texts(here.pane)
    here.pane.form.set_value("value", "1.25")
    here.pane.form.submit()
    shown.settle()
    assert "would change" in texts(here.pane)
    click(here, "Change where Ground is offered")
    form = here.pane.form
    assert form is not None
    form.set_value("not_areas", "967, 968")
    form.submit()
    shown.settle()
    assert "Not to ZIP areas 967, 968." in texts(here)
    click(here, "Save this version")
    shown.settle()
    version, body = shown.desk.read(rates_now)
    assert (version, body["standard"]["steps"][1][1][2]) == (2, 125)
    assert body["standard"]["not_areas"] == ["967", "968"]
    shown.operations.undo()
    shown.settle()
    assert shown.desk.read(rates_now)[1]["standard"]["steps"][1][1][2] == 525
