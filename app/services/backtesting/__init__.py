"""BACK-TEST: the owner's own orders once more, in the order in which they came, under other rules."""
