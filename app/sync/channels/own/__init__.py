"""How does a file of one's own describe orders, stock, catalogue and kits?"""
