"""Everything about the order under the cursor, or about the many that are selected."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QWidget

from app.domain.changes import Changes
from app.queries.order_detail import OrderDetail
from app.queries.order_effects import Effects
from app.queries.order_parts import HoldRow
from app.ui import statuses
from app.ui.pages.orders import many, sections
from app.ui.pages.orders.actions import OrderActions
from app.ui.pages.orders.choices import Choice, choices, numbered
from app.ui.pages.orders.many import Verb
from app.ui.pages.orders.money import order_costs, order_money
from app.ui.pages.orders.sections import EXPLANATION
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, button
from app.ui.widgets.pane import Beside, DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, number, promised, sentence, until

MOST_WITH_ICONS = 3
MANY, RUNNING, RECEIPT = -1, -2, -3  # what is shown where it is no order


class OrderPane(DetailPane):
    """Shows one order or a selection; what can be done is asked of ``OrderActions``."""

    def __init__(self, actions: OrderActions) -> None:
        super().__init__("Order")
        self._actions = actions
        self._shown: int | None = None

    # ---- nothing --------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Say what this pane is for."""
        self._shown = None
        self.close_question()
        self.fill([], [Text("Select an order to see everything about it.", quiet=True, wraps=True)])

    def shows(self, order_id: int) -> bool:
        """Say whether this order is what one sees."""
        return self._shown == order_id

    # ---- one order ------------------------------------------------------------------------------

    def show_order(self, detail: OrderDetail) -> None:
        """Show one order."""
        is_same = detail.id == self._shown
        if not is_same:
            self.close_question()
        self._shown = detail.id
        self.fill(self._head_of(detail), self._body_of(detail), keeps_place=is_same)

    def explain(self) -> None:
        """Bring into sight why the order ships from where it is suggested."""
        card = next(
            (w for w in self.findChildren(QFrame) if w.accessibleName() == EXPLANATION), None
        )
        if card is not None:
            self.scroll_to(card)
            card.setFocus()

    def _head_of(self, detail: OrderDetail) -> list[QWidget | QLayout]:
        now, actions = self._actions.now(), self._actions
        title = Text(detail.number, step="title", copies=True)
        status = statuses.step(detail.step)
        name = detail.channel_name
        account = f" · {detail.account}" if detail.account != name else ""
        line = f"{name}{account} · ordered {ago(detail.placed_at, now)} · {detail.buyer_name}"
        head: list[QWidget | QLayout] = [
            *self._way_back(),
            Beside(title, PillLabel(status), *self._promise(detail)),
            Elided(line, quiet=True),
        ]
        if detail.tags or detail.assigned_to:
            head.append(sections.marks(detail, actions.take_tag_off, actions.assign))
        buttons = self._buttons(detail)
        return [*head, buttons] if buttons.count() > 1 else head

    def _way_back(self) -> list[QLayout]:
        if not self.is_alone:
            return []
        back = button(
            "← Back to the list",
            self._actions.back,
            kind="link",
            hint="Esc",
            name="Back to the list",
        )
        return [across(back, None)]

    def _promise(self, detail: OrderDetail) -> list[QWidget]:
        if detail.step in statuses.OVER:
            return []
        now = self._actions.now()
        pill = statuses.promise(detail.ship_by, now)
        hint = f"Ship by {promised(detail.ship_by, detail.time_zone)}"
        if detail.deliver_by:
            hint += f"\nPromised to arrive by {promised(detail.deliver_by, detail.time_zone)}"
        return [PillLabel(pill, hint)] if pill else []

    def _buttons(self, detail: OrderDetail) -> QLayout:
        actions = self._actions
        is_open = detail.status in ("open", "accepted", "partly_shipped")
        made: list[QPushButton] = []
        if detail.status in ("open", "accepted") and not detail.is_held:
            made.append(button("Hold…", actions.hold, icon_name="hold", hint="Hold (H)"))
        if detail.status == "open" and not detail.is_held and len(detail.lines) > 1:
            made.append(button("Split…", actions.split, icon_name="split", hint="Split (P)"))
        if detail.status == "accepted":
            made.append(button("Take back", actions.withdraw, icon_name="withdraw",
                               hint="Take the decision back (W)"))  # fmt: skip
        if is_open:
            made.append(button("Note…", actions.note, icon_name="note", hint="Note (N)"))
        if detail.status in ("open", "accepted"):
            made.append(button("Cancel…", actions.cancel, icon_name="cancel",
                               hint="Cancel the order (C)"))  # fmt: skip
        for each in made if len(made) > MOST_WITH_ICONS else ():
            each.setIcon(
                QIcon()
            )  # on a small screen there is room for four words, or three and icons
        return across(*made, None, spacing=6)

    def _body_of(self, detail: OrderDetail) -> list[QWidget | QLayout]:
        now, actions = self._actions.now(), self._actions
        offered = choices(detail, actions)
        body: list[QWidget | QLayout] = [*self._banners(detail, offered)]
        body += sections.siblings(detail, actions.open_order, actions.ship_together)
        if detail.suggestion is not None and detail.status == "open":
            body.append(sections.suggestion(detail.suggestion, offered))
        if detail.decision is not None:
            body.append(section("Decision", Text(detail.decision.sentence, wraps=True)))
        if parts := sections.parts_to_ship(detail, actions.ship_part, now):
            body.append(section("Parcels", *parts))
        count = sections.units(sum(line.quantity for line in detail.lines))
        body.append(section("Items", sections.lines(detail, actions.link),
                                     more=Text(count, quiet=True)))  # fmt: skip
        mend = button("Correct…", actions.correct_address, kind="link", hint="Correct (D)",
                      name="Correct the address")  # fmt: skip
        body.append(section("Ship to", sections.address(detail),
                                     more=mend if detail.status == "open" else None))  # fmt: skip
        if (paid := order_money(detail, now)) is not None:
            body.append(section("Money", paid))
        if detail.costs is not None and detail.costs.steps:
            body.append(section("Cost to serve", order_costs(detail.costs, detail.currency)))
        if detail.notes or detail.note:
            body.append(section("Notes", sections.notes(detail, now)))
        if detail.overrides:
            body.append(section("Chosen by hand", sections.overrides(detail, now)))
        body.append(section("What happened", sections.timeline(detail, now)))
        return body

    def _banners(self, detail: OrderDetail, offered: tuple[Choice, ...]) -> list[QWidget]:
        actions = self._actions
        found: list[QWidget] = [
            Banner(case.title, sentence(case.impact), icon_name="exceptions",
                   tone=Tone.BAD if case.severity == "high" else Tone.WARN,
                   actions=[("Open the case", partial(actions.open_case, detail.number))])
            for case in detail.cases if case.state == "open"
        ]  # fmt: skip
        for hold in detail.holds:
            if not hold.is_open or hold.code == "ORDER_CHANGED":
                continue
            found.append(_way_out(self._held(hold), hold.reason, offered, f"hold:{hold.code}"))
        found += [
            _way_out("The channel changed this order", "\n".join(change.sentences), offered,
                     "change", icon_name="change")
            for change in detail.changes if change.state == "open"
        ]  # fmt: skip
        if detail.is_short and detail.status == "open":
            missing = [sections.shortage(line) for line in detail.lines if line.claim == "short"]
            found.append(_way_out("Not enough stock", "\n".join(missing), offered, "short",
                                  tone=Tone.BAD, icon_name="short"))  # fmt: skip
        if detail.channel_state == "cancelled" and detail.status in ("open", "accepted"):
            found.append(
                Banner("Cancelled on the channel", "The customer does not expect it any more.")
            )
        return found

    def _held(self, hold: HoldRow) -> str:
        """Say that it is on hold, until when, and who holds it."""
        now = self._actions.now()
        end = f" {until(hold.until, now)}" if hold.until else ""
        return f"On hold{end}, by {hold.raised_by}, {ago(hold.raised_at, now)}"

    # ---- many orders ----------------------------------------------------------------------------

    def show_many(self, count: int, total: int, found: Effects | None, *, is_all: bool) -> None:
        """Show what is selected, and what each verb would do to it (once that is worked out)."""
        if self._shown != MANY:
            self.close_question()
        is_same, self._shown = self._shown == MANY, MANY
        actions = self._actions
        title = Text(f"{number(count)} orders selected", step="title")
        more: list[QWidget] = []
        if not is_all:
            more.append(button(f"Select all {number(total)} in this view", actions.select_all,
                               kind="link", hint="Ctrl+A"))  # fmt: skip
        more.append(button("Select none", actions.select_none, kind="link", hint="Esc"))
        adding_up = Text("Adding up …", quiet=True)
        body: list[QWidget | QLayout] = [
            many.verbs(self._verbs_for(count, found), found),
            section("Together", many.sums(found) if found else adding_up),
        ]
        self.fill([across(title, None), across(*more, None, spacing=14)], body,
                  keeps_place=is_same)  # fmt: skip

    def _verbs_for(self, count: int, found: Effects | None) -> list[Verb]:
        do = self._actions
        going = found.verbs["accept"].done if found else count
        return [
            Verb(f"Accept {number(going)}", "A", "accept", do.accept, "accept", "primary"),
            Verb("Ship…", "S", "ship", do.ship, "ship"),
            Verb("Ship together…", "M", "shipments", do.ship_together, "together"),
            Verb("Hold…", "H", "hold", do.hold, "hold"),
            Verb("Release", "U", "release", do.release, "release"),
            Verb("Tag…", "T", "tag", do.tag),
            Verb("Assign…", "Y", "person", do.assign),
            Verb("Packing slips…", "Ctrl+P", "print", do.print_slips),
            Verb("Suggest anew", "R", "refresh", do.suggest_anew, "suggest"),
            Verb("Take back", "W", "withdraw", do.withdraw, "withdraw"),
            Verb("Cancel…", "C", "cancel", do.cancel, "cancel"),
        ]

    def say_progress(self, done: int, total: int, cancel: Any) -> None:
        """Show how far a bulk action is, with a way out."""
        self._shown = RUNNING
        self.fill(
            [Text(f"{number(done)} of {number(total)} done", step="title"),
             across(button("Stop here", cancel, hint="What is done stays done"), None)],
            [],
        )  # fmt: skip

    def say_receipt(self, changes: Changes) -> None:
        """Keep the outcome of a bulk action on the screen, with the reasons for what was skipped."""
        self._shown = RECEIPT
        self.fill([], many.outcome(changes, select_none=self._actions.select_none))


def _way_out(
    title: str, advice: str, offered: tuple[Choice, ...], about: str, *, tone: Tone = Tone.WARN,
    icon_name: str = "",
) -> Banner:  # fmt: skip
    """Return what stands in the way of an order, with what can be done about it."""
    ways = numbered(offered, about)
    return Banner(title, advice, tone=tone, icon_name=icon_name,
                  actions=[(choice.words, choice.run) for _key, choice in ways],
                  keys=[key for key, _choice in ways])  # fmt: skip
