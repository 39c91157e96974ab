"""The page Orders: the queue, and everything about one order beside it."""
