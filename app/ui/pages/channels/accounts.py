"""The connected accounts on the page Channels: the strip of health, what is told, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Touched
from app.domain.syncing import Rhythm, SyncStatus
from app.queries.accounts import HealthRow, MessageRow, Recorded, health, messages, recorder
from app.services.desk import Desk
from app.ui.pages.asking import QuestionPlace
from app.ui.pages.channels.carrier_guide import CarrierGuide
from app.ui.pages.channels.guide import Guide
from app.ui.pages.channels.health import health_cards
from app.ui.pages.channels.outgoing import correction, dropping, history, queue
from app.ui.pages.page import Shell
from app.ui.timers import every
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Text

LOOKS_EVERY_MS: Final = 1_000
_PACES: Final = ((60, "every minute"), (90, "every 90 seconds"), (300, "every 5 minutes"),
                 (3_600, "every hour"), (86_400, "once a day"))  # fmt: skip
_RHYTHMS: Final = ((Rhythm.AT_ONCE, "told at once"), (Rhythm.NEAR, "told every 15 minutes"),
                   (Rhythm.DAILY, "told once a day"))  # fmt: skip
_NO_CARRIER: Final = "Carriers can say by themselves where parcels are."
_BANDS: Final = {
    "A": "More of what sells every day (A)",
    "B": "More of what sells every week (B)",
    "C": "More of what sells now and then (C)",
    "D": "More of what hardly sells (D)",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the accounts."""

    accounts: Sequence[HealthRow] = ()
    messages: Sequence[MessageRow] = ()


def read_accounts(desk: Desk) -> Shown:
    """Read how the accounts do and what they are told."""
    found = desk.read(health, now=desk.now())
    return Shown(found, desk.read(messages) if found else ())


