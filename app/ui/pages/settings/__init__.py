"""The page Settings: places that ship, people who work here, and how the window looks."""
