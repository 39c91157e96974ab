"""Which figures have to be what, and what is done when they are not?"""
