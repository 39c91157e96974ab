"""Every command, in the order in which the help lists them."""

from __future__ import annotations

from typing import Final

from app.cli import (
    by_hand,
    cases,
    deciding,
    files_in,
    files_out,
    imports,
    ledger,
    marking,
    orders,
    safety,
    setting_up,
    shipments,
    shipping,
    stock,
    trying,
    window,
)
from app.cli.command import Command

COMMANDS: Final[tuple[Command, ...]] = (
    *window.COMMANDS,
    *files_in.COMMANDS,
    *imports.COMMANDS,
    *orders.COMMANDS,
    *deciding.COMMANDS,
    *by_hand.COMMANDS,
    *marking.COMMANDS,
    *shipping.COMMANDS,
    *shipments.COMMANDS,
    *files_out.COMMANDS,
    *stock.COMMANDS,
    *ledger.COMMANDS,
    *cases.COMMANDS,
    *setting_up.COMMANDS,
    *safety.COMMANDS,
    *trying.COMMANDS,
)
