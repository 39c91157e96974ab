"""Which languages are spoken on the loopback? One module a channel, with its `DIALECT`; the carriers have one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from app.sync.loopback import carriers
from app.sync.loopback.marketplace import Dialect

_SPOKEN: Final = ("shopify", "woocommerce", "amazon", "walmart", "etsy", "ebay")


def all_dialects() -> Mapping[str, Dialect]:
    """Return every dialect that there is, by channel and carrier."""
    found: dict[str, Dialect] = {each.channel: each for each in carriers.DIALECTS}
    for channel in _SPOKEN:
        name = f"app.sync.loopback.{channel}"
        try:
            found[channel] = import_module(name).DIALECT
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
    return found
