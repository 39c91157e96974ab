"""Where does Tab go next? To what stands next on the screen, also among what was put there later.

Qt goes in the order in which widgets were made; a pane that is filled anew for every order would come
after everything else.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QWidget


def next_stop(root: QWidget | None, current: QWidget | None, *, forward: bool) -> QWidget | None:
    """Return what the focus goes to after ``current``; at the end it begins anew."""
    found = list(stops(root)) if root is not None else []
    if not found:
        return None
    here = next((at for at, each in enumerate(found) if _is_in(each, current)), None)
    if here is None:
        return found[0] if forward else found[-1]
    return found[(here + (1 if forward else -1)) % len(found)]


def stops(root: QWidget) -> Iterator[QWidget]:
    """Walk through what takes the focus below a widget, in the order in which it is read."""
    for widget in _parts(root):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget  # what is inside of it is its own affair
        else:
            yield from stops(widget)


def _is_in(stop: QWidget, current: QWidget | None) -> bool:
    return current is not None and (stop is current or stop.isAncestorOf(current))


def _parts(widget: QWidget) -> list[QWidget]:
    """Return the widgets directly inside of one: those laid out in their order, then all others."""
    if isinstance(widget, QSplitter):
        parts = [widget.widget(at) for at in range(widget.count())]
        return [each for each in parts if each is not None]
    laid_out = list(_laid_out(widget.layout())) if widget.layout() is not None else []
    known = set(map(id, laid_out))
    others = [
        each for each in widget.children() if isinstance(each, QWidget) and id(each) not in known
    ]
    return [*laid_out, *(each for each in others if not each.isWindow())]


def _laid_out(layout: QLayout | None) -> Iterator[QWidget]:
    for at in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(at)  # type: ignore[union-attr]
        if item is None:
            continue
        inside, widget = item.layout(), item.widget()
        if inside is not None:
            yield from _laid_out(inside)
        elif widget is not None:
            yield widget
