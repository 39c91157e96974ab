"""The page Mismatches: what does not fit, and why."""
