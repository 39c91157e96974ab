"""Where does each command stand in the menus? Drawn from the register, in one order for every page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.ui.commands import Command, Register

MENUS = ("File", "Edit", "View", "Go", "Order", "Stock", "Case", "Rule", "Reports", "Help")
_BESIDE_THE_ROWS = ("Edit", "View", "Go")


def fill_menu_bar(bar: QMenuBar, register: Register) -> None:
    """Put every command into its menu."""
    for title in MENUS:
        commands = register.of_menu(title)
        if commands:
            _fill(bar.addMenu(title), commands, register)
    bar.setNativeMenuBar(True)


def _fill(menu: QMenu, commands: Sequence[Command], register: Register) -> None:
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(register.refresh)
    last = commands[0]
    for command in commands:
        if (command.scope, command.group) != (last.scope, last.group):
            menu.addSeparator()
        menu.addAction(register.action(command.id))
        last = command


def show_context_menu(view: QWidget, page: str, register: Register, at: QPoint) -> None:
    """Offer what can be done to the rows under the pointer."""
    register.refresh()
    menu = QMenu(view)
    for command in register.of_page(page):
        if not register.why_not(command) and command.menu not in _BESIDE_THE_ROWS:
            menu.addAction(register.action(command.id))
    menu.addSeparator()
    menu.addAction(register.action("list.copy_rows"))
    menu.exec(view.mapToGlobal(at))
    menu.deleteLater()
