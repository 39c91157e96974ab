"""Which key does what? As declared, unless the person chose otherwise; kept beside the window's shape.

Keys are written in Qt's portable text. One that writes a sign is named by that sign and not by where
it lies: ``/`` is Shift+7 on a German keyboard and a key of its own on an American one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

GROUP = "keys"
_NEVER_WRITES = re.compile(r"(Ctrl|Alt|Meta)\+|F\d|Esc")
_SETTLED = {"Esc", "Tab", "Backtab", "Return", "Enter", "Up", "Down", "Left", "Right", "Backspace",
            "PgUp", "PgDown", "Home", "End", "Shift+Up", "Shift+Down", "Shift+Tab"}  # fmt: skip
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
              Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown}  # fmt: skip
_WITH_A_SIGN = (
    Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.KeypadModifier
    | Qt.KeyboardModifier.GroupSwitchModifier
)


@lru_cache(maxsize=1024)
def parts(shortcut: str) -> tuple[str, ...]:
    """Return the keys of a command, each in its one spelling: ``Ctrl+2|G, O`` are two."""
    portable = QKeySequence.SequenceFormat.PortableText
    return tuple(QKeySequence(part).toString(portable) for part in shortcut.split("|") if part)


def sequences(shortcut: str) -> list[QKeySequence]:
    """Return the same as Qt knows them."""
    return [QKeySequence(part) for part in parts(shortcut)]


def said(shortcut: str) -> list[str]:
    """Return the same as this system writes them: "Ctrl+2", "G then O"."""
    native = QKeySequence.SequenceFormat.NativeText
    return [" then ".join(key.toString(native).split(", ")) for key in sequences(shortcut)]


def writes(shortcut: str) -> bool:
    """Whether one of the keys could as well be typed into a field."""
    return bool(shortcut) and not _NEVER_WRITES.match(shortcut)


def is_settled(key: str) -> bool:
    """Whether a key means the same in every list of every program, and stays what it is."""
    return key in _SETTLED


def meet(one: str, other: str) -> bool:
    """Whether two keys are the same, or one is how the other begins."""
    return one == other or one.startswith(f"{other}, ") or other.startswith(f"{one}, ")


def pressed(event: QKeyEvent) -> str:
    """Return the key that was pressed, by the sign that it writes; nothing for Shift alone."""
    if Qt.Key(event.key()) in _MODIFIERS:
        return ""
    sign = sign_of(event)
    if sign:
        return parts(sign)[0] if parts(sign) else ""
    kept = event.modifiers() & ~(
        Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
    )
    return QKeySequence(int(kept.value) | event.key()).toString(
        QKeySequence.SequenceFormat.PortableText
    )


def sign_of(event: QKeyEvent) -> str:
    """Return the sign that a key writes, where it writes one that is no letter."""
    text = event.text()
    is_plain = not event.modifiers() & ~_WITH_A_SIGN
    if is_plain and len(text) == 1 and text.isprintable() and not text.isalpha() and text != " ":
        return text
    return ""


class Keymap:
    """The keys that a person chose for commands."""

    def __init__(self, settings: Callable[[], QSettings] | None = None) -> None:
        self._settings = settings
        self._chosen: dict[str, str] = {}
        if settings is not None:
            kept = settings()
            kept.beginGroup(GROUP)
            self._chosen = {name: str(kept.value(name) or "") for name in kept.childKeys()}

    def of(self, command_id: str, declared: str) -> str:
        """Return the keys of a command."""
        return self._chosen.get(command_id, declared)

    def is_chosen(self, command_id: str) -> bool:
        """Whether a person chose them."""
        return command_id in self._chosen

    def choose(self, command_id: str, shortcut: str) -> None:
        """Keep a choice; an empty one takes the key away."""
        self._chosen[command_id] = shortcut
        if self._settings is not None:
            self._settings().setValue(f"{GROUP}/{command_id}", shortcut)

    def forget(self, command_id: str) -> None:
        """Go back to what was declared."""
        self._chosen.pop(command_id, None)
        if self._settings is not None:
            self._settings().remove(f"{GROUP}/{command_id}")
