"""Safe copies: how old the newest is, when the next is made, and putting one back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from app.domain.changes import Changes, Touched
from app.services.backup import Contents, Restored, look_into, restore
from app.services.backup_schedule import DAY, OFF, WEEK, Kept, Schedule, is_old
from app.ui.operations import Problem
from app.ui.pages.settings.section import House, Section
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, count_of, exact, number

HOW_OFTEN: tuple[tuple[object, str], ...] = (
    (DAY, "Every day"), (WEEK, "Every week"), (OFF, "Never by itself"),
)  # fmt: skip
SHOWN = 5
KINDS = "Backups (*.backup *.orderdeck *.db *.sqlite);;All files (*)"


class BackupsSection(Section):
    """The backups."""

    title = "Backups"

    def tool(self) -> QWidget:
        """Offer to decide how often, and to put one back."""
        change = button("Change…", lambda: self.ask(self._schedule), name="Change the backups")
        back = button("Restore…", self.choose, name="Restore a backup")
        return boxed(across(change, back, spacing=6))

    def content(self, house: House) -> QWidget:
        """Say how safe the desk is."""
        self._schedule = house.schedule
        parts: list[QWidget | QLayout] = [self._state(house)]
        parts.extend(self._line(kept) for kept in house.backups[:SHOWN])
        if len(house.backups) > SHOWN:
            parts.append(Text(f"and {number(len(house.backups) - SHOWN)} older", quiet=True))
        card = frame("card")
        card.setLayout(down(*parts, spacing=8, margins=(16, 12, 14, 12)))
        return card

    def _state(self, house: House) -> QWidget:
        now, wanted = self.page.shell.operations.now(), house.schedule
        if wanted.every == OFF:
            return Banner("No backup is made by itself",
                          "Choose a folder, on another disk if you have one.", tone=Tone.WARN)  # fmt: skip
        where = f"One every {wanted.every} into {wanted.folder}, the newest {wanted.keep} are kept."
        if not house.backups:
            return Banner("The first backup is still to be made", where, tone=Tone.WARN)
        title = f"Backed up {ago(house.backups[0].made_at, now)}"
        tone = Tone.WARN if is_old(wanted, tuple(house.backups), now) else Tone.GOOD
        return Banner(title, where, tone=tone)

    def _line(self, kept: Kept) -> QLayout:
        now = self.page.shell.operations.now()
        size = f"{number(max(1, kept.size // 1024))} KB"
        back = button("Restore…", partial(self.look_into, kept.path), kind="link",
                      name=f"Restore the backup of {exact(kept.made_at)}")  # fmt: skip
        made = Text(ago(kept.made_at, now)).hint(exact(kept.made_at))
        row = across(
            made, Elided(kept.path.name, quiet=True), Text(size, quiet=True), back, spacing=14
        )
        row.setStretch(1, 1)
        return row

    # ---- how often ------------------------------------------------------------------------------

    def ask(self, wanted: Schedule) -> None:
        """Ask how often, where to, and how many stay."""
        every = DAY if wanted.every == OFF else wanted.every
        folder = wanted.folder or str(Path.home())
        self.page.pane.ask(Question(
            "Backups by themselves",
            [Field("every", "How often", every, HOW_OFTEN),
             Field("folder", "Folder", folder, is_needed=True),
             Field("keep", "Keep", wanted.keep, least=1)],
            "Keep it so",
            self._answer,
            note="Made while the desk is open and you go on working; each is opened and verified "
                 "before it counts. A folder on another disk survives this one.",
        ))  # fmt: skip

    def _answer(self, values: Values) -> None:
        self.page.run("set_backup_schedule", every=str(values["every"]),
                      folder=str(values["folder"]).strip(), keep=int(str(values["keep"])))  # fmt: skip

    # ---- putting one back -----------------------------------------------------------------------

    def choose(self) -> None:
        """Let the person choose a backup."""
        start = self._schedule.folder or str(Path.home())
        chosen, _kind = QFileDialog.getOpenFileName(
            self.page.pane, "Restore a backup", start, KINDS
        )
        if chosen:
            self.look_into(Path(chosen))

    def look_into(self, path: Path) -> None:
        """Open and verify a backup, and ask with what it holds before anything is replaced."""
        operations = self.page.shell.operations
        self.page.pane.fill([], [Text(f"Looking into {path.name} …", quiet=True, wraps=True)])
        shown = operations.activity.begin(f"Look into {path.name}")
        operations.job(partial(look_into, path), then=partial(self._ask, path),
                       otherwise=self.page.complain, shown=shown)  # fmt: skip

    def _ask(self, path: Path, found: Contents) -> None:
        store = self.page.shell.operations.desk.store
        here = store.path.name if store.path else store.label
        newest = f"The last thing in it was done {exact(found.newest)}. " if found.newest else ""
        self.page.pane.ask(Question(
            f"Put {path.name} in the place of this desk?", [],
            f"Restore {count_of(found.orders, 'order')}",
            lambda _values: self._restore(path),
            note=f"It holds {count_of(found.orders, 'order')} and {count_of(found.skus, 'SKU')}. "
                 f"{newest}What was done after it is not in it; {here} as it is now is kept beside "
                 "it, and orders that left since are held so that nothing ships twice.",
            kind="danger",
        ))  # fmt: skip

    def _restore(self, path: Path) -> None:
        operations = self.page.shell.operations
        desk = operations.desk

        def work() -> Restored:
            url = desk.store.url.render_as_string(hide_password=False)
            return restore(path, url, actor=desk.actor, now=desk.now())

        shown = operations.activity.begin(f"Restore {path.name}")
        operations.job(work, then=self._restored, otherwise=self._not_restored, shown=shown)

    def _restored(self, done: Restored) -> None:
        self.page.pane.close_question()
        operations = self.page.shell.operations
        operations.forget()  # what could be undone was done to the desk that is replaced
        operations.changed.emit(Changes("Restore a backup", Touched.ALL))
        held = (
            f"{count_of(done.held, 'order')} on hold, because they may have left since. "
            if done.held
            else ""
        )
        missing = ""
        if done.missing:
            missing = f"Left since and not in the backup: {', '.join(done.missing[:8])}. "
        kept = f"What was here is kept as {done.kept.name}." if done.kept else ""
        self.page.shell.say(f"Restored {count_of(done.orders, 'order')}", f"{held}{missing}{kept}")

    def _not_restored(self, problem: Problem) -> None:
        if not problem.details:
            self.page.complain(problem)
