"""Draw every page and its main states into files: for the manual, and for whoever looks them over."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from app.domain.roles import Actor, Role
from app.errors import StoreError
from app.queries.overview import overview
from app.services.backup import Restored, look_into
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.services.setup import OWNER
from app.ui.first_run.orders_step import DEMO_ORDERS, DEMO_SEED
from app.ui.first_run.places import HOURS, ORDERS
from app.ui.operations import Operations
from app.ui.overlay import Overlay
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.channels.pictured import some_messages
from app.ui.pages.inventory.page import InventoryPage
from app.ui.pages.orders.page import OrdersPage
from app.ui.pages.returns.page import ReturnsPage
from app.ui.pages.rules.page import RulesPage
from app.ui.picture_states import MoreStates
from app.ui.recovery import Recovery
from app.ui.resting import come_to_rest
from app.ui.theme import Theme
from app.ui.window import Window

SIZES = (("", 1920, 1080), ("-1366", 1366, 768))
LOOKS = ("light", "dark")
_FIRST_VIEW = {"insights": "figures"}  # whatever was looked at last
SHARP = 2  # the device pixels of a screen that is twice as fine; drawn at the first size
PATIENCE_S = 20
SAMPLE = """order_id,created_at,email,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency
2041,2026-10-12T09:14:00-04:00,mara@example.com,Mara Lindqvist,14 Alder Ct,Portland,OR,97205,US,{sku},Sample,2,24.00,USD
2042,2026-10-12T09:31:00-04:00,deon@example.com,Deon Baker,880 Poplar St,Memphis,TN,38104,US,{sku},Sample,1,24.00,USD
2043,2026-10-12T09:40:00-04:00,ines@example.com,Inês Araújo,5 Bay View,Tampa,FL,3360,US,{sku},Sample,1,24.00,USD
2044,2026-10-12T10:02:00-04:00,wes@example.com,Wes Okafor,77 Canal St,Chicago,IL,60606,US,{sku},Sample,two,24.00,USD
2045,2026-10-12T10:20:00-04:00,lena@example.com,Lena Fischer,3 Mill Rd,Boise,ID,83702,US,{sku},Sample,1,24.O0,USD
2046,2026-10-12T10:41:00-04:00,otto@example.com,Otto Nguyen,9 Pier Ave,San Diego,CA,92101,US,NEW-TOTE-BAG,Tote bag,1,18.00,USD
"""


def draw_all(
    application: QApplication, operations: Operations, folder: Path, *, demo: bool, theme: str = ""
) -> int:
    """Draw everything in light and dark, or in the one of them that is named; return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    if demo:
        _fill(operations)
    for mode in (theme,) if theme in LOOKS else LOOKS:
        dress = Theme(application, mode)
        for suffix, wide, tall in SIZES:
            artist = _Artist(operations, dress, folder, f"{mode}{suffix}", is_sharp=not suffix)
            artist.window.resize(wide, tall)
            artist.draw_main()
            artist.draw_states()
            artist.window.close()
            _draw_calm(dress, folder, f"{mode}{suffix}", (wide, tall))
        _draw_recovery(folder, mode)
    return 0


def _draw_calm(theme: Theme, folder: Path, suffix: str, size: tuple[int, int]) -> None:
    """Draw what a desk says in which there is nothing to do."""
    with tempfile.TemporaryDirectory(prefix="orderdeck-") as scratch:
        store = open_ready_store(f"sqlite:///{Path(scratch) / 'new.db'}", now=utc_now())
        operations = Operations(Desk(store, Actor(OWNER, Role.OWNER)))
        artist = _Artist(operations, theme, folder, suffix, is_sharp=False)
        artist.window.resize(*size)
        for page in ("today", "orders", "channels"):
            artist.window.go(page)
            artist.draw(f"{page}-calm")
        operations.close()
        artist.window.close()
        store.close()


def _draw_recovery(folder: Path, suffix: str) -> None:
    """Draw what stands in place of a desk whose database cannot be opened."""
    with tempfile.TemporaryDirectory(prefix="orderdeck-") as scratch:
        place = Path(scratch) / "desk.db"
        place.write_bytes(b"no database any more" * 400)
        try:
            open_ready_store(f"sqlite:///{place}", now=utc_now()).close()
        except StoreError as error:
            screen = Recovery(error, place, look_into, _no_restore)
            screen.show()
            screen.grab().save(str(folder / f"recovery-{suffix}.png"))
            screen.close()
            screen.deleteLater()


def _no_restore(path: Path) -> Restored:
    """A picture restores nothing."""
    raise StoreError(f"{path.name} was not restored.", "Open the desk to restore a backup.")


