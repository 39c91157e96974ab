"""What each channel's files mean, rule by rule."""

from __future__ import annotations

import pytest

from app.domain.orders import ChannelState
from tests.sync.files import templates as t
from tests.sync.files.conftest import Reading


def holds(order: object) -> list[str]:
    return [x.code.value for x in order.holds]  # type: ignore[attr-defined]


# Shopify


def test_two_shopify_orders_may_share_a_name(read: Reading) -> None:
    rows = [t.shopify("#1"), t.shopify("#1", Id="77"), t.more("#1")]
    orders = read(t.table(t.SHOPIFY, rows)).orders
    assert [(x.external_id, len(x.lines)) for x in orders] == [("9001", 1), ("77", 2)]


def test_a_line_above_its_shopify_order_still_belongs_to_it(read: Reading) -> None:
    orders = read(t.table(t.SHOPIFY, [t.more("#1"), t.shopify("#1")])).orders
    assert [len(x.lines) for x in orders] == [2]


@pytest.mark.parametrize(
    ("risk", "held"), [("High", ["FRAUD_RISK"]), ("Medium", ["FRAUD_RISK"]), ("Low", []), ("", [])]
)
def test_an_order_that_shopify_calls_a_risk_is_held(
    read: Reading, risk: str, held: list[str]
) -> None:
    order = read(t.table([*t.SHOPIFY, "Risk Level"], [t.shopify("#1", Risk_Level=risk)])).orders[0]
    assert holds(order) == held


def test_equal_shopify_lines_stay_two_lines(read: Reading) -> None:
    order = read(t.table(t.SHOPIFY, [t.shopify("#1"), t.more("#1"), t.more("#1")])).orders[0]
    assert [x.external_id for x in order.lines] == ["TEA-001:1", "MUG-RED:1", "MUG-RED:2"]


def test_a_shopify_order_that_stands_twice_in_the_file_is_one(read: Reading) -> None:
    parsed = read(t.table(t.SHOPIFY, [t.shopify("#1"), t.more("#1")] * 2))
    assert [len(x.lines) for x in parsed.orders] == [2]
    assert "DUPLICATE_ROW_COLLAPSED" in parsed.notices


def test_a_shopify_order_that_contradicts_itself_is_kept_back(read: Reading) -> None:
    rows = [t.shopify("#1"), t.shopify("#1", Shipping_Name="Bob")]
    assert read(t.table(t.SHOPIFY, rows)).rejected[0].code == "CONFLICTING_LINES"


def test_a_tip_needs_no_sku(read: Reading) -> None:
    rows = [t.shopify("#1"), t.more("#1", Lineitem_sku="", Lineitem_requires_shipping="false")]
    assert holds(read(t.table(t.SHOPIFY, rows)).orders[0]) == []


@pytest.mark.parametrize(
    ("financial", "fulfilment", "cancelled", "state", "held"),
    [
        ("paid", "unfulfilled", "", ChannelState.OPEN, []),
        ("pending", "", "", ChannelState.AWAITING_PAYMENT, ["AWAITING_PAYMENT"]),
        ("paid", "fulfilled", "", ChannelState.SHIPPED, []),
        ("paid", "partial", "", ChannelState.OPEN, ["STATUS_UNCLEAR"]),
        ("refunded", "", "", ChannelState.CANCELLED, []),
        ("paid", "", "2025-11-21 10:14:00 -0500", ChannelState.CANCELLED, []),
        ("under_review", "", "", ChannelState.OPEN, ["STATUS_UNCLEAR"]),
    ],
)
def test_shopify_states(
    read: Reading, financial: str, fulfilment: str, cancelled: str, state: str, held: list[str]
) -> None:
    row = t.shopify(
        Financial_Status=financial, Fulfillment_Status=fulfilment, Cancelled_at=cancelled
    )
    order = read(t.table(t.SHOPIFY, [row])).orders[0]
    assert (order.state, holds(order)) == (state, held)


