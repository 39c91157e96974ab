"""Change keys…: every command with its key, a new key by pressing it, and who had it before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from app.ui import keys
from app.ui.commands import Command, Register
from app.ui.overlay import Overlay
from app.ui.tokens import Tone
from app.ui.widgets.banner import Action, Banner
from app.ui.widgets.controls import across, boxed, button, down, empty_out, line, scrolling
from app.ui.widgets.key_field import KeyField
from app.ui.widgets.text import Elided, Text


class KeyEditor(Overlay):
    """Lists the commands and gives them other keys; each change is kept at once."""

    def __init__(self, parent: QWidget, register: Register) -> None:
        super().__init__(parent, "Change keys")
        self._register = register
        self._rows: dict[str, _Row] = {}
        self._find = line("Search commands", placeholder="Search by name, menu or key …")
        self._find.textChanged.connect(self._filter)
        self._said = down(spacing=0)
        self._list = down(spacing=0)
        inside = boxed(down(self._list, None))
        inside.setObjectName("body")
        reset = button("Reset all keys", self._reset_all, hint="Give every command its first keys")
        head = across(Text("Change keys", step="title"), None, reset,
                      button("Close", self.close_overlay, hint="Esc"))  # fmt: skip
        about = Text("Click a key and press another one. A plain letter works while a list has the focus, "
                     "never while you type.", quiet=True, wraps=True)  # fmt: skip
        layout = down(head, about, self._find, self._said, scrolling(inside, "Commands and keys"),
                      spacing=8, margins=(24, 18, 20, 18))  # fmt: skip
        layout.setStretch(4, 1)
        self.setLayout(layout)
        register.keys_changed.connect(self._show)

    def open(self) -> None:
        """List what is declared now."""
        empty_out(self._list)
        self._rows = {command.id: self._row(command) for command in self._register.all()}
        for row in self._rows.values():
            self._list.addWidget(row)
        self._calm()
        self._find.clear()
        super().open()
        self._find.setFocus()

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide, tall = min(760, room.width() - 60), min(760, room.height() - 50)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    def _row(self, command: Command) -> _Row:
        row = _Row(command)
        row.field.chosen.connect(partial(self.choose, command.id))
        row.reset.clicked.connect(lambda _checked=False: self._register.reset_keys(command.id))
        row.show_command(command, is_chosen=self._register.is_chosen(command.id))
        return row

    def row(self, command_id: str) -> _Row:
        """Return the line of a command."""
        return self._rows[command_id]

    def _show(self) -> None:
        for command_id, row in self._rows.items():
            command = self._register.get(command_id)
            row.show_command(command, is_chosen=self._register.is_chosen(command_id))

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for command_id, row in self._rows.items():
            command = self._register.get(command_id)
            about = f"{command.title} {command.menu} {' '.join(command.key_texts)}".casefold()
            row.setVisible(all(word in about for word in words))

    # ---- choosing -------------------------------------------------------------------------------

    def choose(self, command_id: str, key: str) -> None:
        """Give a command a key, unless it means something else where this one works."""
        self._calm()
        command = self._register.get(command_id)
        if not key:
            self._register.choose_keys({command_id: ""})
        elif keys.is_settled(key):
            self._say(f"{keys.said(key)[0]} means the same in every list.", "Choose another key.")
        else:
            self._give(command, key, self._register.clashes(command, key))
        self._show()

    def _give(self, command: Command, key: str, others: list[Command]) -> None:
        if not others:
            self._register.choose_keys({command.id: with_first(command.shortcut, key)})
        elif len(others) == 1 and key in keys.parts(others[0].shortcut):
            self._offer_swap(command, key, others[0])
        else:
            named = ", ".join(f"“{other.name}”" for other in others[:3])
            self._say(f"Other keys begin with {keys.said(key)[0]}: {named}.", "Choose another key.")

    def _offer_swap(self, command: Command, key: str, other: Command) -> None:
        swapped = {
            command.id: with_first(command.shortcut, key),
            other.id: _swapped(other.shortcut, key, next(iter(keys.parts(command.shortcut)), "")),
        }
        gets = keys.said(command.shortcut)[:1]
        advice = (
            f"“{other.name}” would get {gets[0]}." if gets else f"“{other.name}” would have no key."
        )
        self._say(f"{keys.said(key)[0]} belongs to “{other.name}”.", advice,
                  [("Swap them" if gets else "Take it", partial(self._swap, swapped)),
                   ("Keep it as it is", self._calm)])  # fmt: skip

    def _swap(self, swapped: dict[str, str]) -> None:
        """Change both at once; what the other gets may be taken where only it works."""
        for command_id, shortcut in swapped.items():
            mine = replace(self._register.get(command_id), shortcut=shortcut)
            free = [
                part for part in keys.parts(shortcut)
                if all(other.id in swapped for other in self._register.clashes(mine, part))
            ]  # fmt: skip
            swapped[command_id] = "|".join(free)
        self._register.choose_keys(swapped)
        self._calm()

    def _reset_all(self) -> None:
        self._register.reset_all_keys()
        self._calm()

    # ---- saying ---------------------------------------------------------------------------------

    def _say(self, title: str, advice: str, actions: list[Action] | None = None) -> None:
        self._said.addWidget(Banner(title, advice, tone=Tone.WARN, actions=actions or ()))

    def _calm(self) -> None:
        empty_out(self._said)


class _Row(QWidget):
    """One command with its key."""

    def __init__(self, command: Command) -> None:
        super().__init__()
        self.field = KeyField(command.name)
        self.reset = button("Reset", kind="link", name=f"Reset the key of {command.name}")
        where = (
            command.menu
            if not command.scope
            else f"{command.menu}, on {command.scope.capitalize()}"
        )
        row = across(spacing=10, margins=(2, 1, 2, 1))
        row.addWidget(Elided(command.name), 5)
        row.addWidget(Text(where, quiet=True, step="small"), 3)
        row.addWidget(self.reset)
        row.addWidget(self.field, 3)
        self.setLayout(row)

    def show_command(self, command: Command, *, is_chosen: bool) -> None:
        """Show the keys that it has now."""
        self.field.show_keys(command.shortcut)
        self.reset.setVisible(is_chosen)


def with_first(shortcut: str, key: str) -> str:
    """Return a command's keys with another first one; "G then O" stays beside a new Ctrl+2."""
    return "|".join([key, *(part for part in keys.parts(shortcut)[1:] if part != key)])


def _swapped(shortcut: str, key: str, other: str) -> str:
    parts = [other if part == key else part for part in keys.parts(shortcut)]
    return "|".join(part for part in parts if part)
