"""What channels are told is a row each time, worked out for what has changed and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.cases import CaseKind
from app.domain.changes import Changes
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, NotFoundError, RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import listings, skus
from app.models.identity import Identity
from app.models.orders import channel_accounts
from app.models.promising.sheet import sheet
from app.models.published import observed_quantities, published_quantities
from app.services.desk import Desk
from app.services.promising import observing, planning, publishing
from tests.beginnings import Begun
from tests.journeys.driver import DeskDriver
from tests.sync.test_exporter import an_order

CHANNELS = ("shopify", "etsy")


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk that lists three SKUs and a kit on two channels."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.sells("TEA", "Green tea", STUDIO=50)
    driver.sells("MUG", "Blue mug", STUDIO=20)
    driver.sells("NEW", "Never counted")
    driver.sells_kit("SET", "Tea for two", {"TEA": 1, "MUG": 2})
    for channel in CHANNELS:
        lists(driver, channel, "TEA", "MUG", "NEW", "SET")
    yield driver
    driver.store.close()


def lists(desk: DeskDriver, channel: str, *codes: str, shows: int | None = None) -> None:
    """Let a channel list some SKUs."""
    account = desk.account(channel)

    def work(db: Any) -> None:
        ids = Identity(db, listings)
        known = dict(db.execute(select(skus.c.code, skus.c.id)).all())
        db.execute(
            listings.insert(),
            [
                {"id": ids.take(listings), "account_id": account, "sku_text": code,
                 "sku_id": known[code], "quantity_shown": shows, "observed_at": desk.clock,
                 "listing_id": f"L-{code}", "place": "", "title": code}
                for code in codes
            ],
        )  # fmt: skip
        observing.note_listings(db, account, source="file:1", now=desk.clock)

    desk.desk.write(work)


def numbers(desk: DeskDriver, state: str = "") -> dict[tuple[str, str], tuple[Any, Any, str]]:
    """Return the newest row of each channel and SKU: before, after, state."""
    table = published_quantities.c
    query = (
        select(channel_accounts.c.channel, skus.c.code, table.before, table.after, table.state)
        .select_from(published_quantities)
        .join(skus, skus.c.id == table.sku_id)
        .join(channel_accounts, channel_accounts.c.id == table.account_id)
        .order_by(table.id)
    )
    with desk.store.read() as db:
        rows = db.execute(query).all()
    return {(r[0], r[1]): (r[2], r[3], r[4]) for r in rows if not state or r.state == state}


def count(desk: DeskDriver) -> int:
    with desk.store.read() as db:
        return len(db.execute(select(published_quantities.c.id)).all())


def put_down(desk: DeskDriver, planned: planning.Plan, part: planning.Part) -> Changes:
    """Write one part of a plan."""
    return desk.desk.write(
        lambda db: publishing.write(db, desk.desk.actor, planned, part, now=desk.clock)
    )


def written(desk: DeskDriver, planned: planning.Plan) -> None:
    """Write a whole plan."""
    publishing.in_parts(planned, lambda part: put_down(desk, planned, part))


def test_every_listed_number_is_told_once_and_what_nobody_knows_is_not_zero(
    desk: DeskDriver,
) -> None:
    desk.desk.publish()
    assert numbers(desk) == {
        **{(each, "TEA"): (None, 50, "queued") for each in CHANNELS},
        **{(each, "MUG"): (None, 20, "queued") for each in CHANNELS},
        **{(each, "SET"): (None, 10, "queued") for each in CHANNELS},
        **{(each, "NEW"): (None, None, "withheld") for each in CHANNELS},
    }
    before = count(desk)
    desk.desk.publish()
    assert count(desk) == before


def test_a_sale_touches_its_sku_and_the_kits_with_it_on_every_channel(desk: DeskDriver) -> None:
    desk.desk.publish()
    before = count(desk)
    desk.takes_in(an_order("E-1", ("MUG", 3), channel="etsy"))
    planned = desk.desk.read(planning.plan, now=desk.clock)
    assert len(planned.touched) == 2
    desk.desk.publish()
    assert count(desk) - before == 4
    assert numbers(desk)["shopify", "MUG"] == (None, 17, "queued")
    assert numbers(desk)["shopify", "SET"] == (None, 8, "queued")
    assert numbers(desk)["shopify", "TEA"] == (None, 50, "queued")


def test_what_was_ordered_is_told_though_only_what_is_sent_instead_has_moved(
    desk: DeskDriver,
) -> None:
    desk.sells("OLD", "Last year's mug")  # listed nowhere, and there is none
    desk.desk.publish()
    desk.desk.run("propose_substitute", sku="OLD", substitute="MUG")
    desk.desk.run("approve_substitute", sku="OLD", substitute="MUG")
    desk.desk.publish()
    desk.takes_in(an_order("1001", ("OLD", 1), channel="shopify"))
    desk.desk.publish()
    assert numbers(desk)["shopify", "MUG"] == (None, 19, "queued")
    assert numbers(desk)["shopify", "OLD"] == (None, None, "withheld")


def test_what_comes_together_is_told_once_and_only_the_newest(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.exports("etsy", "quantity")
    desk.takes_in(an_order("E-1", ("MUG", 3), channel="etsy"))
    desk.desk.publish()
    desk.desk.run("receive", sku="MUG", location="STUDIO", quantity=5, reason="Kiln")
    desk.desk.publish()
    assert numbers(desk)["etsy", "MUG"] == (20, 22, "queued")
    assert numbers(desk, "replaced")["etsy", "MUG"] == (20, 17, "replaced")


def test_the_file_tells_what_was_published_and_every_row_knows_when(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.waits(timedelta(minutes=9))
    file = desk.exports("etsy", "quantity")
    table = published_quantities
    sent_rows = select(table).where(table.c.state == "sent").order_by(table.c.sku_id)
    with desk.store.read() as db:
        sent = db.execute(sent_rows).all()
    assert [row.after for row in sent] == [50, 20, 10]
    assert {row.destination for row in sent} == {f"file:{file.id}"}
    assert {(row.sent_at - row.computed_at) for row in sent} == {timedelta(minutes=9)}
    assert {row.policy_version for row in sent} == {1}


def test_what_a_channel_shows_is_held_against_what_it_was_told(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.exports("etsy", "quantity")
    desk.waits(timedelta(hours=2))
    account = desk.account("etsy")
    with desk.store.write() as db:
        db.execute(
            listings.update()
            .where(listings.c.account_id == account)
            .values(quantity_shown=7, observed_at=desk.clock)
        )
        observing.note_listings(db, account, source="file:2", now=desk.clock)
    table, seen = published_quantities, observed_quantities.c
    with desk.store.read() as db:
        back = db.execute(select(table).where(table.c.observed.is_not(None))).all()
        looks = db.execute(select(seen.quantity, seen.source)).all()
    assert {(row.observed, row.observed_at) for row in back} == {(7, desk.clock)}
    assert set(looks) == {(7, "file:2")}


def test_what_changes_a_number_without_a_movement_is_not_forgotten(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.sells_kit("SET", "Tea for two", {"TEA": 5, "MUG": 2})
    desk.desk.publish()
    assert numbers(desk)["etsy", "SET"][1] == 10
    desk.sells_kit("SET", "Tea for two", {"TEA": 10, "MUG": 2})
    desk.desk.publish()
    assert numbers(desk)["etsy", "SET"][1] == 5
    desk.desk.run("save_sheet", channels={"etsy": {"stock_mode": "capped", "cap_units": 3}})
    desk.desk.publish()
    assert numbers(desk)["etsy", "TEA"][1] == 3
    assert numbers(desk)["shopify", "TEA"][1] == 50


def test_an_undo_of_the_sheet_leaves_what_others_changed_since(desk: DeskDriver) -> None:
    def caps(units: int) -> Changes:
        row = {"stock_mode": "capped", "cap_units": units}
        return desk.desk.run("save_sheet", channels={"etsy": row})

    def undo(done: Changes) -> Changes:
        assert done.undo is not None
        return desk.desk.run(done.undo.operation, **done.undo.arguments)

    with desk.store.read() as db:
        before = sheet(db).rows
    first, second = caps(3), caps(5)
    with pytest.raises(RefusedError, match="changed the sheet since; nothing was undone"):
        undo(first)
    with desk.store.read() as db:
        assert sheet(db).rows["etsy"].cap_units == 5
    undo(second)
    undo(first)  # one after the other, everything can be taken back
    with desk.store.read() as db:
        assert sheet(db).rows == before


def test_a_promotion_ends_by_itself(desk: DeskDriver) -> None:
    ends = desk.clock + timedelta(days=2)
    desk.desk.run(
        "save_sheet", channels={},
        calendar=[{"name": "Tea week", "occasion": "promotion", "channels": ["etsy"],
                   "starts_at": desk.clock.isoformat(), "ends_at": ends.isoformat(),
                   "changes": {"buffer_units": 5}}],
    )  # fmt: skip
    desk.desk.publish()
    assert numbers(desk)["etsy", "TEA"][1] == 45
    desk.waits(timedelta(days=3))
    desk.desk.publish()
    assert numbers(desk)["etsy", "TEA"][1] == 50


def test_a_slip_that_would_empty_the_shops_stops_and_asks(desk: DeskDriver) -> None:
    desk.desk.run("set_breakers", changes={"zeros": 2})
    desk.desk.publish()
    desk.exports("etsy", "quantity")
    for sku, units in (("TEA", 50), ("MUG", 20)):
        desk.desk.run("adjust", sku=sku, location="STUDIO", quantity=-units, reason="A slip")
    desk.desk.publish()
    assert {state for _before, _after, state in numbers(desk, "held").values()} == {"held"}
    with desk.store.read() as db:
        case = exception_cases.c
        titles = db.execute(
            select(case.title).where(case.kind == CaseKind.QUANTITIES_STOPPED.value)
        ).scalars()
        assert list(titles) == ["Etsy: 3 would go to 0, 3 of 4 numbers would change"]
    with pytest.raises(RefusedError, match="would change at once"):
        desk.exports("etsy", "quantity")
    etsy = desk.account("etsy")
    let_go = desk.desk.run("release_quantities", account_id=etsy, reason="All sold at the fair.")
    assert numbers(desk)["etsy", "TEA"] == (50, 0, "queued")
    assert let_go.undo is not None
    desk.desk.undo(let_go.undo)
    assert numbers(desk)["etsy", "TEA"] == (50, 0, "held")
    kept = desk.desk.run("drop_quantities", account_id=etsy, reason="A slip.")
    assert len(kept.done) == 3
    with pytest.raises(NotFoundError):
        desk.desk.run("release_quantities", account_id=etsy, reason="Again.")
    # The slip is mended, so the shop is told nothing new.
    for sku, units in (("TEA", 50), ("MUG", 20)):
        desk.desk.run("adjust", sku=sku, location="STUDIO", quantity=units, reason="Taken back")
    desk.desk.publish()
    assert numbers(desk)["etsy", "TEA"] == (50, 0, "dropped")
    assert desk.exports("etsy", "quantity").rows == 3


def test_what_an_account_is_told_first_is_no_alarm_but_emptying_it_is(desk: DeskDriver) -> None:
    desk.desk.run("set_breakers", changes={"zeros": 1, "share_percent": 10, "least": 1})
    lists(desk, "ebay", "TEA", "MUG", shows=7)
    for sku in ("COLD", "WARM"):
        desk.sells(sku, f"{sku} tea", STUDIO=5)
        desk.desk.run("adjust", sku=sku, location="STUDIO", quantity=-5, reason="All sold")
    lists(desk, "walmart", "COLD", "WARM", shows=7)
    desk.desk.publish()
    assert numbers(desk)["ebay", "TEA"] == (7, 50, "queued")
    assert numbers(desk)["walmart", "COLD"] == (7, 0, "held")


def test_a_person_who_only_looks_publishes_nothing(desk: DeskDriver) -> None:
    looker = Desk(desk.store, Actor("Vi", Role.VIEWER), now=lambda: desk.clock)
    looker.publish()
    assert count(desk) == 0
    with desk.store.write() as db, pytest.raises(NotAllowedError):
        publishing.publish(db, looker.actor, now=desk.clock)


def test_of_two_desks_that_publish_at_once_one_writes(desk: DeskDriver) -> None:
    planned = desk.desk.read(planning.plan, now=desk.clock)
    desk.desk.publish()
    before = count(desk)
    written(desk, planned)
    assert count(desk) == before


def test_many_numbers_are_written_in_parts_and_whoever_stops_between_loses_none(
    desk: DeskDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_AT_ONCE", 3)
    planned = desk.desk.read(planning.plan, now=desk.clock)
    parts = list(planned.parts)
    assert len(parts) > 2
    for part in parts[:-1]:
        put_down(desk, planned, part)
    assert count(desk) == 3 * len(parts[:-1])
    desk.desk.publish()  # as after a restart
    assert count(desk) == len(planned.numbers)
    put_down(desk, planned, parts[-1])  # somebody else was quicker
    assert count(desk) == len(planned.numbers)
    assert desk.desk.read(planning.is_current, now=desk.clock)


def test_a_desk_that_has_begun_to_publish_is_not_joined_by_another(
    desk: DeskDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_AT_ONCE", 3)
    mine, theirs = (desk.desk.read(planning.plan, now=desk.clock) for _ in range(2))
    first, *rest = mine.parts
    put_down(desk, mine, first)
    written(desk, theirs)
    for part in rest:
        put_down(desk, mine, part)
    assert count(desk) == len(mine.numbers)


def test_a_code_that_is_taught_is_told_from_then_on(desk: DeskDriver) -> None:
    desk.desk.publish()
    desk.links("ebay", "GREEN-TEA", "TEA")
    desk.desk.publish()
    assert numbers(desk)["ebay", "TEA"] == (None, 50, "queued")
