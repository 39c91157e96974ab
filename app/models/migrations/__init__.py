"""The store's history, one revision after the other; run by ``app.models.migrate``."""
