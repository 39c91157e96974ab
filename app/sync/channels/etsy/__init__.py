"""How does Etsy describe orders, listings and payments?"""
