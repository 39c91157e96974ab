"""What does the view read? The orders that count, once; all numbers beside each other are of that reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.analytics.costs.report import Book, By, CostReport, CostRow, cost_book
from app.domain.costs.policy import CostPolicy
from app.services.costs.policy import in_force, rates
from app.services.desk import Desk
from app.ui.charts.drawing import Canvas, Drawing
from app.ui.pages.insights.cost.columns import name_of


@dataclass(frozen=True, slots=True)
class Costs:
    """The orders, what they add up to, and what the owner says that work costs."""

    book: Book
    policy: CostPolicy
    packaging: int
    by: By
    report: CostReport


def read_costs(desk: Desk, by: By, days: int) -> Costs:
    """Read the orders of the last days, and add them up."""
    known, policy = desk.read(rates), desk.read(in_force)
    book = desk.read(cost_book, known, policy, now=desk.now(), days=days)
    return Costs(book, policy, known.routing.packaging, by, book.report(by))


@dataclass(frozen=True, slots=True)
class CostPicture:
    """A chart that was drawn."""

    drawing: Drawing


def drawing_slice(found: Costs, row: CostRow, *, is_all: bool) -> Callable[[Canvas], CostPicture]:
    """Return how a slice is drawn, step by step."""
    title = "Everything together" if is_all else name_of(row, found.by)

    def draw(canvas: Canvas) -> CostPicture:
        from app.ui.charts import costs  # matplotlib comes with the first chart

        return CostPicture(costs.waterfall(row, None if is_all else row.key, title, canvas))

    return draw


def drawing_most(found: Costs) -> Callable[[Canvas], CostPicture]:
    """Return how it is drawn where it costs most to serve."""

    def draw(canvas: Canvas) -> CostPicture:
        from app.ui.charts import costs

        names = [name_of(row, found.by) for row in found.report.rows]
        return CostPicture(costs.pareto(found.report, names, canvas))

    return draw
