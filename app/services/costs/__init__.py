"""What the owner says that work and returns cost."""
