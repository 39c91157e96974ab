"""Which languages does the loopback marketplace speak? One module a channel, with its `DIALECT`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from app.sync.loopback.marketplace import Dialect

_SPOKEN: Final = ("shopify", "woocommerce", "amazon", "walmart", "etsy", "ebay")


def all_dialects() -> Mapping[str, Dialect]:
    """Return every dialect that there is, by channel."""
    found: dict[str, Dialect] = {}
    for channel in _SPOKEN:
        name = f"app.sync.loopback.{channel}"
        try:
            found[channel] = import_module(name).DIALECT
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
    return found
