"""How does a case live: until when must somebody decide, what comes then, and what does it teach?"""