def test_shopify_tax_may_be_added_or_contained(read: Reading) -> None:
    rows = [
        t.shopify("#1", Taxes="2.00", Total="17.00"),
        t.shopify("#2", Taxes="2.00", Total="15.00"),
        t.shopify("#3", Taxes="2.00", Total="12.00"),
    ]
    assert [holds(x) for x in read(t.table(t.SHOPIFY, rows)).orders] == [[], [], ["TOTAL_MISMATCH"]]


def test_shopify_discounts_are_not_taken_off_twice(read: Reading) -> None:
    row = t.shopify(Lineitem_discount="1.00", Discount_Amount="1.00", Total="14.00")
    order = read(t.table(t.SHOPIFY, [row])).orders[0]
    assert (order.discount, order.lines[0].discount, holds(order)) == (0, 100, [])


# Amazon


def test_an_amazon_line_total_that_does_not_divide_stays_exact(read: Reading) -> None:
    row = t.amazon(quantity_purchased="3", item_price="10.00")
    line = read(t.table(t.AMAZON, [row], "\t")).orders[0].lines[0]
    assert (line.unit_price, line.discount) == (334, 2)


def test_an_inch_sign_in_an_amazon_title_is_data(read: Reading) -> None:
    assert read(t.table(t.AMAZON, [t.amazon()], "\t")).orders[0].lines[0].title == 'Tea 5" box'


def test_what_amazon_ships_itself_is_never_held(read: Reading) -> None:
    row = t.all_orders(fulfillment_channel="Amazon", sku="")
    order = read(t.table(t.ALL_ORDERS, [row], "\t")).orders[0]
    assert (order.fulfilled_by_channel, holds(order)) == (True, [])


def test_only_the_newest_state_of_an_amazon_order_counts(read: Reading) -> None:
    rows = [
        t.all_orders(order_status="Pending", last_updated_date="2025-11-20T15:14:00+00:00"),
        t.all_orders(order_status="Shipped"),
    ]
    parsed = read(t.table(t.ALL_ORDERS, rows, "\t"))
    assert [(len(x.lines), x.state) for x in parsed.orders] == [(1, "shipped")]
    assert "OLDER_ROWS_SKIPPED" in parsed.notices


def test_the_all_orders_report_says_that_it_has_no_item_ids(read: Reading) -> None:
    (listed,) = read(t.table(t.ALL_ORDERS, [t.all_orders()], "\t")).orders
    (sold,) = read(t.table(t.AMAZON, [t.amazon()], "\t")).orders
    assert (listed.has_line_ids, sold.has_line_ids) == (False, True)


def test_a_cancelled_amazon_item_is_not_shipped(read: Reading) -> None:
    rows = [t.all_orders(item_status="Cancelled"), t.all_orders(sku="MUG-RED")]
    order = read(t.table(t.ALL_ORDERS, rows, "\t")).orders[0]
    assert ([x.quantity for x in order.lines], order.state) == ([0, 1], "open")


def test_the_marketplace_gives_the_currency_of_a_pending_order(read: Reading) -> None:
    row = t.all_orders(
        order_status="Pending", currency="", item_price="", sales_channel="Amazon.it"
    )
    order = read(t.table(t.ALL_ORDERS, [row], "\t")).orders[0]
    assert (order.currency, holds(order)) == ("EUR", ["AWAITING_PAYMENT"])


def test_a_japanese_report_is_read_in_its_own_encoding(read: Reading) -> None:
    row = t.amazon(recipient_name="やまだ たろう", currency="JPY", item_price="1200")
    parsed = read(t.table(t.AMAZON, [row], "\t").encode("cp932"))
    assert parsed.orders[0].ship_to.name == "やまだ たろう"
    assert parsed.orders[0].lines[0].unit_price == 1200
    assert parsed.notices == ("ENCODING_GUESSED",)


# eBay


def test_an_ebay_summary_row_is_no_line_and_gives_the_totals(read: Reading) -> None:
    bare = {"Total_Price": "", "Shipping_And_Handling": "", "Sale_Date": ""}
    rows = [
        t.ebay(Item_Title="", Item_Number="", Custom_Label="", Sold_For="", Total_Price="$34.00"),
        t.ebay(Transaction_ID="1", **bare),
        t.ebay(Transaction_ID="2", Custom_Label="TEA-001", **bare),
    ]
    order = read(t.table(t.EBAY, rows)).orders[0]
    assert ([x.sku_text for x in order.lines], order.total) == (["MUG-RED", "TEA-001"], 3400)
    assert holds(order) == []


