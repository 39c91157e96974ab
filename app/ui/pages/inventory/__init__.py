"""The page Inventory: what lies where, and the movements behind every number."""
