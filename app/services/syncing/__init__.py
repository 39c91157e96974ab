"""What is stored while accounts are worked over the network: how far they are, what came, what went."""