def test_an_ebay_footer_may_stand_mid_file(read: Reading) -> None:
    foot = "1,record(s) downloaded,from Sep-30-26\nSeller ID: x\n"
    one, two = t.table(t.EBAY, [t.ebay()]), t.table(t.EBAY, [t.ebay("102", "11-2")])
    parsed = read(one + foot + two + foot)
    assert len(parsed.orders) == 2
    assert parsed.notices == ("REPEATED_HEADER_SKIPPED",)


def test_a_british_ebay_report_is_read(read: Reading) -> None:
    header = [
        x.replace("Ship To Zip", "Post to postcode").replace("Ship To", "Post to") for x in t.EBAY
    ]
    text = t.table(t.EBAY, [t.ebay(Sold_For="£15.00", Total_Price="£19.00")])
    order = read(",".join(header) + "\n" + text.split("\n", 1)[1]).orders[0]
    assert (order.currency, order.ship_to.postcode) == ("GBP", "02138")


def test_an_ebay_order_without_a_number_goes_by_its_record(read: Reading) -> None:
    assert read(t.table(t.EBAY, [t.ebay("101", "")])).orders[0].external_id == "101"


def test_an_ebay_day_is_a_day_in_california(read: Reading) -> None:
    order = read(t.table(t.EBAY, [t.ebay(Ship_By_Date="Nov-24-25")])).orders[0]
    assert order.placed_at.isoformat() == "2025-11-21T20:00:00+00:00"
    assert order.ship_by is not None
    assert order.ship_by.isoformat() == "2025-11-25T07:59:59+00:00"


# Every channel


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("19.99", 1999),
        ("$1,234.50", 123450),
        (".95", 95),
        ("5", 500),
        ("EUR 7.10", 710),
        ("7 €", 700),
    ],
)
def test_amounts(read: Reading, text: str, minor: int) -> None:
    assert read(t.table(t.OWN, [t.own(unit_price=text)])).orders[0].lines[0].unit_price == minor


@pytest.mark.parametrize(
    "text", ["1e3", "NaN", "-5.00", "+5", "12.34567", "", "1,23,4", "\uff11\uff12", "5 dollars"]
)
def test_what_is_no_amount(read: Reading, text: str) -> None:
    parsed = read(t.table(t.OWN, [t.own(unit_price=text), t.own("W-2", unit_price="1.50")]))
    assert [(x.order, x.code) for x in parsed.rejected] == [("W-1", "AMOUNT_INVALID")]


def test_a_fraction_of_a_cent_is_exact_over_the_quantity(read: Reading) -> None:
    line = read(t.table(t.OWN, [t.own(unit_price="0.1250", quantity="100")])).orders[0].lines[0]
    assert line.unit_price * line.quantity - line.discount == 1250


def test_the_same_row_of_an_own_order_twice_is_one_line(read: Reading) -> None:
    parsed = read(t.table(t.OWN, [t.own(), t.own()]))
    assert len(parsed.orders[0].lines) == 1
    assert parsed.notices == ("DUPLICATE_ROW_COLLAPSED",)


def test_two_buyers_under_one_own_order_id_are_kept_back(read: Reading) -> None:
    parsed = read(t.table(t.OWN, [t.own(), t.own(name="Bob", sku="MUG-RED")]))
    assert parsed.rejected[0].code == "CONFLICTING_LINES"


def test_a_mis_spelt_column_is_suggested(read: Reading) -> None:
    text = t.table(t.OWN, [t.own()]).replace("quantity", "quantitiy", 1)
    assert "“quantity” is missing" in read(text).refusal
    assert "Is “quantitiy” meant" in read(text).refusal


