"""What does it cost to serve an order, and what is left of it?"""
