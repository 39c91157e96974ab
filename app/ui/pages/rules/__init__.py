"""RULES: write down what is to be done with which orders, and see what that would do."""
