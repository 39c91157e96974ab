"""Files in, as an assistant: the queue, how each is read, what would become of it, and the receipt."""
