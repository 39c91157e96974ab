"""How do WooCommerce export plug-ins describe orders?"""
