"""What did a channel pay, for what, and is it what was to be expected?"""
