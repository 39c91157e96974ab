"""The desk's queue as a routing problem, and what becomes of a plan for it."""
