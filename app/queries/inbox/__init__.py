"""The exception inbox: a card for each cause, scored, with what it is made of and whether it comes again."""
