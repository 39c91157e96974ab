"""Is a channel ready to sell on, and what would its sales take from the others?"""
