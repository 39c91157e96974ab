"""Where are the first steps: the brand, the orders, the hours?"""

from __future__ import annotations

BRAND, ORDERS, HOURS = range(3)