@pytest.mark.parametrize(
    ("postcode", "state", "country", "offered"),
    [
        ("2138", "MA", "US", "02138"), ("601", "PR", "USA", "00601"),
        ("2138-1234", "MA", "US", "02138-1234"), ("1067", "", "DE", "01067"),
        ("9021", "CA", "US", "too short"), ("ABC", "MA", "US", "not five digits"),
    ],
)  # fmt: skip
def test_a_shortened_postcode_is_held(
    read: Reading, postcode: str, state: str, country: str, offered: str
) -> None:
    order = read(t.table(t.OWN, [t.own(zip=postcode, state=state, country=country)])).orders[0]
    assert holds(order) == ["ADDRESS_ZIP"]
    assert offered in order.holds[0].reason
    assert order.ship_to.postcode == postcode


def test_shipped_orders_are_not_held_for_their_address(read: Reading) -> None:
    order = read(t.table(t.EBAY, [t.ebay(Ship_To_Zip="2138", Shipped_On_Date="Nov-21-25")])).orders[
        0
    ]
    assert (order.state, holds(order)) == ("shipped", [])


def test_capitals_with_signs_after_them_are_not_garbled(read: Reading) -> None:
    order = read(t.table(t.OWN, [t.own(name="CAFÉ® NÃO “É”")])).orders[0]
    assert holds(order) == []


def test_stock_and_catalogue_files(read: Reading) -> None:
    stock = read("SKU,Location,On hand\nTEA,Garage,5\nTEA,Shop,-1\n")
    assert [(x.sku, x.location, x.on_hand) for x in stock.stock] == [("TEA", "Garage", 5)]
    assert stock.rejected[0].code == "QTY_NOT_POSITIVE"
    skus = read(
        "sku,title,cost,currency,weight_g\nTEA,Tea,1.20,EUR,90\nTEA,Tee,1.20,EUR,90\nMUG,Mug,,,\n"
    )
    assert [(x.sku, x.cost) for x in skus.skus] == [("MUG", None)]
    assert {x.code for x in skus.rejected} == {"CONFLICTING_LINES"}


def test_a_kit_is_kept_back_whole(read: Reading) -> None:
    parsed = read("kit,component,quantity\nA,TEA,2\nA,MUG,x\nB,B,1\nC,TEA,1\n")
    assert [(x.order, x.code) for x in parsed.rejected] == [
        ("A", "QTY_INVALID"), ("B", "KIT_CONTAINS_ITSELF"),
    ]  # fmt: skip
    assert [x.kit for x in parsed.kits] == ["C"]


def test_shopify_inventory_knows_untracked_from_zero(read: Reading) -> None:
    head = "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO"
    now = read(head + ",Location,Available\nh,Tea,Size,L,T,,,Shop,-2\nh,Tea,Size,M,U,,,Shop,\n")
    assert [(x.title, x.quantity) for x in now.listings] == [("Tea - L", -2), ("Tea - M", None)]
    old = read(head + ",Garage,Shop\nh,Tea,,,T,,,3,not stocked\n")
    assert [(x.location, x.quantity) for x in old.listings] == [("Garage", 3), ("Shop", None)]


def test_limits_are_refused_with_the_limit(read: Reading) -> None:
    wide = ",".join([*t.OWN, *(f"x{i}" for i in range(600))])
    assert "512" in read(wide + "\n").refusal
    long = ",".join(t.OWN) + "\n" + "a,b,c,d,e,f,g,h,i,j,k,l,m,n\n" * 200_001
    assert read(long).refusal_code == "TOO_MANY_ROWS"
    assert read(b"x" * (50 * 1024 * 1024 + 1)).refusal_code == "TOO_LARGE"


def test_orders_without_their_ids_are_not_taken_for_stock(read: Reading) -> None:
    text = (
        t.table(t.EBAY, [t.ebay()])
        .replace("Sales Record Number", "A")
        .replace("Custom Label", "SKU")
    )
    parsed = read(text)
    assert "eBay orders report" in parsed.refusal
    assert read("sku,on_hand,supplier\nTEA,3,x\n").stock[0].on_hand == 3


def test_a_date_repaired_as_advised_is_taken_in_every_channel(read: Reading) -> None:
    orders = read(t.table(t.EBAY, [t.ebay(Sale_Date="2025-11-21")])).orders
    assert orders[0].placed_at.isoformat() == "2025-11-21T20:00:00+00:00"
