"""Fill an empty store with a believable brand: what it sells, 90 days of work, and today's queue.

Everything goes through the services that real work goes through, with a clock that moves: the
ledger, the audit and the explanations are those of real work. Because only an empty store is
filled, the demo is removed by starting a fresh store.
"""

from __future__ import annotations

from app.services.demo.filling import fill

__all__ = ["fill"]
