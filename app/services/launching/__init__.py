"""Open a channel: look, rehearse, agree, open, throttle, close."""
