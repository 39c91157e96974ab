"""Which figures tell how the desk works, and by which rules does a channel count them?"""
