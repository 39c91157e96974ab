"""What is in the store, as the values that promising decides on: goods, the policy sheet, accounts."""
