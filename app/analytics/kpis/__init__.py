"""How is each figure counted, from which rows, and where is it kept so that reading it is quick?"""
