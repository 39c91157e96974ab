"""The page Today: what needs action now."""
