"""What can be done in the window? Every action is declared once; everything else follows from it.

Menus, the toolbar, context menus, shortcuts, the palette, the key sheet and the manual's key table
are drawn from this register. Ids read ``page.verb_object``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.icons import icon

EVERYWHERE = ""
_NEVER_WRITES = re.compile(r"(Ctrl|Alt|Meta)\+|F\d|Esc")


def always() -> str:
    """Say that nothing stands in the way."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One action. ``shortcut`` is Qt's portable text; several are separated by ``|``.

    ``scope`` is the page that it belongs to, or empty for everywhere. ``why_not`` returns what
    stands in the way of running it now, as a short reason, or nothing. A key without Ctrl, Alt or F
    works only while a list has the focus, so that nobody triggers it by typing.
    """

    id: str
    title: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    menu: str = ""
    scope: str = EVERYWHERE
    why_not: Callable[[], str] = always
    help: str = ""
    standard_role: QAction.MenuRole = QAction.MenuRole.NoRole

    @property
    def keys(self) -> list[QKeySequence]:
        """Return the key sequences that start it."""
        return [QKeySequence(part) for part in self.shortcut.split("|") if part]

    @property
    def key_text(self) -> str:
        """Return its first key as this system writes it."""
        return self.keys[0].toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""

    @property
    def is_typing_key(self) -> bool:
        """Whether its key is one that also writes, which must not work while someone types."""
        return bool(self.shortcut) and not _NEVER_WRITES.match(self.shortcut)


class DuplicateError(Exception):
    """Two commands have one id or one key: a mistake of ours that must not reach a person."""


class Register(QObject):
    """All commands, and the Qt actions that were made of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self.page = EVERYWHERE

    def add(self, commands: Iterable[Command]) -> None:
        """Declare commands.

        Raises:
            DuplicateError: an id or, where both could be meant, a key is taken.
        """
        for command in commands:
            if command.id in self._commands:
                raise DuplicateError(f"two commands are called {command.id}")
            self._take_keys(command)
            self._commands[command.id] = command
            self._actions[command.id] = self._action(command)

    def _take_keys(self, command: Command) -> None:
        for key in command.keys:
            text = key.toString(QKeySequence.SequenceFormat.PortableText)
            for scope, taken in [place for place in self._keys if place[1] == text]:
                if scope == command.scope or EVERYWHERE in (scope, command.scope):
                    other = self._keys[scope, taken]
                    raise DuplicateError(f"{text} means both {other} and {command.id}")
            self._keys[command.scope, text] = command.id

    def _action(self, command: Command) -> QAction:
        action = QAction(icon(command.icon), command.title, self)
        action.setObjectName(command.id)
        action.setShortcuts(command.keys)
        action.setMenuRole(command.standard_role)
        action.setStatusTip(command.help or command.title.rstrip("…"))
        action.setToolTip(with_key(command.help or command.title.rstrip("…"), command.key_text))
        if command.is_typing_key:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self.run(command.id))
        return action

    # ---- asking ---------------------------------------------------------------------------------

    def all(self) -> list[Command]:
        """Return the commands in the order in which they were declared."""
        return list(self._commands.values())

    def get(self, command_id: str) -> Command:
        """Return a command."""
        return self._commands[command_id]

    def action(self, command_id: str) -> QAction:
        """Return a command as Qt knows it."""
        return self._actions[command_id]

    def of_menu(self, menu: str) -> list[Command]:
        """Return what a menu holds."""
        return [command for command in self.all() if command.menu == menu]

    def of_page(self, page: str) -> list[Command]:
        """Return what belongs to a page."""
        return [command for command in self.all() if command.scope == page]

    def why_not(self, command: Command) -> str:
        """Return what stands in the way of a command now, or nothing."""
        if command.scope not in (EVERYWHERE, self.page):
            return f"on the page {command.scope.capitalize()}"
        return command.why_not()

    # ---- acting ---------------------------------------------------------------------------------

    def run(self, command_id: str) -> bool:
        """Run a command unless something stands in its way; say whether it ran."""
        command = self._commands[command_id]
        if self.why_not(command):
            return False
        command.run()
        return True

    def refresh(self) -> None:
        """Bring enabled and disabled up to date, when what is selected or shown has changed."""
        for command in self._commands.values():
            self._actions[command.id].setEnabled(not self.why_not(command))

    def attach_window(self, window: QWidget) -> None:
        """Make the keys that never write work everywhere in the window; a page's own while it shows."""
        for command in self._commands.values():
            if not command.is_typing_key:
                window.addAction(self._actions[command.id])

    def attach_list(self, view: QWidget, page: str) -> None:
        """Make plain letters work while this list of a page has the focus."""
        for command in self._commands.values():
            if command.is_typing_key and command.scope in (EVERYWHERE, page):
                view.addAction(self._actions[command.id])


def with_key(text: str, key: str) -> str:
    """Return a tooltip that names the key as well."""
    return f"{text} ({key})" if key else text
