"""What can be done in the window? Every action is declared once; everything else follows from it.

Menus, the toolbar, context menus, shortcuts, the palette, the key sheet and the manual's key table
are drawn from this register. Ids read ``page.verb_object``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui import keys
from app.ui.icons import icon
from app.ui.keys import Keymap

EVERYWHERE = ""


def always() -> str:
    """Say that nothing stands in the way."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One action. ``shortcut`` is Qt's portable text; several are separated by ``|``.

    ``scope`` is the page that it belongs to, or empty for everywhere. ``why_not`` returns what
    stands in the way of running it now, as a short reason, or nothing. A key without Ctrl, Alt or F
    works only while a list has the focus, so that nobody triggers it by typing. ``title_now`` says
    more closely what it would do now ("Undo hold 12 orders"), ``help_now`` what to know about it.
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
    title_now: Callable[[], str] | None = None
    help_now: Callable[[], str] | None = None
    group: str = ""  # what stands together in a menu, between two lines

    @property
    def name(self) -> str:
        """What it is called outside a menu."""
        return self.title.rstrip("…")

    @property
    def keys(self) -> list[QKeySequence]:
        """Return the key sequences that start it."""
        return keys.sequences(self.shortcut)

    @property
    def key_text(self) -> str:
        """Return its first key as this system writes it."""
        return next(iter(keys.said(self.shortcut)), "")

    @property
    def key_texts(self) -> list[str]:
        """Return all of its keys as this system writes them."""
        return keys.said(self.shortcut)

    @property
    def is_typing_key(self) -> bool:
        """Whether its key is one that also writes, which must not work while someone types."""
        return keys.writes(self.shortcut)


class DuplicateError(Exception):
    """Two commands have one id or one key: a mistake of ours that must not reach a person."""


