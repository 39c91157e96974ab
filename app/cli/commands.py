"""Which commands can a line mean? Only their modules are loaded: the window must not wait for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

from app.cli.command import Command

# The first word of each command, and the module beside this one that declares it.
MODULES: Final[Mapping[str, str]] = {
    "gui": "window",
    "import": "files_in",
    **dict.fromkeys(("imports", "take-back", "profile"), "imports"),
    **dict.fromkeys(("orders", "order"), "orders"),
    **dict.fromkeys(("route", "hold", "release", "cancel", "withdraw"), "deciding"),
    **dict.fromkeys(("plan", "solve"), "planning"),
    "routing": "routing_policy",
    "rates": "rates",
    **dict.fromkeys(("backtest", "gate"), "backtesting"),
    **dict.fromkeys(("split", "change", "address", "note"), "by_hand"),
    **dict.fromkeys(("tag", "untag", "assign"), "marking"),
    **dict.fromkeys(("ship", "ship-together"), "shipping"),
    "shipments": "shipments",
    **dict.fromkeys(("parcels", "parcel", "scan", "carrier-codes", "carrier-code"), "parcels"),
    "returns": "returning",
    **dict.fromkeys(("recovery-matrix", "return-policy"), "return_policies"),
    **dict.fromkeys(("recover", "refunds", "claims"), "recovering"),
    "export": "files_out",
    "sync": "syncing",
    "stock": "stock",
    **dict.fromkeys(("ledger", "why-short"), "ledger"),
    **dict.fromkeys(("policy", "quantities"), "promising"),
    **dict.fromkeys(("cases", "case"), "cases"),
    "matrix": "matrix",
    **dict.fromkeys(("report", "launch"), "reports"),
    "standards": "standards",
    "payouts": "payouts",
    "messages": "messages",
    "rules": "rules",
    "count": "stockroom",
    **dict.fromkeys(("sku", "kit"), "master"),
    **dict.fromkeys(("link", "codes"), "linking"),
    **dict.fromkeys(("location", "watch", "operator"), "setting_up"),
    **dict.fromkeys(("verify", "reindex", "backup", "purge-pii", "restore"), "safety"),
    **dict.fromkeys(("demo", "bench"), "trying"),
}
_HELP: Final = frozenset({"-h", "--help"})


def all_commands() -> tuple[Command, ...]:
    """Return every command, in the order in which the help lists them."""
    return _of(dict.fromkeys(MODULES.values()))


def called(argv: Sequence[str]) -> tuple[Command, ...]:
    """Return the commands that these words can mean; without a word that names one, the window.

    A value that happens to be a command's word only makes one more command known.
    """
    if not _HELP.isdisjoint(argv):
        return all_commands()
    words = [MODULES[word] for word in argv if word in MODULES]
    return _of(dict.fromkeys(("window", *words)))


def _of(modules: Mapping[str, None]) -> tuple[Command, ...]:
    return tuple(
        command for module in modules for command in import_module(f"app.cli.{module}").COMMANDS
    )
