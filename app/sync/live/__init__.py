"""How does the desk talk with channels while nobody looks? One loop an account, rows in between."""
