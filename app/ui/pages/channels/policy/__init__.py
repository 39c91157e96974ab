"""The policy sheet on screen: the matrix, its calendar, what a draft would change, and who decides what."""
