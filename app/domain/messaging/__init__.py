"""What may a buyer be told by whom, in which words, and when?"""