def _fill(operations: Operations) -> None:
    desk = operations.desk
    counts = desk.read(overview, now=desk.now())
    if not counts.orders and not counts.skus:
        from app.services import demo

        demo.fill(desk, orders=DEMO_ORDERS, seed=DEMO_SEED)
        some_messages(desk)


class _Artist:
    """Walks through one window and draws what it shows."""

    def __init__(
        self, operations: Operations, theme: Theme, folder: Path, suffix: str, *, is_sharp: bool
    ) -> None:
        self._operations, self._folder = operations, folder
        self._suffix, self._is_sharp = suffix, is_sharp
        self.window = Window(operations, theme)
        self.window.show()

    def draw_main(self) -> None:
        """Draw every page."""
        self.window.count()
        for page in self.window.pages:
            self.window.go(page, _FIRST_VIEW.get(page))
            self.draw(page)

    def draw_states(self) -> None:
        """Draw what else a person meets."""
        for name, state in (
            ("orders-bulk", self._bulk), ("orders-held", self._held), ("orders-short", self._short),
            ("orders-to-ship", self._to_ship), ("orders-shipped", self._shipped),
            ("orders-override", self._override), ("orders-nothing-found", self._nothing_found),
            ("orders-search-error", self._search_error), ("inventory-receive", self._receive),
            ("inventory-kit", self._kit), ("inventory-record", self._record),
            ("inventory-channels", self._channels_told),
            ("import-preview", self._import),
            ("rules-review", self._rules_review), ("rules-changed", self._rule_changed), ("rules-preview", self._rules_preview),
            ("rules-trace", self._rules_trace),
            ("rules-condition", self._rule_from_lists), ("rules-deed", self._deed_from_lists), ("palette", self._palette), ("keys", self._keys),
            ("change-keys", self.window.key_editor.open), ("activity", self._activity),
            ("about", self.window.about.open), ("manual", self.window.manual.open),
            ("notifications", self.window.notify_settings.open), ("closing", self._closing),
            ("drop", self._drop), ("message", self._message),
            ("first-run", self._first_run), ("first-run-orders", self._first_orders),
            ("first-run-hours", self._first_hours),
            ("policy-sheet", self._policy), ("time-machine", self._back),
            ("print-slips", self._slips), ("print-picks", self._picks),
            ("plan", self._plan),
            *MoreStates(self.window, self._settle).all(),
        ):  # fmt: skip
            with self._clean():
                state()
                self.draw(name)

    @contextmanager
    def _clean(self) -> Iterator[None]:
        yield
        window = self.window
        window.palette_box.close_overlay()
        window.key_sheet.close_overlay()
        window.imports.leave()
        window.drop_zone.hide()
        window.messages.clear()
        window.toast.hide()
        for item in self._operations.activity.running:
            item.end("Stopped")
        while (on_top := Overlay.on_top(window)) is not None:
            on_top.leave()
        self._orders.pane.close_question()
        self._rules.previewed.close_preview()
        self.window.pages["channels"].search("")
        returns = window.pages["returns"]
        assert isinstance(returns, ReturnsPage)
        returns.pane.close_question()
        inventory = window.pages["inventory"]
        assert isinstance(inventory, InventoryPage)
        inventory.editor.leave()
        inventory.pane.close_question()

    def draw(self, name: str) -> None:
        """Draw the window as it is now."""
        self._settle()
        self._grab(1).save(str(self._folder / f"{name}-{self._suffix}.png"))
        if self._is_sharp:
            self._grab(SHARP).save(str(self._folder / f"{name}-{self._suffix}-{SHARP}x.png"))

    def _grab(self, scale: int) -> QPixmap:
        """Return the window as a screen with so many device pixels to a point would show it."""
        picture = QPixmap(self.window.size() * scale)
        picture.setDevicePixelRatio(scale)
        self.window.render(picture)
        return picture

    def _settle(self) -> None:
        """Wait until everything that was asked has been answered and drawn."""
        come_to_rest(self._operations, PATIENCE_S)

    # ---- states ---------------------------------------------------------------------------------

    @property
    def _orders(self) -> OrdersPage:
        page = self.window.pages["orders"]
        assert isinstance(page, OrdersPage)
        return page

    def _view(self, key: str) -> None:
        self.window.go("orders", "")
        self._orders.show_view(self._orders.view_of(key))
        self._settle()

    def _bulk(self) -> None:
        self._view("ready")
        self._orders.select_all()

    def _held(self) -> None:
        self._view("held")

    def _short(self) -> None:
        self._view("short")

    def _to_ship(self) -> None:
        self._view("toship")
        if self._orders.detail is not None:
            self._orders.verbs.ship()

    def _shipped(self) -> None:
        self._view("shipped")

    def _override(self) -> None:
        self._view("ready")
        self._orders.verbs.override()

    def _nothing_found(self) -> None:
        self.window.go("orders", "nobody at all")

    def _search_error(self) -> None:
        self.window.go("orders", "total:>lots")

    def _receive(self) -> None:
        page = self.window.pages["inventory"]
        assert isinstance(page, InventoryPage)
        self.window.go("inventory")
        self._settle()
        page.list.go(1)
        self._settle()
        page.verbs.receive()

    @property
    def _rules(self) -> RulesPage:
        page = self.window.pages["rules"]
        assert isinstance(page, RulesPage)
        return page

    def _rules_review(self) -> None:
        self.window.go("rules")

    def _rule_changed(self) -> None:
        """A new rule that comes too late, with its finding and the trace of an order."""
        self.window.go("rules")
        self._settle()
        page = self._rules
        if not page.book.rules:
            return
        page.editor.condition.setText("ANY(sku:POT-* qty:>1) -channel:etsy")
        page.editor.deeds.setPlainText("ship AUSTIN, else STUDIO\ntag fragile\nneed signature")
        page.editor.take()

    def _rule_from_lists(self) -> None:
        """A condition is chosen from lists."""
        self.window.go("rules")
        self._settle()
        self._rules.editor.add_condition.click()

    def _deed_from_lists(self) -> None:
        """What is done is chosen from a list."""
        self._rule_from_lists()
        self._rules.filter.close_overlay()
        self._rules.editor.add_deed.click()

    def _rules_trace(self) -> None:
        """What each rule says of one order."""
        self.window.go("rules")
        self._settle()
        self._rules.show_trace()

    def _rules_preview(self) -> None:
        self._rule_changed()
        self._settle()
        self._rules.preview()

    def _kit(self) -> None:
        self._inventory_view("kits")

    def _channels_told(self) -> None:
        self._inventory_view("told")

    def _record(self) -> None:
        page = self._inventory_view("record")
        page.list.go(2)
        self._settle()
        page.editor.open()

    def _inventory_view(self, key: str) -> InventoryPage:
        self.window.go("inventory")
        page = self.window.pages["inventory"]
        assert isinstance(page, InventoryPage)
        page.show_view(page.view_of(key))
        self._settle()
        return page

    def _import(self) -> None:
        self._view("ready")
        folder = Path(tempfile.mkdtemp(prefix="orderdeck-"))
        path = folder / "orders-of-today.csv"
        path.write_text(SAMPLE.format(sku=self._some_sku()), encoding="utf-8")
        self.window.import_files([path])

    def _some_sku(self) -> str:
        from app.queries.inventory import inventory_rows

        rows = self._operations.desk.read(inventory_rows, query="free:>20", limit=1)
        return rows[0].code if rows else "SAMPLE"

    def _policy(self) -> None:
        page = self.window.pages["channels"]
        assert isinstance(page, ChannelsPage)
        self.window.go("channels", "policy:etsy")
        self._settle()
        for field, value in (("stock_mode", "capped"), ("cap_units", "3")):
            page.sheet.draft("etsy", field, value)
            self._settle()

    def _back(self) -> None:
        page = self.window.pages["inventory"]
        assert isinstance(page, InventoryPage)
        self.window.open_sku(self._some_sku())
        self._settle()
        page.look_back()
        self._settle()
        page.looking_back().earlier()
        self._settle()

    def _plan(self) -> None:
        self._view("ready")
        self.window.plan_queue()

    def _slips(self) -> None:
        self._view("toship")
        self._orders.select_all()
        self._settle()
        self.window.register.run("orders.print_slips")

    def _picks(self) -> None:
        self._view("toship")
        self._orders.select_all()
        self._settle()
        self.window.register.run("orders.print_pick_list")

    def _palette(self) -> None:
        self._view("ready")
        self.window.open_palette()

    def _keys(self) -> None:
        self.window.open_keys()

    def _activity(self) -> None:
        item = self._operations.activity.begin("Import orders-of-today.csv", stop=lambda: None)
        item.progress(340, 1200)
        self.window.activity_list.open()

    def _closing(self) -> None:
        item = self._operations.activity.begin("Hold 12,000 orders", stop=lambda: None)
        item.progress(3400, 12_000)
        self.window.leaving.may()
        item.end("Stopped")

    def _drop(self) -> None:
        self._view("ready")
        self.window.drop_zone.open()

    def _message(self) -> None:
        self.window.complain(
            "The address of the order was not changed: it has shipped.",
            "Tell the carrier, or write a note on the order.",
        )
        self.window.say("Accepted 98 orders, 2 skipped", "#1042: it is on hold.", can_undo=True)

    def _first_run(self) -> None:
        self.window.toast.hide()
        self.window.show_first_run()

    def _first_orders(self) -> None:
        self.window.show_first_run(ORDERS)

    def _first_hours(self) -> None:
        self.window.show_first_run(HOURS)
