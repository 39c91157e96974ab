"""Fill an empty store with a believable brand: what it sells, 90 days of work, and today's queue.

Everything goes through the services that real work goes through, with a clock that moves: the
ledger, the audit and the explanations are those of real work. Only an empty store is filled, and what
was filled in is remembered, so that it can be taken out again (``services.first_run``).
"""

from __future__ import annotations

from app.services.demo.filling import fill

__all__ = ["fill"]