class Register(QObject):
    """All commands with the person's keys, and the Qt actions that were made of them."""

    keys_changed = Signal()

    def __init__(self, parent: QObject | None = None, keymap: Keymap | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap or Keymap()
        self._commands: dict[str, Command] = {}
        self._declared: dict[str, str] = {}
        self._actions: dict[str, QAction] = {}
        self._hosts: list[tuple[QWidget, str | None]] = []  # the window, and lists with their page
        self.page = EVERYWHERE

    def add(self, commands: Iterable[Command]) -> None:
        """Declare commands.

        Raises:
            DuplicateError: an id or, where both could be meant, a key is taken.
        """
        for command in commands:
            if command.id in self._commands:
                raise DuplicateError(f"two commands are called {command.id}")
            self._declared[command.id] = command.shortcut
            mine = replace(command, shortcut=self._keymap.of(command.id, command.shortcut))
            self._commands[command.id] = self._actions_key(mine)
            self._actions[command.id] = self._action(self._commands[command.id])

    def _actions_key(self, command: Command) -> Command:
        """Return a command with the keys that it can have: a person's choice goes before ours."""
        for key in keys.parts(command.shortcut):
            for other in self.clashes(command, key):
                if self._keymap.is_chosen(command.id):
                    self._put(other.id, _without(other.shortcut, key))
                elif self._keymap.is_chosen(other.id):
                    command = replace(command, shortcut=_without(command.shortcut, key))
                else:
                    raise DuplicateError(f"{key} means both {other.id} and {command.id}")
        return command

    def _action(self, command: Command) -> QAction:
        action = QAction(icon(command.icon), command.title, self)
        action.setObjectName(command.id)
        action.setMenuRole(command.standard_role)
        action.triggered.connect(lambda: self.run(command.id))
        _dress(action, command)
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

    def key_of(self, command_id: str) -> str:
        """Return a command's first key as this system writes it, or nothing."""
        command = self._commands.get(command_id)
        return command.key_text if command else ""

    # ---- keys -----------------------------------------------------------------------------------

    def clashes(self, command: Command, key: str) -> list[Command]:
        """Return which other commands a key, or how it begins, means where this one is meant."""
        return [
            other for other in self._commands.values()
            if other.id != command.id
            and (other.scope == command.scope or EVERYWHERE in (other.scope, command.scope))
            and any(keys.meet(key, taken) for taken in keys.parts(other.shortcut))
        ]  # fmt: skip

    def is_chosen(self, command_id: str) -> bool:
        """Whether a person chose the keys of a command."""
        return self._commands[command_id].shortcut != self._declared[command_id]

    def declared(self, command_id: str) -> str:
        """Return the keys that a command has until a person chooses others."""
        return self._declared[command_id]

    def choose_keys(self, chosen: Mapping[str, str]) -> None:
        """Give commands other keys, for good; several at once where they swap."""
        for command_id, shortcut in chosen.items():
            if shortcut == self._declared[command_id]:
                self._keymap.forget(command_id)
            else:
                self._keymap.choose(command_id, shortcut)
            self._put(command_id, shortcut)
        self.keys_changed.emit()

    def reset_keys(self, command_id: str) -> None:
        """Give a command its declared keys again, and those that took them theirs."""
        back, waiting = {}, [command_id]
        while waiting:
            key = waiting.pop()
            back[key] = self._declared[key]
            mine = self._commands[key]
            waiting += [
                other.id for part in keys.parts(back[key]) for other in self.clashes(mine, part)
                if other.id not in back
            ]  # fmt: skip
        self.choose_keys(back)

    def reset_all_keys(self) -> None:
        """Give every command the keys that it was declared with."""
        self.choose_keys(
            {key: self._declared[key] for key in self._commands if self.is_chosen(key)}
        )

    def _put(self, command_id: str, shortcut: str) -> None:
        command = replace(self._commands[command_id], shortcut=shortcut)
        self._commands[command_id] = command
        _dress(self._actions[command_id], command)
        for host, page in self._hosts:
            self._attach(command, host, page)

    # ---- acting ---------------------------------------------------------------------------------

    def run(self, command_id: str) -> bool:
        """Run a command unless something stands in its way; say whether it ran."""
        command = self._commands[command_id]
        if self.why_not(command):
            return False
        command.run()
        return True

    def refresh(self) -> None:
        """Bring enabled, disabled and names up to date: something else is selected or shown."""
        for command in self._commands.values():
            action = self._actions[command.id]
            action.setEnabled(not self.why_not(command))
            if command.title_now is not None:
                action.setText(command.title_now())
            if command.help_now is not None:
                action.setStatusTip(command.help_now())
                action.setToolTip(with_key(command.help_now(), command.key_text))

    def attach_window(self, window: QWidget) -> None:
        """Make the keys that never write work everywhere in the window; a page's own while it shows."""
        self._host(window, None)

    def attach_list(self, view: QWidget, page: str) -> None:
        """Make plain letters work while this list of a page has the focus."""
        self._host(view, page)
        view.installEventFilter(self)

    def _host(self, host: QWidget, page: str | None) -> None:
        self._hosts.append((host, page))
        host.destroyed.connect(lambda: self._drop(host))
        for command in self._commands.values():
            self._attach(command, host, page)

    def _drop(self, host: QWidget) -> None:
        self._hosts = [each for each in self._hosts if each[0] is not host]

    def _attach(self, command: Command, host: QWidget, page: str | None) -> None:
        is_here = command.scope in (EVERYWHERE, page) if page is not None else True
        if is_here and command.is_typing_key == (page is not None):
            host.addAction(self._actions[command.id])
        else:
            host.removeAction(self._actions[command.id])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start a command by the sign that a key writes, wherever that key lies."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._start_by_sign(keys.sign_of(event))
        return False

    def _start_by_sign(self, sign: str) -> bool:
        for command in self._commands.values() if sign else ():
            if sign in keys.parts(command.shortcut) and not self.why_not(command):
                command.run()
                return True
        return False


def _dress(action: QAction, command: Command) -> None:
    """Put a command's keys and words on its action."""
    action.setShortcuts(keys.sequences(command.shortcut))
    plain = Qt.ShortcutContext.WidgetShortcut
    action.setShortcutContext(plain if command.is_typing_key else Qt.ShortcutContext.WindowShortcut)
    words = command.help or command.name
    action.setStatusTip(words)
    action.setToolTip(with_key(words, command.key_text))


def _without(shortcut: str, key: str) -> str:
    """Return the keys of a command less those that another key stands in the way of."""
    return "|".join(part for part in keys.parts(shortcut) if not keys.meet(part, key))


def with_key(text: str, key: str) -> str:
    """Return a tooltip that names the key as well."""
    return f"{text} ({key})" if key else text
