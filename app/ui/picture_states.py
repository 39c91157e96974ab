"""What else is drawn of a window: searching, importing several files, what Today says of itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QPushButton, QScrollArea

from app.analytics.costs.report import By
from app.domain.cases import CaseKind
from app.domain.casework.kinds import TEMPLATES
from app.domain.costs.serving import Step
from app.domain.kpis.kinds import Dimension, Measure
from app.ui.lists.search_box import SearchBox
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.channels.pictured import some_accounts
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.insights.backtest.part import BacktestView
from app.ui.pages.insights.backtest.trying import TryNumbers
from app.ui.pages.insights.cost.part import CostToServe
from app.ui.pages.insights.figures import Figures
from app.ui.pages.insights.launch.part import LaunchView
from app.ui.pages.insights.page import InsightsPage
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.insights.reading import Shown, Wish
from app.ui.pages.orders.page import OrdersPage
from app.ui.pages.returns.page import ReturnsPage
from app.ui.pages.rules.page import RulesPage
from app.ui.pages.today.page import TodayPage
from app.ui.window import Window

AWAY: Final = timedelta(hours=15)
_ORDERS = """order_id,created_at,email,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency
3101,2026-10-12T09:14:00-04:00,mara@example.com,Mara Lindqvist,14 Alder Ct,Portland,OR,97205,US,MUG-TID-010,Mug,2,24.00,USD
3102,2026-10-12T09:31:00-04:00,deon@example.com,Deon Baker,880 Poplar St,Memphis,TN,38104,US,MUG-TID-010,Mug,1,24.00,USD
"""
_UNKNOWN = """Bestellnr;Datum;Kunde;Strasse;Ort;PLZ;Artikel;Menge;Preis
7001;12.10.2026;Mara Lindqvist;14 Alder Ct;Portland OR;97205;MUG-TID-010;2;24,00
7002;12.10.2026;Deon Baker;880 Poplar St;Memphis TN;38104;MUG-TID-012;1;34,00
"""
_STOCK = "sku,location,on_hand\nMUG-TID-010,STUDIO,42\nMUG-TID-012,RENO,18\n"


class MoreStates:
    """Brings a window into a state; ``settle`` waits until it has come."""

    def __init__(self, window: Window, settle: Callable[[], object]) -> None:
        self._window, self._settle = window, settle

    def all(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what is drawn, by name."""
        return [
            ("exceptions-score", self._card_score), ("channels-messages", partial(self._window.go, "channels", "messages")),
            ("today-score", self._score), ("today-since", self._since),
            ("orders-completion", self._completion), ("orders-chips", self._chips),
            ("orders-filter", self._filter), ("orders-search-help", self._search_help),
            ("orders-columns", lambda: self._ask("view.choose_columns")),
            ("orders-hold", lambda: self._ask("orders.hold_orders")),
            ("orders-cancel", lambda: self._ask("orders.cancel_orders")),
            ("import-queue", self._queue), ("import-columns", self._columns),
            ("settings-brand", partial(self._change, "Change the brand")),
            ("settings-matrix", partial(self._change, f"Change “{TEMPLATES[CaseKind.PARCEL_LOST].title}”")),
            ("settings-returns", partial(self._change, "Change where what came back goes")),
            ("settings-ladder", partial(self._change, f"Change the ladder of “{TEMPLATES[CaseKind.PARCEL_LOST].title}”")),
            ("settings-offers", partial(self._change, "Change “Lost”")),
            ("settings-place", self._place), ("channels-accounts", self._accounts),
            ("channels-connect", self._connect),
            ("orders-explained", self._explained), ("orders-timeline", self._timeline),
            ("rules-routing", self._routing),
            ("rules-routing-changed", self._routing_changed),
            ("rules-rates", self._rates),
            ("shipments-ways-out", self._ways_out),
            ("shipments-unscanned", partial(self._window.go, "shipments", "is:unscanned")),
            ("shipments-trouble", partial(self._window.go, "shipments", "is:trouble")),
            ("shipments-codes", self._codes), ("shipments-scan", self._scan),
            ("insights-rows", self._insight_rows),
            ("insights-backtest", self._backtest), ("insights-backtest-one", self._backtest_one),
            ("insights-where", partial(self._insights, "where")),
            ("insights-times", partial(self._insight, Shown.TIMES)),
            ("insights-stock", partial(self._insight, Shown.STOCK)),
            ("insights-costs", partial(self._costs, "steps")),
            ("insights-costs-most", partial(self._costs, "most")),
            ("insights-launch", partial(self._insights, "launch")),
            ("insights-launch-planned", self._launch),
            ("returns-whose", self._whose), ("returns-inspect", self._inspect),
            ("channels-payouts", partial(self._window.go, "channels", "payouts")),
            ("channels-payouts-look", partial(self._window.go, "channels", "payouts:look")),
        ]  # fmt: skip

    # ---- Parcels --------------------------------------------------------------------------------

    def _codes(self) -> None:
        """Show the codes of carriers that have no meaning."""
        self._window.go("shipments", "is:unmapped")
        self._settle()
        self._window.register.run("shipments.codes")

    def _scan(self) -> None:
        """Ask where a parcel is."""
        self._window.go("shipments", "is:moving")
        self._settle()
        self._window.register.run("shipments.note_scan")

    # ---- Routing --------------------------------------------------------------------------------

    def _explained(self) -> None:
        """Show why an order ships from where it is suggested, and what would change that."""
        self._window.go("orders")
        self._orders.show_view(self._orders.view_of("ready"))
        self._settle()
        self._orders.explain()

    def _timeline(self) -> None:
        """Show all that happened to an order that has left, down to where it was first seen."""
        self._window.go("orders")
        self._orders.show_view(self._orders.view_of("shipped"))
        self._settle()
        (area,) = self._orders.pane.findChildren(QScrollArea)
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())

    def _routing(self) -> None:
        self._window.go("rules", "routing")

    def _rates(self) -> None:
        """What services cost, and where one of them is offered."""
        self._window.go("rules", "rates")
        self._settle()
        page = self._window.pages["rules"]
        assert isinstance(page, RulesPage)
        page.rates.ask_offer(next(iter(page.rates.rows)))

    def _routing_changed(self) -> None:
        """Show the policy with another order of its objectives, and what that would change."""
        self._window.go("rules", "routing")
        self._settle()
        page = self._window.pages["rules"]
        assert isinstance(page, RulesPage)
        page.routing.draft("objectives", ["promise", "money within 200", "distance", "money"])

    # ---- Insights -------------------------------------------------------------------------------

    def _insights(self, view: str = "figures") -> InsightsPart:
        page = self._window.pages["insights"]
        assert isinstance(page, InsightsPage)
        self._window.go("insights", view)
        self._settle()
        return page.part

    def _figures(self) -> Figures:
        part = self._insights()
        assert isinstance(part, Figures)
        return part

    def _insight(self, shown: Shown) -> None:
        """Show how long orders took, or stock beside sales."""
        self._figures().look(Wish(Measure.CYCLE_TIME, Dimension.CHANNEL, 13, shown))

    def _insight_rows(self) -> None:
        """Show the rows that a number counts."""
        page = self._figures()
        page.look(Wish(Measure.ON_TIME_SHIP, Dimension.KIND))
        numbers = page.tiles.cards[Measure.ON_TIME_SHIP].numbers
        if numbers:
            page.show_rows(numbers[0][0])

    def _costs(self, shown: str) -> None:
        """Show what channels and SKUs cost to serve, and the orders behind one step."""
        part = self._insights("cost")
        assert isinstance(part, CostToServe)
        part.look(By.CHANNEL_SKU, 90, shown)
        self._settle()
        if part.found is not None and part.found.report.rows:
            part.show_orders(part.found.report.rows[0].key, (Step.POSTAGE,))

    def _backtest(self) -> None:
        """Show what each number of a buffer would have cost."""
        part = self._insights("backtest")
        assert isinstance(part, BacktestView)
        assert part.known is not None
        if part.tried is None:
            part.begin(TryNumbers("buffer_units", range(5), "", part.known.channels))
            self._settle()

    def _backtest_one(self) -> None:
        """Show one of the numbers by itself."""
        self._backtest()
        part = self._insights("backtest")
        assert isinstance(part, BacktestView)
        part.open_number(2)

    def _launch(self) -> None:
        """Show the list of a channel that is being prepared; drawn once, for the desk stays as it is."""
        part = self._insights("launch")
        assert isinstance(part, LaunchView)
        if part.found is None or part.found.board is not None or not part.found.accounts:
            return
        part.asking.run("plan_launch", account_id=part.found.accounts[-1].id, uplift=20)
        self._settle()

    # ---- Channels -------------------------------------------------------------------------------

    def _accounts(self) -> None:
        """Show accounts as they may do; drawn from values, for no account is connected here."""
        page = self._window.pages["channels"]
        assert isinstance(page, ChannelsPage)
        self._window.go("channels")
        self._settle()
        shown = some_accounts(self._window.operations.now())
        page.accounts.present(shown)
        self._window.channels.present(shown.accounts)

    def _connect(self) -> None:
        self._window.go("channels")
        self._settle()
        page = self._window.pages["channels"]
        assert isinstance(page, ChannelsPage)
        page.accounts.connect_channel()

    # ---- Shipments ------------------------------------------------------------------------------

    def _ways_out(self) -> None:
        """Show a parcel that is lost, and what can be done about it."""
        self._window.go("shipments", "is:lost")
        self._settle()

    def _whose(self) -> None:
        self._window.go("returns", "is:orphan")
        self._settle()

    def _inspect(self) -> None:
        self._window.go("returns", "is:inspect -is:orphan")
        self._settle()
        page = self._window.pages["returns"]
        assert isinstance(page, ReturnsPage)
        page.inspect()

    # ---- Today ----------------------------------------------------------------------------------

    @property
    def _today(self) -> TodayPage:
        page = self._window.pages["today"]
        assert isinstance(page, TodayPage)
        return page

    def _card_score(self) -> None:
        self._window.go("exceptions", "")
        self._settle()
        page = self._window.pages["exceptions"]
        assert isinstance(page, ExceptionsPage)
        page.open_score()

    def _score(self) -> None:
        self._window.go("today")
        self._settle()
        if not self._today.is_score_open:
            self._today.open_score()

    def _since(self) -> None:
        if self._today.is_score_open:
            self._today.open_score()
        self._window.go("today")
        state = self._today.state()
        left = (self._window.operations.now() - AWAY).isoformat()
        self._today.restore({"seen": dict.fromkeys(state["seen"], left)})

    # ---- searching ------------------------------------------------------------------------------

    @property
    def _orders(self) -> OrdersPage:
        page = self._window.pages["orders"]
        assert isinstance(page, OrdersPage)
        return page

    def _box(self, text: str) -> SearchBox:
        self._window.go("orders", "")
        self._orders.show_view(self._orders.view_of("all"))
        self._settle()
        self._window.activateWindow()  # words are offered only to who types
        self._settle()
        box = self._orders.search_box
        box.focus()
        box.field.setText(text)
        box.field.textEdited.emit(text)
        self._settle()
        return box

    def _completion(self) -> None:
        self._box("channel:shopify is:he")

    def _chips(self) -> None:
        self._window.go("orders", "channel:shopify,etsy total:>50 -is:held")
        self._orders.list.setFocus()

    def _filter(self) -> None:
        self._chips()
        self._settle()
        self._orders.search_box.panel.open()

    def _search_help(self) -> None:
        self._orders.search_box.panel.close_overlay()
        self._window.open_search_help()

    def _ask(self, command: str) -> None:
        self._window.go("orders", "")
        self._orders.show_view(self._orders.view_of("ready"))
        self._settle()
        self._orders.list.setFocus()
        self._window.register.run(command)

    # ---- importing ------------------------------------------------------------------------------

    def _queue(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="orderdeck-"))
        paths = []
        for name, text in (("orders-monday.csv", _ORDERS), ("stock-count.csv", _STOCK),
                           ("bestellungen.csv", _UNKNOWN), ("photo.png", "\x89PNG")):  # fmt: skip
            paths.append(folder / name)
            paths[-1].write_text(text, encoding="utf-8")
        self._window.import_files(paths)

    def _columns(self) -> None:
        path = Path(tempfile.mkdtemp(prefix="orderdeck-")) / "bestellungen.csv"
        path.write_text(_UNKNOWN, encoding="utf-8")
        self._window.import_files([path])

    # ---- settings -------------------------------------------------------------------------------

    def _change(self, name: str) -> None:
        self._window.go("settings")
        self._settle()
        page = self._window.pages["settings"]
        acts = page.findChildren(QPushButton)
        next(act for act in acts if act.accessibleName() == name).click()

    def _place(self) -> None:
        from app.queries.inventory import location_rows

        first = self._window.operations.desk.read(location_rows)[0]
        self._change(f"Change {first.name}")
