"""The page Mismatch: what does not fit, and why."""
