"""Every report of the desk, whatever it tells of."""

from __future__ import annotations

from app.cli import costs, kpis, launching, mismatches, whereabouts

COMMANDS = (
    *mismatches.COMMANDS,
    *kpis.COMMANDS,
    *costs.COMMANDS,
    *launching.COMMANDS,
    *whereabouts.COMMANDS,
)
