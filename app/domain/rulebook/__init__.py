"""RULES: what the owner wants done with which orders; conditions in, effects out."""
