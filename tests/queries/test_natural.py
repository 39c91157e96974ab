"""Numbered names stand in the order in which people count, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select

from app.models.natural import natural
from app.queries.orders import order_rows
from app.services.desk import Desk
from tests.queries.brand import NOW, order, take_in


def in_row(desk: Desk, names: list[str]) -> list[str]:
    table = Table(
        "names", MetaData(), Column("id", Integer, primary_key=True), Column("name", String)
    )
    with desk.store.engine.connect() as db:  # nothing of it stays
        table.create(db)
        db.execute(table.insert(), [{"id": n, "name": name} for n, name in enumerate(names)])
        return list(db.execute(select(table.c.name).order_by(*natural(table.c.name))).scalars())


@pytest.mark.parametrize(
    "names",
    [
        ["1", "2", "10", "100"],
        ["A-2", "A-10", "B-1", "B-11", "a-1"],
        ["#998", "#1001", "W9", "W10"],
        ["", "7", "ROW-1-SHELF-2", "ROW-1-SHELF-10"],
    ],
)
def test_one_two_ten(busy: Desk, names: list[str]) -> None:
    assert in_row(busy, names[::-1]) == names


def test_orders_are_sorted_as_their_numbers_count(busy: Desk) -> None:
    for number in ("#1000", "#999", "#10001"):
        take_in(busy, order(number))
    up = [row.number for row in busy.read(order_rows, query="order:#*", now=NOW, sort="number")]
    assert up == ["#999", "#1000", "#10001"]
    down = busy.read(order_rows, query="order:#*", now=NOW, sort="number", descending=True)
    assert [row.number for row in down] == up[::-1]
