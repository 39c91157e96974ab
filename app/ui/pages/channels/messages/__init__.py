"""Messages to buyers: drafts, what is about to leave, what has left, each as it is read."""
