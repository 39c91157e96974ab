"""How does eBay describe orders and payments?"""
