"""The page Today: what needs action now, what each choice would do, and what happened meanwhile."""
