"""What orders brought and cost: every row against plain SQL, and the whole is the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.analytics.costs.report import By, CostReport, cost_report, order_cost
from app.domain.costs.serving import Basis, Step
from app.domain.promising.keeping import FEWEST
from app.errors import RefusedError
from app.models import house
from app.models.promising.sheet import SETTLED
from app.models.promising.sheet import accounts as accounts_of
from app.services.costs.policy import in_force, rates
from app.services.desk import Desk
from app.services.planning.network import moment_of
from tests.analytics.thirty_orders import thirty_orders
from tests.queries.brand import NOW

DAYS = 400


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Open the thirty orders."""
    desk = thirty_orders(database_url)
    yield desk
    desk.store.close()


def report(desk: Desk, by: By) -> CostReport:
    known, policy = desk.read(rates), desk.read(in_force)
    return desk.read(cost_report, known, policy, by=by, now=NOW, days=DAYS)


def plain(desk: Desk, statement: str) -> int:
    with desk.store.read() as db:
        return int(db.execute(text(statement)).scalar() or 0)


SOLD = """
    FROM orders o JOIN order_lines l ON l.order_id = o.id LEFT JOIN skus s ON s.id = l.sku_id
    WHERE o.status = 'shipped' AND o.currency = 'USD'
      AND o.id NOT IN (SELECT order_id FROM replacement_orders)"""


def test_the_whole_is_what_plain_sql_says(desk: Desk) -> None:
    total = report(desk, By.CHANNEL).total
    assert total.orders == plain(desk, f"SELECT count(DISTINCT o.id) {SOLD}") > 0
    assert total.steps[Step.GOODS_SOLD] == plain(
        desk, f"SELECT sum(l.quantity * l.unit_price) {SOLD}"
    )
    assert total.steps.get(Step.COST_OF_GOODS, 0) == -plain(
        desk, f"SELECT sum(l.quantity * l.pack * s.cost) {SOLD}"
    )


@pytest.mark.parametrize("by", list(By))
def test_however_it_is_cut_the_rows_add_up_to_the_cent(desk: Desk, by: By) -> None:
    found = report(desk, by)
    assert sum(row.contribution for row in found.rows) == found.total.contribution
    assert sum(row.revenue for row in found.rows) == found.total.revenue
    assert sum(row.units for row in found.rows) == found.total.units
    assert [row.contribution for row in found.rows] == sorted(
        row.contribution for row in found.rows
    )


def test_a_dearer_payment_service_leaves_less_and_can_be_taken_back(desk: Desk) -> None:
    before, before_wage = report(desk, By.CHANNEL).total, desk.read(in_force).wage
    receipt = desk.run("save_cost_policy", changes={"payment": {"basis_points": 900, "fixed": 30}})
    dearer = report(desk, By.CHANNEL).total
    assert dearer.steps[Step.PAYMENT] < before.steps[Step.PAYMENT]
    assert dearer.contribution < before.contribution
    assert receipt.undo is not None
    desk.undo(receipt.undo)
    assert report(desk, By.CHANNEL).total == before
    dearer_work = desk.run("save_cost_policy", changes={"wage": 2500})
    desk.run("save_cost_policy", changes={"wage": 2600})
    assert dearer_work.undo is not None
    with pytest.raises(RefusedError, match="Somebody has changed the costs of work"):
        desk.undo(dearer_work.undo)
    assert desk.read(in_force).wage == 2600
    desk.run("save_cost_policy", changes={"wage": before_wage})


def test_one_order_says_how_each_of_its_steps_is_known(desk: Desk) -> None:
    row = report(desk, By.ORDER).rows[-1]
    order_id = plain(desk, f"SELECT id FROM orders WHERE number = '{row.slice}'")
    found = desk.read(order_cost, order_id, desk.read(rates), desk.read(in_force))
    assert found is not None
    assert found.whole.contribution == row.contribution
    known = {each.step: each.basis for each in found.whole.steps}
    assert known[Step.GOODS_SOLD] is Basis.ACTUAL
    assert known[Step.POSTAGE] is Basis.QUOTED


def test_what_a_channel_keeps_is_estimated_and_planned_with_as_it_was_settled(desk: Desk) -> None:
    accounts = {each.channel: each.id for each in desk.read(accounts_of)}
    by_policy = desk.read(rates).fee_bp("amazon")
    fees = {accounts["amazon"]: [23, FEWEST], accounts["etsy"]: [99, FEWEST - 1]}
    desk.write(
        lambda db: house.write(db, {SETTLED: {str(key): said for key, said in fees.items()}})
    )
    known = desk.read(rates)
    assert known.fee_bp("amazon") == 2300 != by_policy
    assert known.fee_bp("etsy") != 9900, "too few orders to say so"
    terms = desk.read(lambda db: moment_of(db, NOW, {}).network.terms)
    assert 2300 in {each.fee_bp for each in terms.values()}
