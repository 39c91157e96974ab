"""Cases as work: what is wrong now, who decides, until when, and what happens if nobody does."""
