"""What happens to units on the shelves besides being sold: they arrive, move, break and are counted."""
