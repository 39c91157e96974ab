"""How does Shopify describe orders, stock and products?"""
