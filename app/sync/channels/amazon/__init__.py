"""How does Amazon describe orders, listings and payments?"""
