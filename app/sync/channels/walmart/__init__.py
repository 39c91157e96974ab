"""How does Walmart describe purchase orders?"""
