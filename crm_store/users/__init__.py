"""Staff and their sessions."""
