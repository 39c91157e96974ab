"""``gui``: open the desk in its window."""

from __future__ import annotations

from pathlib import Path

from app.cli.command import Answer, Call, Command, argument
from app.cli.doors import WindowWish
from app.errors import RefusedError, StoreError
from app.services.desk import Desk


def gui(call: Call) -> Answer:
    """Open the window, or draw every screen into a folder."""
    if call.args.json:
        raise RefusedError(
            "The window has no JSON to give; nothing was opened.",
            "Name a command, such as: orderdeck --json orders",
        )
    wish = WindowWish(call.args.demo, call.args.screenshots, call.args.theme or "",
                      tuple(call.args.files or ()))  # fmt: skip
    return Answer(status=call.doors.window(_opened(call, wish), wish))


def _opened(call: Call, wish: WindowWish) -> Desk:
    """Open the desk; where that cannot be, let a person choose what to do about it.

    Raises:
        StoreError: nobody is there to choose, or they leave it.
    """
    while True:
        try:
            return call.desk
        except StoreError as error:
            chosen = ""
            if wish.screenshots is None:
                chosen = call.doors.recover(error, call.address, call.args.person)
            if not chosen:
                raise
            call.args.db = chosen


COMMANDS = (
    Command(
        "gui",
        "open the desk in its window (what happens without a command, too)",
        "gui --demo --theme dark",
        gui,
        (
            argument("files", nargs="*", type=Path, metavar="FILE",
                     help="files to import, shown before anything is stored; a window that is open "
                          "already takes them"),
            argument("--demo", action="store_true", help="fill an empty desk with demo data"),
            argument(
                "--screenshots", type=Path, metavar="DIR",
                help="draw every screen into this folder and end; needs no display",
            ),
            argument("--theme", choices=("light", "dark"), help="default: as the system has it"),
        ),
    ),
)  # fmt: skip
