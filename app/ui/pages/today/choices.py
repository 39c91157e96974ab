"""What can be done about a line of Today? One to three choices, each with what it would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.domain.attention import Amount
from app.domain.cases import CaseKind
from app.queries.cases import case_rows
from app.queries.orders import matching_ids
from app.queries.today_items import Doing, Item
from app.ui import statuses
from app.ui.exporting import write_for_channel
from app.ui.lists.bulk import BulkRun
from app.ui.pages.exceptions.effects import effect, worth
from app.ui.pages.exceptions.way import Way
from app.ui.pages.exceptions.ways_out import WaysOut
from app.ui.pages.orders.actions import OrderActions
from app.ui.pages.page import Shell
from app.ui.pages.today.place import Place
from app.ui.words import count_of, money, more_or_less, number

MOST = 3
_RELEASED_TOGETHER = (CaseKind.TEXT_SUSPECT, CaseKind.TOTAL_MISMATCH, CaseKind.PAYMENT_PENDING)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do: its words, what it does in a sentence, and how. Short words fit into the list."""

    title: str
    short: str
    effect: str
    icon: str
    run: Callable[[], object]
    kind: str = ""


class Choices:
    """The choices of every kind of line; they run what the other pages run too."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place = shell, place
        self._operations = shell.operations
        self._ways = WaysOut(shell, place)
        self._verbs = OrderActions(shell, place)
        self._by_doing: Mapping[Doing, Callable[[Item], list[Choice]]] = {
            Doing.ACCEPT: self._accept, Doing.SHIP: self._ship, Doing.HELD: self._held,
            Doing.CASE: self._case, Doing.CASES: self._cases, Doing.PARCELS: self._parcels,
            Doing.TELL: self._tell,
        }  # fmt: skip

    def of(self, item: Item) -> Sequence[Choice]:
        """Return the choices of a line, the usual one first."""
        return self._by_doing[item.doing](item)[:MOST]

    def open(self, item: Item) -> None:
        """Go to where its rows are."""
        order_id = item.order.id if item.order else item.case.order_id if item.case else None
        if order_id is not None:
            self._shell.open_order(order_id)
        elif item.case is not None and item.case.sku:
            self._shell.open_sku(item.case.sku)
        else:
            self._shell.go(item.page, item.query if item.page != "channels" else None)

    # ---- each kind of line ----------------------------------------------------------------------

    def _accept(self, item: Item) -> list[Choice]:
        worth = _worth(item.money)
        if item.order is None:
            effect = f"Accepts {count_of(item.count, 'order')}{worth}. One undo takes all back."
            run = partial(self._all, item, "Accept", "accept")
            return [Choice(f"Accept all {number(item.count)}", "Accept all", effect, "accept", run,
                           "primary"), self._show(item)]  # fmt: skip
        row = item.order
        place = statuses.short_places(row.location) or "the suggested location"
        cost = f" for {money(row.route_cost, row.route_currency)}" if row.route_cost else ""
        return [
            Choice("Accept", "Accept", f"Ships from {place}{cost}.", "accept",
                   partial(self._place.run, "accept", order_ids=[row.id]), "primary"),
            Choice("Ship from elsewhere…", "Elsewhere", self._elsewhere(row.id),
                   "override", self._verbs.override),
            self._open(item),
        ]  # fmt: skip

    def _elsewhere(self, order_id: int) -> str:
        """Say what the next best location would mean, where it is known."""
        detail = self._place.detail
        plan = detail.suggestion if detail is not None and detail.id == order_id else None
        asks = "Asks from where and why; the reason is kept."
        if plan is None or not plan.alternatives:
            return asks
        other = plan.alternatives[0]
        place, apart = (
            statuses.short_place(other.location),
            more_or_less(other.extra, plan.currency),
        )
        late = ", and late" if other.is_late else ""
        return f"From {place} it costs {apart}{late}. {asks}"

    def _ship(self, item: Item) -> list[Choice]:
        if item.order is None:
            return [self._show(item, "primary")]
        ids = [item.order.id]
        return [
            Choice("Ship…", "Ship", "Asks for carrier and tracking number.", "ship",
                   self._verbs.ship, "primary"),
            Choice("Take the decision back", "Take back",
                   "The location is free to be chosen anew; nothing is told to anyone.", "withdraw",
                   partial(self._place.run, "withdraw", order_ids=ids)),
            self._open(item),
        ]  # fmt: skip

    def _held(self, item: Item) -> list[Choice]:
        reason = "Released by hand."
        effect = (
            f"Lifts the hold{_worth(item.money)}: it can be accepted then. Undo holds it again."
        )
        if item.order is None:
            run = partial(self._all, item, "Release", "release", reason=reason, codes=["BY_HAND"])
            title = f"Release all {number(item.count)}"
            return [
                Choice(title, "Release all", effect, "release", run, "primary"),
                self._show(item),
            ]
        run = partial(self._place.run, "release", order_ids=[item.order.id], reason=reason)
        return [Choice("Release", "Release", effect, "release", run, "primary"), self._open(item)]

    def _cases(self, item: Item) -> list[Choice]:
        found = [self._show(item, "primary")]
        kind = CaseKind(item.query.removeprefix("kind:"))
        if kind in _RELEASED_TOGETHER:
            effect = f"Lifts the hold of {count_of(item.count, 'order')}{_worth(item.money)}, as they are."
            found.append(Choice(f"Release all {number(item.count)}", "Release all", effect, "release",
                                partial(self._release_cases, item)))  # fmt: skip
        return found

    def _case(self, item: Item) -> list[Choice]:
        if item.case is None:
            raise RuntimeError("the line is about no case")
        return [_of_way(way, item.money) for way in self._ways.of(item.case)]

    def _parcels(self, item: Item) -> list[Choice]:
        return [self._show(item, "primary")]

    def _tell(self, item: Item) -> list[Choice]:
        told = item.outgoing
        place = Choice("Open Channels", "Open", "Shows every file that came, went, or is to be written.",
                       "channels", partial(self._shell.go, "channels"))  # fmt: skip
        if told is None:
            return [replace(place, kind="primary")]
        name = statuses.channel(told.channel)
        effect = f"Writes one file with everything that {told.account} is to be told; upload it to {name}."
        run = partial(write_for_channel, self._shell, told.account_id, told.account, told.kind)
        return [
            Choice(f"Save the file for {name}…", "Save the file", effect, "export", run, "primary"),
            place,
        ]  # fmt: skip

    def _show(self, item: Item, kind: str = "") -> Choice:
        title = "Show it" if item.count == 1 else f"Show all {number(item.count)}"
        effect = "Opens exactly these in their list; nothing is changed."
        return Choice(title, "Show", effect, "open", partial(self.open, item), kind)

    def _open(self, item: Item) -> Choice:
        return Choice("Open the order", "Open", "Shows everything about it.", "orders",
                      partial(self.open, item))  # fmt: skip

    # ---- doing it -------------------------------------------------------------------------------

    def _all(self, item: Item, verb: str, operation: str, **arguments: Any) -> None:
        """Do it to all that the line counts; if there are more by now, show that first."""
        self._operations.query(
            matching_ids, query=item.query, now=self._operations.now(),
            then=lambda ids: self._go(item, verb, operation, ids, arguments),
        )  # fmt: skip

    def _release_cases(self, item: Item) -> None:
        self._operations.query(
            case_rows, query=item.query, now=self._operations.now(), limit=None,
            then=lambda rows: self._go(
                item, "Release", "release", [row.order_id for row in rows if row.order_id],
                {"reason": "Released by hand."},
            ),
        )  # fmt: skip

    def _go(
        self, item: Item, verb: str, operation: str, ids: list[int], arguments: dict[str, Any]
    ) -> None:
        if len(ids) > item.count:
            self._shell.say(f"There are {number(len(ids))} by now",
                            f"{number(item.count)} were shown, so nothing was done. Look, then press it again.")  # fmt: skip
            self._place.refresh()
            return
        run = BulkRun(self._operations, verb, operation, ids, arguments, self._operations)
        self._place.show_bulk(run, ids)
        run.start()


def _worth(amounts: Sequence[Amount]) -> str:
    return f" worth {worth(amounts)}" if amounts else ""


def _of_way(way: Way, amounts: Sequence[Amount]) -> Choice:
    short = way.title.rstrip("…").removesuffix(" the order")
    return Choice(way.title, short, effect(way, amounts), way.icon, way.run, way.kind)
