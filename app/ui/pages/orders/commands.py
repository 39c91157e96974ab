"""Which actions does the page Orders have, under which keys?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.queries.order_detail import OrderDetail
from app.ui.commands import Command
from app.ui.pages.orders.choices import KEYS, joinable

if TYPE_CHECKING:  # the page declares its commands, and the commands run on the page
    from app.ui.pages.orders.page import OrdersPage


def order_commands(page: OrdersPage) -> Sequence[Command]:
    """Declare the verbs of the queue."""
    actions, can = page.verbs, _Can(page)

    def command(
        name: str, title: str, run: Callable[[], object], key: str, icon: str,
        why_not: Callable[[], str], *, menu: str = "Order", explained: str = "",
    ) -> Command:  # fmt: skip
        return Command(f"orders.{name}", title, run, key, icon, menu, "orders", why_not, explained)

    return (
        command("accept_suggestion", "Accept suggestion", actions.accept, "A", "accept",
                can.do_to_any, explained="Ship from where it is suggested; works on all selected"),
        command("ship_what_is_there", "Accept what is in stock", actions.ship_what_is_there,
                "Shift+A", "split", can.do_to_one_open, explained="The rest of the order waits"),
        command("override_suggestion", "Ship from elsewhere…", actions.override, "O", "override",
                can.do_to_one_open, explained="Choose another location, with a reason"),
        command("split_order", "Split…", actions.split, "P", "split", can.do_to_one_open,
                explained="Choose a location for each line"),
        command("ship_parcel", "Ship…", actions.ship, "S", "ship", can.ship,
                explained="Enter carrier and tracking number; of several, paste their list"),
        command("ship_together", "Ship together…", actions.ship_together, "M", "shipments",
                can.ship_together, explained="Orders to the same address in one parcel"),
        command("suggest_anew", "Suggest anew", actions.suggest_anew, "R", "refresh",
                can.do_to_any, explained="Work out again where it would ship from"),
        command("plan_queue", "Plan the queue…", page.shell.plan_queue, "Shift+R", "split",
                can.anything, explained="All open orders together: what it saves, what changes"),
        command("print_slips", "Print packing slips…", actions.print_slips, "Ctrl+P", "print",
                can.do_to_any, explained="One for each parcel of what is selected, with a preview"),
        command("print_pick_list", "Print pick list…", actions.print_picks, "L", "print",
                can.do_to_any, explained="What to take from which bin, for all selected"),
        command("hold_orders", "Hold…", actions.hold, "H", "hold", can.hold),
        command("release_orders", "Release", actions.release, "U", "release", can.release,
                explained="Lift the holds that a person may lift"),
        command("tag_orders", "Tag…", actions.tag, "T", "tag", can.do_to_any,
                explained="Put a word on the orders, for your team"),
        command("untag_orders", "Take a tag off…", actions.untag, "Shift+T", "tag", can.untag),
        command("assign_orders", "Assign…", actions.assign, "Y", "person", can.do_to_any,
                explained="Ask someone at the desk to take care of it"),
        command("withdraw_decision", "Take decision back", actions.withdraw, "W", "withdraw",
                can.withdraw),
        command("cancel_orders", "Cancel order…", actions.cancel, "C", "cancel", can.do_to_any),
        command("explain_suggestion", "Explain the suggestion", page.explain, "E", "info",
                can.do_to_one, explained="What each location costs, and what would change it"),
        command("correct_address", "Correct address…", actions.correct_address, "D", "location",
                can.mend_address),
        command("write_note", "Note…", actions.note, "N", "note", can.do_to_one),
        command("take_over_change", "Take over the channel's change", actions.take_over, "",
                "change", can.decide_change),
        command("keep_version", "Keep the old version", actions.keep, "", "change",
                can.decide_change),
        *(
            command(f"take_choice_{number}", f"Take way out {number}",
                    partial(actions.take_choice, number), str(number), "next",
                    partial(can.take_choice, number),
                    explained="As numbered beside the order")
            for number in range(1, KEYS + 1)
        ),
        command("select_all", "Select all in this view", page.select_all, "Ctrl+A", "select",
                can.anything, menu="Edit"),
        command("toggle_selected", "Select or leave out", page.list.toggle_current, "X|Space",
                "select", can.anything, menu="Edit"),
    )  # fmt: skip


class _Can:
    """What stands in the way of a verb now, in a few words."""

    def __init__(self, page: OrdersPage) -> None:
        self._page = page

    def anything(self) -> str:
        """Need a list that is not empty."""
        return "" if self._page.model.rowCount() else "the list is empty"

    def do_to_any(self) -> str:
        """Need at least one order."""
        return "" if self._page.list.selected_count else "no order is selected"

    def do_to_one(self) -> str:
        """Need exactly one order."""
        if self._page.list.selected_count > 1:
            return "select a single order"
        return "" if self._page.detail else "no order is selected"

    def do_to_one_open(self) -> str:
        """Need one order that is not decided and not held."""
        reason, detail = self.do_to_one(), self._page.detail
        if reason or detail is None:
            return reason
        if detail.status not in ("open", "partly_shipped"):
            return "it is decided already"
        return "it is on hold" if detail.is_held else ""

    def hold(self) -> str:
        """Need something that nobody holds yet."""
        return self._of_one("it is on hold already", lambda detail: not detail.is_held)

    def release(self) -> str:
        """Need something that is on hold."""
        return self._of_one("it is not on hold", lambda detail: detail.is_held)

    def untag(self) -> str:
        """Need something that has a tag."""
        return self._of_one("it has no tag", lambda detail: bool(detail.tags))

    def withdraw(self) -> str:
        """Need something that is decided and still here."""
        return self._of_one("nothing of it is decided", lambda detail: detail.status == "accepted")

    def take_choice(self, number: int) -> str:
        """Need one order that offers so many ways out."""
        reason = self.do_to_one()
        if reason:
            return reason
        return "" if number <= self._page.verbs.offered() else "it offers no such way out"

    def _of_one(self, reason: str, fits: Callable[[OrderDetail], bool]) -> str:
        """Look closely at a single order; of many, those that do not fit are skipped and named."""
        detail = self._page.detail
        if self._page.list.selected_count > 1 or detail is None:
            return self.do_to_any()
        return "" if fits(detail) else reason

    def mend_address(self) -> str:
        """Need one order that is not decided."""
        reason, detail = self.do_to_one(), self._page.detail
        if reason or detail is None:
            return reason
        return "" if detail.status == "open" else "take the decision back first"

    def ship(self) -> str:
        """Need an order with a part that is still here."""
        if self._page.list.selected_count > 1:
            return ""
        reason, detail = self.do_to_one(), self._page.detail
        if reason or detail is None:
            return reason
        is_there = any(part.state == "open" for part in detail.fulfilment_orders)
        return "" if is_there else "nothing of it waits to be shipped"

    def ship_together(self) -> str:
        """Need several orders, or one with another to the same address."""
        detail = self._page.detail
        if self._page.list.selected_count > 1 or detail is None:
            return self.do_to_any()
        return "" if joinable(detail) else "no other order can go in its parcel"

    def decide_change(self) -> str:
        """Need one order that its channel changed."""
        reason, detail = self.do_to_one(), self._page.detail
        if reason or detail is None:
            return reason
        is_open = any(change.state == "open" for change in detail.changes)
        return "" if is_open else "the channel changed nothing"
