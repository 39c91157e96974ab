"""EasyPost, who asks many carriers for us."""
