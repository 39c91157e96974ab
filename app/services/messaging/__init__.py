"""Tell buyers of the own store what happens to their orders: once, politely, and nobody else's buyers."""
