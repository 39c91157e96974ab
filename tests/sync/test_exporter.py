"""Each shipment is told to its channel in exactly one file, in the channel's own words."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.orders import IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.errors import NotAllowedError, NotFoundError, RefusedError
from app.models.catalogue import listings, skus
from app.models.database import Store
from app.models.exchange import export_files
from app.models.identity import Identity
from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from tests.beginnings import Begun
from tests.journeys.driver import MORNING, OWNER, DeskDriver, rows_of


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk with one location and two SKUs."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.keeps_stock_at("SHOP", "Shop", "97214")
    driver.sells("TEA", "Green tea", STUDIO=50, SHOP=50)
    driver.sells("MUG", "Blue mug", STUDIO=50)
    driver.sells_kit("SET", "Tea for two", {"TEA": 1, "MUG": 2})
    yield driver
    driver.store.close()


def an_order(
    number: str, *lines: tuple[str, int], channel: str = "own", line_id: str = "", title: str = ""
) -> IncomingOrder:
    """Describe an order as a channel states it."""
    return IncomingOrder(
        channel=channel,
        external_id=number,
        number=number,
        placed_at=MORNING - timedelta(hours=2),
        currency="USD",
        lines=tuple(
            IncomingLine(line_id or f"{n}", sku, title or sku, units, unit_price=1000)
            for n, (sku, units) in enumerate(lines, 1)
        ),
        total=1000,
    )


def shipped(
    desk: DeskDriver, number: str, *lines: tuple[str, int], carrier: str = "UPS", **more: str
) -> None:
    """Carry an order all the way to shipped."""
    desk.takes_in(an_order(number, *(lines or (("TEA", 1),)), **more))
    desk.accepts(number)
    desk.ships(number, carrier, f"1Z-{number}")


def test_a_shipment_waits_out_its_undo_window_and_then_for_a_file(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    assert desk.waiting() == {}
    with pytest.raises(RefusedError, match="Nothing waits"):
        desk.exports("own")
    desk.waits()
    assert desk.waiting() == {("own", "ship_confirm"): 1}


def test_each_shipment_is_in_exactly_one_file(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    first = desk.waits().exports("own")
    shipped(desk, "W-2")
    second = desk.waits().exports("own")
    assert [row["order_id"] for row in rows_of(first)] == ["W-1"]
    assert [row["order_id"] for row in rows_of(second)] == ["W-2"]
    assert desk.waiting() == {}
    assert [(m.state, m.export_file_id) for m in desk.messages("ship_confirm")] == [
        ("sent", first.id),
        ("sent", second.id),
    ]


def test_a_file_can_be_downloaded_again_byte_for_byte(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    written = desk.waits().exports("own")
    desk.waits(timedelta(days=30))
    assert desk.exporter.again(written.id) == written
    with pytest.raises(NotFoundError):
        desk.exporter.again(written.id + 1)


def test_a_shipment_that_was_taken_back_in_time_is_in_no_file(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    desk.desk.run("void_shipments", order_ids=[desk.order("W-1").id], reason="Wrong label.")
    desk.waits()
    assert desk.waiting() == {}


def test_what_a_file_told_cannot_be_taken_back(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    desk.waits().exports("own")
    with pytest.raises(RefusedError, match="already told"):
        desk.desk.run("void_shipments", order_ids=[desk.order("W-1").id], reason="Too late.")
    assert desk.order("W-1").status == "shipped"


def test_a_kit_is_told_as_the_line_that_was_ordered(desk: DeskDriver) -> None:
    shipped(desk, "W-1", ("SET", 3), ("TEA", 2))
    rows = rows_of(desk.waits().exports("own"))
    assert [(row["sku"], row["quantity"]) for row in rows] == [("SET", "3"), ("TEA", "2")]


def test_the_parcels_of_a_split_order_name_their_own_lines(desk: DeskDriver) -> None:
    desk.takes_in(an_order("W-1", ("TEA", 2), ("MUG", 1)))
    desk.splits("W-1", {"TEA": "SHOP", "MUG": "STUDIO"}, reason="The shop has fresh tea.")
    desk.ships("W-1", "USPS", "9400-1", at="SHOP")
    first = rows_of(desk.waits().exports("own"))
    desk.ships("W-1", "UPS", "1Z-2", at="STUDIO")
    second = rows_of(desk.waits().exports("own"))
    seen = [
        (r["sku"], r["quantity"], r["tracking_number"], r["order_complete"])
        for r in (*first, *second)
    ]
    assert seen == [("TEA", "2", "9400-1", "no"), ("MUG", "1", "1Z-2", "yes")]


def test_what_was_cancelled_here_becomes_a_list_to_cancel_there(desk: DeskDriver) -> None:
    desk.takes_in(an_order("W-1", ("TEA", 1)))
    desk.desk.run("cancel", order_ids=[desk.order("W-1").id], reason="Customer asked.")
    file = desk.waits().exports("own", "cancel")
    assert rows_of(file) == [
        {
            "Order ID": "W-1",
            "Order": "W-1",
            "Reason": "Customer asked.",
            "Cancelled": "2025-11-21 11:30",
        }
    ]
    with pytest.raises(RefusedError, match="already told"):
        desk.desk.run("reinstate", order_ids=[desk.order("W-1").id])


def test_a_files_name_holds_nothing_that_anyone_typed(desk: DeskDriver) -> None:
    shipped(desk, "../../etc/passwd")
    file = desk.waits().exports("own")
    assert file.name == f"orderdeck-{file.id}-own-shipped-2025-11-21.csv"


def test_no_cell_of_a_file_is_a_formula(desk: DeskDriver) -> None:
    shipped(desk, '=HYPERLINK("x")', carrier="@SUM(1)", title="+1 free mug")
    row = rows_of(desk.waits().exports("own"))[0]
    assert row["order_id"] == '\'=HYPERLINK("x")'
    assert row["title"] == "'+1 free mug"
    assert row["carrier"] == "'@SUM(1)"


def test_a_viewer_writes_no_file(desk: DeskDriver) -> None:
    shipped(desk, "W-1")
    desk.waits().desk.actor = Actor("Guest", Role.VIEWER)
    with pytest.raises(NotAllowedError):
        desk.exports("own")
    assert desk.waiting() == {("own", "ship_confirm"): 1}


# -- Amazon's own rules ---------------------------------------------------------------------------


def test_amazon_gets_other_and_the_name_of_a_carrier_that_it_does_not_list(
    desk: DeskDriver,
) -> None:
    shipped(desk, "111-1", channel="amazon", carrier="Bicycle Couriers", line_id="50001")
    row = rows_of(desk.waits().exports("amazon"))[0]
    assert (row["carrier-code"], row["carrier-name"]) == ("Other", "Bicycle Couriers")


def test_an_amazon_order_without_item_ids_is_told_as_a_whole(desk: DeskDriver) -> None:
    shipped(desk, "111-1", ("TEA", 1), ("MUG", 2), channel="amazon", line_id="")
    shipped(desk, "111-2", ("TEA", 1), channel="amazon", line_id="TEA:B001:1")
    by_order = {row["order-id"]: row for row in rows_of(desk.waits().exports("amazon"))}
    assert by_order["111-2"]["order-item-id"] == by_order["111-2"]["quantity"] == ""


def test_a_part_of_an_amazon_order_without_item_ids_waits_for_the_rest(desk: DeskDriver) -> None:
    order = an_order("111-1", ("TEA", 1), ("MUG", 1), channel="amazon")
    lines = (
        IncomingLine("TEA:1", "TEA", "Tea", 1),
        IncomingLine("MUG:1", "MUG", "Mug", 1),
    )
    desk.takes_in(IncomingOrder("amazon", "111-1", "111-1", order.placed_at, "USD", lines))
    desk.splits("111-1", {"TEA": "SHOP", "MUG": "STUDIO"}, reason="Stock.")
    desk.ships("111-1", "UPS", "1Z-1", at="SHOP")
    with pytest.raises(RefusedError, match="Nothing waits"):
        desk.waits().exports("amazon")
    desk.ships("111-1", "UPS", "1Z-2", at="STUDIO")
    rows = rows_of(desk.waits().exports("amazon"))
    assert [(r["order-id"], r["tracking-number"]) for r in rows] == [("111-1", "1Z-2")]


# -- quantities -----------------------------------------------------------------------------------


def listed(
    desk: DeskDriver, channel: str, *offers: tuple[str, str, str, int | None], place: str = ""
) -> None:
    """Say what a channel shows: (its code, listing, our SKU, quantity)."""
    account = desk.account(channel)
    with desk.store.write() as db:
        known = {row.code: row.id for row in db.execute(select(skus.c.code, skus.c.id))}
        ids = Identity(db, listings)
        db.execute(
            listings.insert(),
            [
                {
                    "id": ids.take(listings), "account_id": account, "sku_text": text,
                    "listing_id": listing, "sku_id": known.get(sku), "quantity_shown": shown, "place": place,
                    "observed_at": MORNING,
                }
                for text, listing, sku, shown in offers
            ],
        )  # fmt: skip


def test_a_channel_is_told_what_all_places_together_can_promise(desk: DeskDriver) -> None:
    listed(desk, "walmart", ("WM-TEA", "1", "TEA", 7), ("WM-SET", "2", "SET", 1))
    desk.takes_in(an_order("W-1", ("TEA", 4), ("MUG", 1)))
    file = desk.exports("walmart", "quantity")
    # 100 teas - 4 reserved; 49 mugs left make 24 sets of two.
    assert rows_of(file) == [
        {"SKU": "WM-SET", "Quantity": 24},
        {"SKU": "WM-TEA", "Quantity": 96},
    ]
    assert file.name.endswith(".xlsx")


def test_a_code_that_means_nothing_here_is_left_out_and_never_told_as_zero(
    desk: DeskDriver,
) -> None:
    listed(desk, "woocommerce", ("TEA", "", "TEA", 1), ("GHOST", "", "", 3))
    rows = rows_of(desk.exports("woocommerce", "quantity"))
    assert rows == [{"SKU": "TEA", "Stock": "100"}]


def test_what_amazon_keeps_in_its_own_warehouse_is_not_told(desk: DeskDriver) -> None:
    listed(desk, "amazon", ("TEA-FBA", "", "TEA", None), ("TEA-MFN", "", "TEA", 2))
    listed(desk, "amazon", ("TEA-FBA", "B0", "TEA", 40), place="Amazon (FBA)")
    rows = rows_of(desk.exports("amazon", "quantity"))
    assert [(row["sku"], row["quantity"], row["price"]) for row in rows] == [("TEA-MFN", "100", "")]


def test_without_listings_the_codes_that_were_taught_or_sold_are_told(desk: DeskDriver) -> None:
    desk.links("own", "GREEN", "TEA")
    desk.takes_in(an_order("W-1", ("MUG", 1)))
    rows = rows_of(desk.exports("own", "quantity"))
    assert rows == [{"sku": "GREEN", "available": "100"}, {"sku": "MUG", "available": "49"}]


def test_a_number_that_moved_since_it_was_told_waits_again(desk: DeskDriver) -> None:
    listed(desk, "own", ("TEA", "", "TEA", 1), ("MUG", "", "MUG", 1))
    file = desk.exports("own", "quantity")
    assert desk.waiting() == {}
    assert {m.idempotency_key for m in desk.messages("quantity")} == {
        f"quantity:{desk.account('own')}:{sku}:{file.id}" for sku in (1, 2)
    }
    desk.desk.run("adjust", sku="TEA", location="SHOP", quantity=-3, reason="Damp.")
    assert desk.waiting() == {("own", "quantity"): 1}


def test_an_account_without_any_known_product_is_refused_in_words(desk: DeskDriver) -> None:
    with pytest.raises(RefusedError, match="No product of yours is known"):
        desk.exports("etsy", "quantity")


def test_ebay_is_told_by_item_number(desk: DeskDriver) -> None:
    listed(desk, "ebay", ("TEA", "110000000001", "TEA", 1), ("MUG", "", "MUG", 1))
    rows = rows_of(desk.exports("ebay", "quantity"), skip=1)
    told = [(r["Action"], r["Item number"], r["Available quantity"]) for r in rows]
    assert told == [("Revise", "110000000001", "100")]
    assert len(desk.messages("quantity")) == 1


# -- two desks at once ----------------------------------------------------------------------------


def _write_file(url: str, account_id: int, files: multiprocessing.Queue[int]) -> None:
    desk = Desk(Store(url), OWNER, now=lambda: MORNING + timedelta(hours=1))
    try:
        files.put(FileExporter(desk).export(account_id, "ship_confirm").rows)
    except RefusedError:
        files.put(0)


def test_two_processes_never_put_a_shipment_into_two_files(desk: DeskDriver) -> None:
    url = desk.store.url.render_as_string(hide_password=False)
    for n in range(12):
        shipped(desk, f"W-{n}")
    account = desk.account("own")
    spawn = multiprocessing.get_context("spawn")
    files: multiprocessing.Queue[int] = spawn.Queue()
    racers = [spawn.Process(target=_write_file, args=(url, account, files)) for _ in range(2)]
    for racer in racers:
        racer.start()
    rows = sorted(files.get(timeout=60) for _ in racers)
    for racer in racers:
        racer.join(timeout=60)
    assert rows == [0, 12]
    with desk.reading() as db:
        assert len(db.execute(select(export_files.c.id)).all()) == 1
