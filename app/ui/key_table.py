"""Which key does what, as a page of the manual? Drawn from the register, as the keys are declared."""

from __future__ import annotations

from app.ui import keys
from app.ui.commands import Command, Register
from app.ui.menus import MENUS

HEAD = """# Keys

Made by `scripts/write_key_table` from the register of commands: change those, not this page.

Plain letters work while a list has the focus, never while you type. Any key can be changed: Edit ▸ Change keys… .
In every list the arrow keys move, Enter opens, Shift+↑ and Shift+↓ extend the selection, and Esc goes back one level.
"""


def page(register: Register) -> str:
    """Return the table, menu by menu."""
    parts = [_menu(menu, register.of_menu(menu), register) for menu in MENUS]
    return "\n".join([HEAD, *(part for part in parts if part)])


def _menu(menu: str, commands: list[Command], register: Register) -> str:
    rows = [_row(command, register.declared(command.id)) for command in commands]
    if not rows:
        return ""
    return "\n".join(
        [f"## {menu}\n", "| command | key | on | does |", "|---|---|---|---|", *rows, ""]
    )


def _row(command: Command, shortcut: str) -> str:
    spoken = " or ".join(f"`{' then '.join(key.split(', '))}`" for key in keys.parts(shortcut))
    where = command.scope.capitalize() or "every page"
    about = command.help.replace("|", "\\|")
    return f"| {command.name} | {spoken} | {where} | {about} |"
