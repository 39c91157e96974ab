"""The page Exceptions: everything that is wrong, what it means, and the ways out."""
