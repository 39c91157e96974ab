"""What did it cost to serve orders, and where is money lost?"""
