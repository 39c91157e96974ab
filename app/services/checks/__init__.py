"""What must be true of a store? One module a subject; each check answers in a sentence."""