class Accounts(QWidget):
    """Shows the accounts, and asks what has to be asked about them."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._operations = shell.operations
        self._shown, self._said = Shown(), ""
        self.asking = QuestionPlace(shell, margins=(0, 0, 0, 0))
        self.asking.has_done.connect(self._done)
        self._told, self._strip, self._queue = down(spacing=8), down(spacing=8), down(spacing=8)
        self.setLayout(down(self.asking, self._told, self._strip, self._queue, spacing=10))
        self._clock = every(self, LOOKS_EVERY_MS, self._look)

    def refresh(self) -> None:
        """Read again."""
        desk = self._operations.desk
        self._operations.ask(
            partial(read_accounts, desk), then=self.present, slot=("channels", "live")
        )

    def connect_channel(self) -> None:
        """Lead through connecting one."""
        connector = self._operations.desk.connector
        if connector is not None:
            Guide(self._operations, connector, self.asking).start()

    def connect_carrier(self) -> None:
        """Lead through connecting one."""
        connector = self._operations.desk.carriers
        if connector is not None:
            CarrierGuide(self._operations, connector, self.asking).start()

    def sync_all(self) -> None:
        """Look at every account at once."""
        engine = self._operations.desk.sync
        if engine is not None:
            engine.sync_now()

    def why_not_sync(self) -> str:
        """Say why there is nothing to look at."""
        return "" if self._shown.accounts else "no account is connected"

    # ---- what is shown ----------------------------------------------------------------------------

    def present(self, shown: Shown) -> None:
        """Show the accounts, and what they are told."""
        self._shown, self._said = shown, ""
        self._fill_strip()
        empty_out(self._queue)
        if shown.messages:
            self._queue.addWidget(Text("Told over the network", step="strong"))
            self._queue.addWidget(queue(shown.messages, self._operations, self._act_on_message))

    def _fill_strip(self) -> None:
        live = self._live()
        said = repr((live, self._shown.accounts))
        if said == self._said:
            return
        self._said = said
        self.setUpdatesEnabled(False)
        empty_out(self._strip)
        rows = self._shown.accounts
        self._fill([each for each in rows if not each.carrier], live, "Connected accounts")
        self._strip.addWidget(self._carriers_head())
        self._fill([each for each in rows if each.carrier], live)
        self.setUpdatesEnabled(True)

    def _fill(self, rows: Sequence[HealthRow], live: Sequence[SyncStatus], title: str = "") -> None:
        if rows and title:
            self._strip.addWidget(Text(title, step="strong"))
        for card in health_cards(rows, live, self._operations, self._act):
            self._strip.addWidget(card)

    def _carriers_head(self) -> QWidget:
        """Name the carriers, or say that there is none; one more can be connected here."""
        is_any = any(each.carrier for each in self._shown.accounts)
        title = (
            Text("Connected carriers", step="strong")
            if is_any
            else Text(_NO_CARRIER, quiet=True, wraps=True)
        )
        more = button("Connect a carrier…", self.connect_carrier, kind="link")
        row = across(spacing=8)
        row.addWidget(title, 1)
        row.addWidget(more)
        return boxed(row)

    def _live(self) -> tuple[SyncStatus, ...]:
        """Return what the accounts' threads do now; without an account, there is nobody to ask."""
        engine = self._operations.desk.sync if self._shown.accounts else None
        return engine.statuses() if engine is not None else ()

    def _look(self) -> None:
        if self._shown.accounts:
            self._fill_strip()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the threads while somebody looks."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing that nobody sees."""
        super().hideEvent(event)
        self._clock.stop()

    # ---- acting -----------------------------------------------------------------------------------

    def _act(self, verb: str, row: HealthRow) -> None:
        engine = self._operations.desk.sync
        if verb == "now" and engine is not None:
            engine.sync_now(row.key)
        elif verb in ("pause", "resume") and row.carrier:
            self.asking.run(f"{verb}_carrier", carrier=row.carrier)
        elif verb in ("pause", "resume"):
            self.asking.run(f"{verb}_account", account_id=row.account_id)
        elif verb == "connect":
            self.connect_carrier() if row.carrier else self.connect_channel()
        elif verb == "more":
            self._leave(row) if row.carrier else self._change(row)

    def _leave(self, row: HealthRow) -> None:
        """Ask whether a carrier is to be asked no more."""
        self.asking.ask(Question(
            f"Ask {row.name} no more?", (), "Disconnect it",
            lambda _: self._disconnect(row),
            note="What it has reported stays. Its parcels are then followed by files and by hand.",
        ))  # fmt: skip

    def _change(self, row: HealthRow) -> None:
        """Ask how often it is looked at, and whether it stays connected."""
        pushes = [(True, "Tell it what may be sold"), (False, "Tell it nothing about quantities")]
        stays = [(True, "Stays connected"), (False, "Is worked by files again")]
        self.asking.ask(Question(
            f"Change {row.name}",
            [Field("pace", "Looked at", int(row.pace.total_seconds()), _with(row)),
             Field("pushes", "Quantities", row.pushes_quantities, pushes),
             *(Field(band, words, row.rhythms.get(band, Rhythm.AT_ONCE), _RHYTHMS)
               for band, words in _BANDS.items()),
             Field("stays", "And", True, stays)],
            "Change it", partial(self._changed, row),
            note="More units of what sells slowly may be told together. Fewer units are always told "
                 "at once, so that nothing is sold twice.",
        ))  # fmt: skip

    def _changed(self, row: HealthRow, values: Values) -> None:
        if not values["stays"]:
            self._disconnect(row)
            return
        pace = timedelta(seconds=int(str(values["pace"])))
        self.asking.run("change_pace", account_id=row.account_id, pace=pace,
                 pushes_quantities=bool(values["pushes"]),
                 rhythms={band: str(values[band]) for band in _BANDS})  # fmt: skip

    def _disconnect(self, row: HealthRow) -> None:
        """Let an account or a carrier go, and its keys with it."""
        desk = self._operations.desk

        def let_go() -> Changes:
            if row.carrier and desk.carriers is not None:
                return desk.carriers.disconnect(row.carrier)
            if not row.carrier and desk.connector is not None:
                return desk.connector.disconnect(row.account_id)
            return Changes("Disconnect", Touched.NOTHING)

        self._operations.write(let_go, then=self.asking.done, otherwise=self.asking.complain)

    def _act_on_message(self, verb: str, row: MessageRow) -> None:
        if verb == "again":
            self.asking.run("send_again", message_ids=[row.id])
        elif verb == "correct":
            self.asking.ask(correction(row, lambda v: self.asking.run(
                "correct_message", message_id=row.id,
                changes={name: str(value) for name, value in v.items()})))  # fmt: skip
        elif verb == "drop":
            self.asking.ask(dropping(row, lambda v: self.asking.run(
                "drop_message", message_id=row.id, reason=str(v["reason"]))))  # fmt: skip
        elif row.order_id is not None:
            self._operations.query(
                recorder, order_id=row.order_id, then=partial(self._show_history, row)
            )

    def _show_history(self, row: MessageRow, rows: Sequence[Recorded]) -> None:
        """Show an order's flight recorder above the strip."""
        self.asking.answered()
        self._forget_history()
        card = frame("card")
        head = across(Text(f"What happened to order {row.number}", step="strong"), None,
                      button("Close", self._forget_history, kind="link", name="Close the history"),
                      spacing=8)  # fmt: skip
        card.setLayout(down(head, history(rows), spacing=6, margins=(14, 10, 12, 10)))
        self._told.addWidget(card)

    def _forget_history(self) -> None:
        empty_out(self._told)

    def _done(self) -> None:
        """Look at every account at once: what was changed may let something go."""
        self.sync_all()
        self.refresh()


def _with(row: HealthRow) -> Sequence[tuple[object, str]]:
    """Return the paces to choose from, the account's own among them."""
    mine = int(row.pace.total_seconds())
    known = dict(_PACES)
    return [*({mine: f"every {mine} seconds"} | known).items()] if mine not in known else _PACES
