"""Which buttons end a case? Those for which there is an operation, and always the way to its subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from app.domain.cases import OF_PARCELS, CaseKind
from app.domain.changes import Changes
from app.domain.kpis.breaches import ACTIONS
from app.domain.kpis.standards import Action
from app.domain.mismatching.causes import NUMBERS
from app.domain.recovering.matrix import Offer
from app.domain.recovering.noticing import OF_CASE
from app.queries.cases import CaseRow
from app.queries.order_detail import OrderDetail, order_detail
from app.services.recovering.weighing import Weighed, weigh
from app.ui import receipts
from app.ui.operations import Problem
from app.ui.pages.addresses import address_question
from app.ui.pages.asking import Asker
from app.ui.pages.linking import Unknown, ask_link
from app.ui.pages.offers import ICONS, offer_cost, offer_title
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question

_ABOUT_MONEY: Final = (
    CaseKind.PAYOUT_DIFFERENCE, CaseKind.DOUBLE_FEE, CaseKind.ORDER_NOT_PAID, CaseKind.PAYMENT_UNKNOWN,
)  # fmt: skip


class Way(NamedTuple):
    """One button. ``kind``: the filled (primary) one is the safe one, never the one that risks."""

    title: str
    icon: str
    run: Callable[[], object]
    kind: str = ""


class Place(Asker, Protocol):
    """The page, as the ways out see it."""

    row: CaseRow | None

    def show_again(self) -> None:
        """Draw the case again: more is known of it."""


class WaysOut:
    """What can be done about each kind of case."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self._shell, self._place = shell, place
        self._weighed: dict[int, Weighed] = {}
        self._asked: set[int] = set()

    def of(self, row: CaseRow) -> Sequence[Way]:
        """Return the ways out of a case, best first; one that is over only leads to its subject."""
        if row.resolved_at is not None:
            return self._subject(row)
        if row.kind in OF_CASE:
            parcel = Way("Open the parcel", "shipments", partial(self._parcel, row))
            return [*self._offers(row), parcel, *self._subject(row)]
        special: dict[CaseKind, list[Way]] = {
            CaseKind.UNKNOWN_SKU: [
                Way("Link the code to a SKU…", "link", partial(self._link, row), "primary")
            ],
            CaseKind.ADDRESS_INVALID: self._mend(row),
            CaseKind.TEXT_SUSPECT: self._mend(row),
            CaseKind.PAYMENT_PENDING: [self._release(row, "Release by hand")],
            CaseKind.STATUS_UNCLEAR: [self._release(row, "It is to be shipped, release it")],
            CaseKind.TOTAL_MISMATCH: [self._release(row, "Confirm the channel's total")],
            CaseKind.ORDER_CHANGED: [
                Way("Take over the new version", "change",
                    partial(self._run, "take_over_change", order_id=row.order_id), "primary"),
                Way("Keep the old version", "withdraw",
                    partial(self._run, "keep_as_it_is", order_id=row.order_id)),
            ],
            CaseKind.SHORTFALL: [
                *self._receive_stock(row),
                Way("Ship what is there", "split",
                    partial(self._run, "accept", order_ids=[row.order_id], part_is_enough=True)),
            ],
            CaseKind.CANCELLED_LATE: [
                Way("Cancel it here too…", "cancel", partial(self._cancel, row), "danger")
            ],
            CaseKind.CANCEL_REQUESTED: [
                Way("Cancel it…", "cancel", partial(self._cancel, row), "danger"),
                self._release(row, "Ship it all the same", "quiet"),
            ],
            CaseKind.SHIPPED_ELSEWHERE: [
                Way("Close it here…", "accept", partial(self._close, row))
            ],
            CaseKind.LOW_STOCK: self._receive_stock(row),
            CaseKind.DUPLICATE_SUSPECT: [
                Way("Cancel it…", "cancel", partial(self._cancel, row), "danger")
            ],
            CaseKind.OVER_CAPACITY: [
                Way("See what ships from there", "orders", partial(self._shell.go, "orders", "is:toship"), "primary")
            ],
            CaseKind.SYNC_STALE: [self._channels("Look at the channel")],
            CaseKind.IN_DOUBT: [self._channels("Look it up, send it again or drop it")],
            CaseKind.RULE_REVIEW: [
                Way("Look at the rule that was drafted", "rules",
                    partial(self._shell.go, "rules"), "primary")
            ],
            CaseKind.RULE_ASKS: [
                Way("Looked at, it may go on", "accept",
                    partial(self._run, "answer_rules", order_ids=[row.order_id]), "primary"),
            ],
            CaseKind.QUANTITIES_STOPPED: [
                Way("Keep what the channel shows", "withdraw", partial(self._numbers, row, "drop_quantities"), "primary"),
                Way("The new numbers are right, let them go…", "accept", partial(self._let_go, row)),
            ],
            CaseKind.MISMATCH: [
                Way("Open the report", "adjust", partial(self._mismatches, row), "primary"),
            ],
            CaseKind.PARCEL_UNKNOWN: [self._return(row, "See who fits")],
            CaseKind.RETURN_WAITS: [self._return(row, "Inspect it")],
            CaseKind.REFUND_DUE: [
                Way("The money was given", "accept",
                    partial(self._run, "pay_refund", refund_id=row.subject_id), "primary")
            ],
            CaseKind.CLAIM_DUE: [
                Way("It was handed in", "accept",
                    partial(self._run, "file_claim", claim_id=row.subject_id), "primary"),
                Way("Claim nothing", "cancel",
                    partial(self._run, "drop_claim", claim_id=row.subject_id, reason="Not worth it.")),
            ],
            CaseKind.BUYER_UNTOLD: [
                Way("Look at the message", "note", partial(self._shell.go, "channels", "messages"), "primary"),
            ],
            **{kind: [self._payouts()] for kind in _ABOUT_MONEY},
            CaseKind.STANDARD_BROKEN: self._standard(row),
            CaseKind.FILE_PROBLEM: [
                Way("Mark as settled…", "accept", partial(self._settle, row))
            ],
            CaseKind.ORDER_UNREADABLE: [
                Way("Mark as settled…", "accept", partial(self._settle_unread, row))
            ],
            **{
                kind: [Way("Open the parcel", "shipments", partial(self._parcel, row), "primary")]
                for kind in OF_PARCELS
            },
            CaseKind.MESSAGE_REFUSED: [self._channels("Correct it, send it again or drop it")],
            CaseKind.CHANNEL_TROUBLE: [self._channels("Look at the channel")],
        }  # fmt: skip
        first = special.get(CaseKind(row.kind), [])
        ways = [*first, *self._subject(row)]
        if not first and ways:
            ways[0] = ways[0]._replace(kind="primary")
        return ways

    def _standard(self, row: CaseRow) -> list[Way]:
        """Offer what the standard asks for, where it is looked into, and the figures."""
        action = Action(str(row.facts.get("action", Action.ROUTING_REVIEW)))
        title, _effect = ACTIONS[action]
        look = {
            Action.ROUTING_REVIEW: [
                Way("Open the rules", "rules", partial(self._shell.go, "rules"))
            ],
            Action.CARRIER_AUDIT: [
                Way("Open the parcels", "shipments", partial(self._shell.go, "shipments"))
            ],
        }
        return [
            Way(
                title,
                "accept",
                partial(self._run, "act_on_breach", breach_id=row.subject_id),
                "primary",
            ),
            *look.get(action, []),
            Way("See the figures", "insights", partial(self._shell.go, "insights")),
        ]

    def open(self) -> None:
        """Go to what the case is about."""
        row = self._place.row
        if row is not None and (ways := self._subject(row)):
            ways[0].run()

    def _parcel(self, row: CaseRow) -> None:
        self._shell.go("shipments", f'order:"{row.order_number}"')

    def _subject(self, row: CaseRow) -> list[Way]:
        found: list[Way] = []
        if row.order_id is not None:
            found.append(
                Way("Open the order", "orders", partial(self._shell.open_order, row.order_id))
            )
        if row.sku:
            found.append(
                Way(f"Open {row.sku}", "inventory", partial(self._shell.open_sku, row.sku))
            )
        return found

    def _release(self, row: CaseRow, title: str, kind: str = "") -> Way:
        run = partial(self._run, "release", order_ids=[row.order_id], reason=f"{title}.")
        return Way(title, "release", run, kind)

    def _mend(self, row: CaseRow) -> list[Way]:
        """Offer to correct the address; that it is right as it stands is the rarer answer."""
        return [
            Way("Correct the address…", "location", partial(self._read_address, row), "primary"),
            self._release(row, "It is right, release it", "quiet"),
        ]

    def _read_address(self, row: CaseRow) -> None:
        operations = self._shell.operations
        operations.query(
            order_detail, order_id=row.order_id, now=operations.now(), then=self._ask_address
        )

    def _ask_address(self, detail: OrderDetail) -> None:
        self._place.ask(address_question(detail, partial(self._correct, detail.id)))

    def _correct(self, order_id: int, changed: dict[str, str], reason: str) -> None:
        if changed:
            self._run("correct_address", order_id=order_id, changes=changed, reason=reason)
        else:
            self._place.complain(Problem("Nothing is different yet.", "Change what is wrong."))

    def _receive_stock(self, row: CaseRow) -> list[Way]:
        if not row.sku:
            return []
        run = partial(self._shell.open_sku, row.sku)
        return [Way(f"Receive {row.sku}…", "receive", run, "primary")]

    def _close(self, row: CaseRow) -> None:
        question = Question(
            "Close it as shipped elsewhere",
            [Field("reason", "Who shipped it", is_needed=True)], "Close it",
            lambda v: self._run("close_as_shipped_elsewhere", order_id=row.order_id,
                                reason=str(v["reason"])),
            note="Its units go back on sale.",
        )  # fmt: skip
        self._place.ask(question)

    def _settle(self, row: CaseRow) -> None:
        question = Question(
            "Mark the file as settled",
            [Field("reason", "Why", is_needed=True, placeholder="Its orders came another way …")],
            "Mark as settled",
            lambda v: self._run("settle_file", import_id=row.subject_id, reason=str(v["reason"])),
            note="What was kept back does not come in by itself any more.",
        )
        self._place.ask(question)

    def _mismatches(self, row: CaseRow) -> None:
        """Show the rows of the cause that the case stands for."""
        reason = next(each for each, number in NUMBERS.items() if number == row.subject_id)
        self._shell.go("mismatches", f"cause:{reason.value}")

    def _numbers(self, row: CaseRow, operation: str, reason: str = "They are not right.") -> None:
        self._run(operation, account_id=row.subject_id, reason=reason)

    def _let_go(self, row: CaseRow) -> None:
        question = Question(
            "Let the new numbers go",
            [Field("reason", "Why so many change", is_needed=True, placeholder="A new price list, a big sale …")],
            "Let them go",
            lambda v: self._numbers(row, "release_quantities", str(v["reason"])),
            note=f"{row.title}. The channel is told them with the next file or call.",
        )  # fmt: skip
        self._place.ask(question)

    def _offers(self, row: CaseRow) -> list[Way]:
        """Return what the matrix offers for a parcel, with its costs; read once for each case."""
        weighed = self._weighed.get(row.id)
        if weighed is None:
            self._weigh(row)
            return []
        now = self._shell.operations.now()
        possible = [each for each in weighed.offers if not each.why_not]
        return [
            Way(f"{offer_title(each, now)}, {offer_cost(each, weighed.currency)}", ICONS[each.kind],
                partial(self._recover, row, each), "primary" if at == 0 else "")
            for at, each in enumerate(possible)
        ]  # fmt: skip

    def _weigh(self, row: CaseRow) -> None:
        def weighed(found: Weighed) -> None:
            self._weighed[row.id] = found
            self._place.show_again()

        if row.id in self._asked:
            return
        self._asked.add(row.id)
        operations = self._shell.operations
        question = partial(
            operations.desk.read,
            weigh,
            row.subject_id,
            OF_CASE[row.kind].value,
            now=operations.now(),
        )
        operations.ask(question, then=weighed, slot=("offers", str(row.id)))

    def _recover(self, row: CaseRow, offer: Offer) -> None:
        self._weighed.pop(row.id, None)
        self._asked.discard(row.id)
        self._run("recover", shipment_id=row.subject_id, situation=OF_CASE[row.kind].value,
                  kind=offer.kind.value, wait_until=offer.wait_until)  # fmt: skip

    def _return(self, row: CaseRow, title: str) -> Way:
        go = partial(self._shell.go, "returns", f"return:RET-{row.subject_id}")
        return Way(title, "undo", go, "primary")

    def _payouts(self) -> Way:
        run = partial(self._shell.go, "channels", "payouts:look")
        return Way("Look at the payouts", "channels", run, "primary")

    def _channels(self, title: str) -> Way:
        return Way(title, "channels", partial(self._shell.go, "channels"), "primary")

    def _settle_unread(self, row: CaseRow) -> None:
        question = Question(
            "Mark the order as settled",
            [Field("reason", "Why", is_needed=True, placeholder="I deal with it on the channel …")],
            "Mark as settled",
            lambda v: self._run("settle_unread", inbox_id=row.subject_id, reason=str(v["reason"])),
            note="If it can be read later, it comes in all the same.",
        )
        self._place.ask(question)

    def _cancel(self, row: CaseRow) -> None:
        question = Question(
            "Cancel the order here too",
            [Field("reason", "Why", "The channel cancelled it.", is_needed=True)], "Cancel it",
            lambda v: self._run("cancel", order_ids=[row.order_id], reason=str(v["reason"])),
            note="Its units go back on sale. Make sure that the parcel is stopped.", kind="danger",
        )  # fmt: skip
        self._place.ask(question)

    def _link(self, row: CaseRow) -> None:
        """Find the line whose code is unknown, then ask for the SKU."""
        operations = self._shell.operations
        operations.query(order_detail, order_id=row.order_id, now=operations.now(), then=self._near)

    def _near(self, detail: OrderDetail) -> None:
        line = next((each for each in detail.lines if each.claim == "unmapped"), None)
        if line is None:
            self._shell.open_order(detail.id)
            return
        unknown = Unknown(detail.account_id, line.sku_text, line.title)
        ask_link(self._shell, self._place, unknown, partial(self._run, "link"))

    def parcels(self, title: str) -> Way:
        """Lead to the parcels, where each of several is dealt with."""
        return Way(
            f"{title}: see them", "shipments", partial(self._shell.go, "shipments"), "primary"
        )

    def run(self, operation: str, **arguments: Any) -> None:
        """Carry out an operation, and say what it did."""
        self._run(operation, **arguments)

    def _run(self, operation: str, **arguments: Any) -> None:
        self._shell.operations.run(
            operation, then=self._receive, otherwise=self._place.complain, **arguments
        )

    def _receive(self, changes: Changes) -> None:
        self._place.answered()
        self._shell.say(receipts.done(changes), receipts.why_skipped(changes.skipped),
                        can_undo=bool(changes.undo and changes.done))  # fmt: skip
