"""Does the search index follow the orders, heal itself, and stay out of everybody's way?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.migrate import open_store
from app.models.search import FTS5, TRIGRAM, order_text_state, order_texts
from app.queries.orders import count_orders
from app.services import indexing
from app.services.backup import back_up, restore
from app.services.desk import Desk
from app.services.index_keeper import IndexKeeper, catch_up, make_anew, store_is_current
from app.services.verifying import verify_store
from tests.queries import brand
from tests.queries.brand import NOW, OWNER


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Open the desk with one order in each state; its index has read nothing."""
    open_store(database_url).close()
    desk = brand.busy_desk(database_url)
    yield desk
    desk.store.close()


def read_of(desk: Desk) -> int:
    return desk.read(indexing.read_orders)


def search_check(desk: Desk) -> bool:
    (check,) = (each for each in verify_store(desk.store) if each.name == "search")
    return check.ok


def test_orders_are_read_a_few_at_a_time_until_all_are(desk: Desk) -> None:
    assert not store_is_current(desk.store)
    turns = [desk.write(lambda db: indexing.read_on(db, 4)) for _ in range(4)]
    assert turns == [4, 4, 2, 0]
    assert store_is_current(desk.store)
    assert read_of(desk) == desk.read(count_orders, now=NOW) == 10


def test_the_engine_s_own_index_is_used_where_there_is_one(desk: Desk) -> None:
    catch_up(desk.store)
    state = desk.read(lambda db: db.execute(select(order_text_state)).one())
    assert state.engine == (FTS5 if desk.store.is_sqlite else TRIGRAM)


def test_taking_orders_in_writes_nothing_for_the_search(desk: Desk) -> None:
    catch_up(desk.store)
    brand.take_in(desk, brand.order("LATER", ("TEA-001", 1)))
    assert read_of(desk) == 10
    assert desk.read(count_orders, query="later", now=NOW) == 1
    catch_up(desk.store)
    assert read_of(desk) == 11


def test_a_keeper_reads_what_comes_in_until_it_is_stopped(desk: Desk) -> None:
    bugs: list[str] = []
    keeper = IndexKeeper(desk.store)
    keeper.start(bugs.append)
    while not store_is_current(desk.store):
        pass
    keeper.stop()
    assert (read_of(desk), bugs) == (10, [])
    brand.take_in(desk, brand.order("LATER", ("TEA-001", 1)))
    assert read_of(desk) == 10


def test_what_was_written_past_the_program_is_noticed_and_healed(desk: Desk) -> None:
    catch_up(desk.store)
    assert search_check(desk)
    desk.write(lambda db: db.execute(order_texts.update().values(city="\nelsewhere\n")))
    assert not search_check(desk)
    keeper = IndexKeeper(desk.store)
    keeper.start(lambda _details: None)
    while not search_check(desk):
        pass
    keeper.stop()
    assert desk.read(count_orders, query="elsewhere", now=NOW) == 0


def test_an_order_that_is_missing_from_it_is_noticed(desk: Desk) -> None:
    catch_up(desk.store)
    desk.write(lambda db: db.execute(order_texts.delete().where(order_texts.c.order_id == 3)))
    assert not search_check(desk)
    assert make_anew(desk.store) == 10
    assert search_check(desk)


def test_two_keepers_of_one_store_read_each_order_once(desk: Desk) -> None:
    keepers = [IndexKeeper(desk.store) for _ in range(2)]
    bugs: list[str] = []
    for keeper in keepers:
        keeper.start(bugs.append)
    while not store_is_current(desk.store):
        pass
    for keeper in keepers:
        keeper.stop()
    assert (read_of(desk), bugs) == (10, [])
    assert search_check(desk)


def test_a_backup_that_is_put_back_is_searched_like_the_desk_it_came_from(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    catch_up(desk.store)
    saved = back_up(desk.store, tmp_path / "desk.backup", actor=OWNER, now=NOW)
    desk.store.close()
    restore(saved.path, database_url, actor=OWNER, now=NOW)
    again = Desk(open_store(database_url), OWNER, now=lambda: NOW)
    for _ in range(2):
        assert again.read(count_orders, query="sku:MUG-*", now=NOW) == 3
        assert again.read(count_orders, query="jane doe", now=NOW) == 10
        catch_up(again.store)
    assert search_check(again)
    again.store.close()
